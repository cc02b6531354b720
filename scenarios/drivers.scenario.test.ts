/**
 * kill -9 of the supervisor in the middle of what each driver does to a real target, and a last step that brings the service
 * down: whatever was done by then is taken back from the journal, and the target is as it was.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { DebRoot, debsAreBuilt } from '../packages/guardd/src/drivers/deb-root.testing.ts';
import { startDevice } from '../packages/guardd/src/drivers/device.testing.ts';
import { sshdIsHere, startSshd } from '../packages/guardd/src/drivers/sshd.testing.ts';
import { casesToRun, notePassed } from './cases.ts';
import { faultsOf, find, orchestrate, Stand, standPlan, until, untilJournal } from './guardd-stand.ts';

const scenario = 'drivers';

/** A real thing that a step changes. */
interface Changed {
  readonly step: Readonly<Record<string, unknown>>;
  readonly targets?: readonly unknown[];
  state(): unknown;
  end(): void;
}

interface Kind {
  readonly works: boolean;
  open(): Promise<Changed>;
}

const has = (...argv: [string, ...string[]]): boolean => spawnSync(argv[0], argv.slice(1)).error === undefined;
const isRoot = process.getuid?.() === 0;

function folderOf(): { at: (name: string) => string; end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-changed-'));
  return { at: (name) => join(folder, name), end: () => rmSync(folder, { recursive: true, force: true }) };
}

function releases(at: (name: string) => string): Pick<Changed, 'state'> & { do: unknown } {
  for (const name of ['v1', 'v2']) mkdirSync(at(name));
  symlinkSync(at('v1'), at('current'));
  return { do: { link: at('current'), to: at('v2') }, state: () => readlinkSync(at('current')) };
}

function debs(driver: 'apt' | 'dpkg'): () => Promise<Changed> {
  return async () => {
    const deb = new DebRoot();
    deb.install(deb.build('bw-lib', '1.0-1'));
    const from = { from: [deb.shelf] };
    if (driver === 'apt') deb.publish(deb.build('bw-lib', '1.0-2'), deb.build('bw-extra', '1'));
    else deb.build('bw-lib', '1.0-2');
    return {
      step: { driver, do: { packages: { 'bw-lib': '1.0-2' }, ...from, root: deb.root, keep: deb.keep, hold: true } },
      state: () => deb.installed(),
      end: () => deb.end(),
    };
  };
}

const kinds: Readonly<Record<string, Kind>> = {
  apt: { works: debsAreBuilt, open: debs('apt') },
  dpkg: { works: debsAreBuilt, open: debs('dpkg') },
  files: {
    works: true,
    async open() {
      const { at, end } = folderOf();
      const files = Array.from({ length: 12 }, (_, i) => {
        writeFileSync(at(`old-${i}`), 'old');
        writeFileSync(at(`new-${i}`), `new ${i}`);
        const sha256 = `sha256:${createHash('sha256').update(`new ${i}`).digest('hex')}`;
        return { path: at(`old-${i}`), from: at(`new-${i}`), sha256 };
      });
      return {
        step: { driver: 'files', do: { files, keep: at('kept') } },
        state: () => files.map(({ path }) => readFileSync(path, 'utf8')),
        end,
      };
    },
  },
  'symlink by SSH': {
    works: sshdIsHere,
    async open() {
      const sshd = await startSshd();
      const { do: what, state } = releases((name) => join(sshd.folder, name));
      const { user, host, port, hostKeys, keyFile, id } = sshd.target;
      return {
        step: { driver: 'symlink', on: id, do: what },
        targets: [{ id, ssh: `ssh://${user}@${host}:${port}`, hostKeys, keyFile }],
        state,
        end: () => sshd.end(),
      };
    },
  },
  haproxy: {
    works: has('haproxy', '-v'),
    async open() {
      const { at, end } = folderOf();
      const servers = ['a', 'b'].map((name) => `  server ${name} 127.0.0.1:9 weight 10`).join('\n');
      writeFileSync(
        at('cfg'),
        `global\n  stats socket ${at('admin.sock')} level admin\ndefaults\n  mode tcp\n  timeout connect 1s\n  timeout client 9s\n  timeout server 9s\nbackend web\n${servers}\n`,
      );
      const haproxy = spawn('haproxy', ['-db', '-f', at('cfg')], { stdio: 'ignore' });
      await until('HAProxy listens', () => existsSync(at('admin.sock')));
      const ask = `require('node:net').connect('${at('admin.sock')}').end('show servers state\\n').pipe(process.stdout)`;
      const wanted = ['a', 'b'].map((server) => ({ backend: 'web', server, state: 'drain', weight: 3 }));
      return {
        step: { driver: 'haproxy', do: { socket: at('admin.sock'), servers: wanted } },
        // Admin state and weight of each server.
        state: () =>
          execFileSync(process.execPath, ['-e', ask])
            .toString()
            .split('\n')
            .slice(2)
            .map((line) => [line.split(' ')[3], line.split(' ')[6], line.split(' ')[7]]),
        end() {
          haproxy.kill('SIGKILL');
          end();
        },
      };
    },
  },
  isolate: {
    works: isRoot && has('nft', '--version') && has('ip', '-V'),
    async open() {
      const netns = `bwd${process.pid}`;
      execFileSync('ip', ['netns', 'add', netns]);
      return {
        step: { driver: 'isolate', do: { module: 'transfer', netns, allow: ['10.1.2.0/24'] } },
        state: () => execFileSync('ip', ['netns', 'exec', netns, 'nft', 'list', 'ruleset']).toString(),
        end: () => void spawnSync('ip', ['netns', 'del', netns]),
      };
    },
  },
  'network-device': {
    works: sshdIsHere,
    async open() {
      const device = await startDevice('cisco-ios');
      const { user, host, port, hostKeys, keyFile, id } = device.target;
      return {
        step: {
          driver: 'network-device',
          on: id,
          do: { dialect: 'cisco-ios', lines: ['ip ssh version 2'], revertAfter: 'PT5M' },
        },
        targets: [{ id, ssh: `ssh://${user}@${host}:${port}`, hostKeys, keyFile }],
        state: () => [device.running.toSorted(), device.startup.toSorted(), device.armed],
        end: () => device.end(),
      };
    },
  },
};

