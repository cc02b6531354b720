import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { jsonSchema } from '../schemas.ts';
import { base, changed, type Json } from './cases/case.ts';
import { checkPlan } from './readiness.ts';
import { requirePlan } from './read.ts';

const reached = {
  ssh: 'ssh://ops@10.0.0.9:22',
  hostKeys: [`SHA256:${'A'.repeat(43)}`],
  keyFile: '/etc/breakwater/app',
};
const sha256 = `sha256:${'ab'.repeat(32)}`;

/** One step of each driver, in order. */
const good: Readonly<Record<string, { [key: string]: Json }>> = {
  apt: { packages: { libssl3: '3.0.15-1~deb12u1', 'openssl:amd64': '1:3.0' }, hold: true, restart: ['bank.service'] },
  dpkg: { packages: { libssl3: '3.0.15-1' }, from: ['/srv/debs'], root: '/srv/image' },
  rpm: { packages: { 'openssl-libs': '1:3.0.7-27.el9' }, from: ['/srv/rpms'] },
  files: { files: [{ path: '/etc/bank/tls.conf', from: '/srv/new/tls.conf', sha256 }] },
  symlink: { link: '/srv/bank/current', to: '/srv/bank/releases/2' },
  systemd: { unit: 'bank-transfer.service', state: 'stopped' },
  haproxy: { socket: 'tcp://127.0.0.1:9999', servers: [{ backend: 'web', server: 'a', state: 'drain' }], keepReady: 1 },
  isolate: { module: 'transfer', ports: ['tcp/8081-8089'], allow: ['10.9.0.0/24'] },
  'network-device': { dialect: 'cisco-ios', lines: ['ip ssh version 2'], revertAfter: 'PT5M' },
  kubernetes: {
    server: 'https://10.0.0.1:6443',
    caFile: '/etc/breakwater/ca.pem',
    tokenFile: '/etc/breakwater/token',
    namespace: 'bank',
    deployment: 'transfer',
    images: { app: 'registry.bank/app@sha256:00' },
  },
};

function planOf(driver: string, what: Json, more: { [key: string]: Json } = {}): Record<string, Json> {
  const on: { [key: string]: Json } = driver === 'network-device' ? { on: 'app-1' } : {};
  const step = { id: 's', title: { ko: '변경', en: 'Change' }, driver, timeout: 'PT5M', do: what, ...on, ...more };
  return changed(base.plan, { set: { '/steps': [step], '/targets': [{ id: 'app-1', ...reached, standIn: reached }] } });
}