const moments = [0, 100, 250, 450];
const cases = Object.entries(kinds)
  .filter(([, { works }]) => works)
  .flatMap(([name]) =>
    moments.map((ms) => ({ kind: 'SIGKILL of the supervisor', boundary: `${ms} ms into ${name}`, name, ms })),
  );

let stand: Stand;
let changed: Changed | null = null;
afterEach(async () => {
  await stand.end();
  changed?.end();
  changed = null;
});

describe('what a driver did is taken back from the journal', () => {
  test.each(casesToRun(scenario, cases))(
    '$kind $boundary',
    async (each) => {
      changed = (await kinds[each.name]?.open()) ?? null;
      if (changed === null) throw new Error(`no target for ${each.name}`);
      const before = changed.state();
      stand = await Stand.open();
      await stand.lease();
      const plan = standPlan(stand.url, {
        steps: [{ id: 'one' }, { id: 'two', doing: 'touch down; sleep 0.2', undoing: 'rm -f down' }],
      });
      const [one, two] = plan['steps'] as [Record<string, unknown>, unknown];
      const { check: _check, undo: _undo, ...head } = one;
      Object.assign(plan, { steps: [{ ...head, ...changed.step }, two], targets: changed.targets ?? [] });
      const client = await stand.client();
      await stand.prepare(client, plan);
      const going = orchestrate(stand, ['one', 'two']);

      await untilJournal(
        stand,
        'the change begins',
        (event) => event.type === 'step.begin' && event.data.action === 'do',
      );
      await sleep(each.ms);
      process.kill(stand.pidOf('supervisor'), 'SIGKILL');

      await going;
      const entries = await untilJournal(stand, 'the run is closed', (event) => event.type === 'run.closed');
      expect(faultsOf(entries)).toEqual([]);
      expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
      expect(changed.state()).toEqual(before);
      // What was there was in the journal before anything was changed.
      const seq = (is: (type: string, action?: string) => boolean): number =>
        entries.findIndex(({ event }) => is(event.type, 'action' in event.data ? event.data.action : undefined));
      const recorded = seq((type) => type === 'step.prepared');
      expect(recorded).toBeGreaterThan(-1);
      expect(recorded).toBeLessThan(seq((type, action) => type === 'step.begin' && action === 'do'));
      client.end();
      expect(await stand.end()).toEqual([]);
      notePassed(scenario, each);
    },
    90_000,
  );
});