const faultOf = (plan: unknown): string => {
  try {
    requirePlan(plan);
  } catch (error) {
    if (error instanceof BreakwaterError) return `${error.path} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('a step', () => {
  const ajv = new Ajv2020({ strictTypes: false });
  addFormats.default(ajv);
  const validate = ajv.compile(jsonSchema('plan') as object);

  test.each(Object.entries(good))(
    'with driver %s is read, has a way back, and meets the JSON Schema',
    (driver, what) => {
      const plan = planOf(driver, what);
      expect(faultOf(plan)).toBe('accepted');
      expect(validate(plan), JSON.stringify(validate.errors)).toBe(true);
      const rules = checkPlan(plan).findings.filter(({ severity, unknown }) => severity === 'error' && !unknown);
      expect(rules.map(({ rule }) => rule)).toEqual([]);
    },
  );

  const merged = (driver: string, part: { [key: string]: Json }): Json => ({ ...good[driver], ...part });
  test.each<[driver: string, what: Json, path: string, says: RegExp]>([
    ['apt', { packages: {} }, '/steps/0/do/packages', /name at least one package/],
    ['apt', { packages: { 'Lib SSL': '1' } }, '/steps/0/do/packages/Lib SSL', /no Debian package name/],
    ['apt', { packages: { libssl3: 'latest' } }, '/steps/0/do/packages/libssl3', /one exact Debian version/],
    ['apt', { packages: { libssl3: 3 } }, '/steps/0/do/packages/libssl3', /must be text/],
    ['apt', merged('apt', { keep: 'kept' }), '/steps/0/do/keep', /absolute path/],
    ['apt', merged('apt', { keep: '/srv/../etc' }), '/steps/0/do/keep', /absolute path/],
    ['apt', merged('apt', { restart: ['bank'] }), '/steps/0/do/restart/0', /systemd unit/],
    ['apt', merged('apt', { version: '1' }), '/steps/0/do/version', /not known here/],
    ['dpkg', { packages: { a1: '1' } }, '/steps/0/do/from', /is missing/],
    ['rpm', merged('rpm', { packages: { openssl: '3.0' } }), '/steps/0/do/packages/openssl', /version and release/],
    ['files', { files: [{ path: '/a', from: '/b', sha256: 'x' }] }, '/steps/0/do/files/0/sha256', /sha256: and 64/],
    ['symlink', { link: '/srv/a/', to: '/srv/b' }, '/steps/0/do/link', /no slash at its end/],
    ['systemd', { unit: 'a.service' }, '/steps/0/do', /changes nothing/],
    ['systemd', { unit: 'a.service; reboot', state: 'started' }, '/steps/0/do/unit', /systemd unit/],
    [
      'haproxy',
      merged('haproxy', { servers: [{ backend: 'b', server: 's' }] }),
      '/steps/0/do/servers/0',
      /changes nothing/,
    ],
    ['haproxy', merged('haproxy', { socket: 'localhost' }), '/steps/0/do/socket', /path of the admin socket/],
    ['isolate', { module: 'transfer' }, '/steps/0/do', /says nothing to isolate/],
    ['isolate', { module: 'transfer', ports: ['tcp/0'] }, '/steps/0/do/ports/0', /from 1 to 65535/],
    ['isolate', { module: 'transfer', addresses: ['bank'] }, '/steps/0/do/addresses/0', /IP address or a network/],
    ['network-device', merged('network-device', { revertAfter: 'PT30S' }), '/steps/0/do/revertAfter', /whole minutes/],
    ['network-device', merged('network-device', { lines: ['a\nb'] }), '/steps/0/do/lines/0', /one line/],
    ['kubernetes', merged('kubernetes', { server: 'http://10.0.0.1' }), '/steps/0/do/server', /https/],
  ])('with driver %s and %j is refused at its place, with the fix', (driver, what, path, says) => {
    expect(faultOf(planOf(driver, what))).toMatch(new RegExp(`^${path.replaceAll('/', '\\/')} .*`));
    expect(faultOf(planOf(driver, what))).toMatch(says);
  });

  test('acts on targets that the plan has, by their host keys', () => {
    expect(faultOf(planOf('apt', good['apt'] ?? {}, { on: 'app-2' }))).toMatch(
      /^\/steps\/0\/on .*not among the plan's targets/,
    );
    expect(faultOf(planOf('apt', good['apt'] ?? {}, { undo: { run: ['x'] } }))).toMatch(/^\/steps\/0\/undo /);
    const plan = planOf('apt', good['apt'] ?? {}, { on: ['app-1'] });
    expect(faultOf(plan)).toBe('accepted');
    const without = changed(plan, { set: { '/targets/0/hostKeys': [] } });
    expect(faultOf(without)).toMatch(/^\/targets\/0\/hostKeys .*pin at least one host key/);
    const password = changed(plan, { set: { '/targets/0/ssh': 'ssh://ops:secret@10.0.0.9' } });
    expect(faultOf(password)).toMatch(/^\/targets\/0\/ssh .*without password/);
  });

  test('of isolation is also a measure', () => {
    const set = { '/measures/2': { kind: 'module-isolation', driver: 'isolate', do: good['isolate'] ?? {} } };
    expect(faultOf(changed(base.plan, { set }))).toBe('accepted');
  });
});
