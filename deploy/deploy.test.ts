import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readDocument } from '@breakwater/rules';
import { closedBy, parseScope } from '@breakwater/rules/containment';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const read = (name: string): string => readFileSync(here(name), 'utf8');

interface Compose {
  readonly services: Record<string, { readonly networks: readonly string[] }>;
  readonly networks: Record<string, { readonly internal?: boolean }>;
}
type Labels = Readonly<Record<string, string>>;
interface Peer {
  readonly podSelector?: { readonly matchLabels: Labels };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec: {
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: object };
    readonly podSelector?: { readonly matchLabels?: Labels };
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly { to: readonly Peer[]; ports: readonly { port: number; endPort?: number }[] }[];
  };
}

const compose = readDocument(read('compose.yaml')).value as Compose;
const manifests = readdirSync(here('kubernetes')).flatMap((name) =>
  read(`kubernetes/${name}`)
    .split('\n---\n')
    .map((text) => readDocument(text).value as Manifest),
);
const pods = manifests.filter(({ kind }) => kind === 'Pod' || kind === 'Job');
const podOf = ({ spec }: Manifest): object => spec.template?.spec ?? spec;
const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
const isCompose = ajv.compile(JSON.parse(read('compose.schema.json')) as object);
const isPod = ajv.compile(JSON.parse(read('kubernetes.schema.json')) as object);

/** A copy with a value put at a JSON Pointer, or taken from it. */
function changed(document: object, pointer: string, value?: unknown): object {
  const copy = structuredClone(document);
  const names = pointer.split('/').slice(1);
  const last = names.pop() ?? '';
  const parent = names.reduce<object>((inner, name) => Reflect.get(inner, name) as object, copy);
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return copy;
}

describe('the Compose file', () => {
  test('says only what a cage may say', () => {
    expect(isCompose(compose), JSON.stringify(isCompose.errors)).toBe(true);
  });

  test.each<[fault: string, pointer: string, value?: unknown]>([
    ['a privileged container', '/services/tester/privileged', true],
    [
      'the socket of the engine',
      '/services/tester/volumes/0',
      { type: 'bind', source: '/var/run/docker.sock', target: '/s', read_only: true },
    ],
    [
      'a writable folder of the host',
      '/services/gate/volumes/0',
      { type: 'bind', source: './scope.json', target: '/p', read_only: false },
    ],
    ['the network of the host', '/services/tester/network_mode', 'host'],
    ['a capability', '/services/gate/cap_add', ['NET_ADMIN']],
    ['capabilities that are kept', '/services/gate/cap_drop', []],
    ['a moving tag', '/services/tester/image', 'breakwater-tester:latest'],
    ['no tag', '/services/tester/image', 'breakwater-tester'],
    ['root', '/services/tester/user', '0:0'],
    ['no limit of memory', '/services/tester/mem_limit'],
    ['no limit of processes', '/services/tester/pids_limit'],
    ['a writable root', '/services/gate/read_only', false],
    ['a device', '/services/tester/devices', ['/dev/net/tun']],
    ['the process tree of the host', '/services/tester/pid', 'host'],
    ['a tester that comes back', '/services/tester/restart', 'always'],
  ])('is refused with %s', (_, pointer, value) => {
    expect(isCompose(changed(compose, pointer, value))).toBe(false);
  });

  test('gives the tester one neighbour and no way out', () => {
    const inside = Object.entries(compose.networks).filter(([, { internal }]) => internal === true);
    expect(inside.map(([name]) => name)).toEqual(['inside']);
    expect(compose.services['tester']?.networks).toEqual(['inside']);
    const beside = Object.entries(compose.services).filter(([, { networks }]) => networks.includes('inside'));
    expect(beside.map(([name]) => name).toSorted()).toEqual(['gate', 'tester']);
  });
});

describe('the Kubernetes manifests', () => {
  test('hold two pods that say only what a cage may say', () => {
    expect(pods.map(({ metadata }) => metadata.name).toSorted()).toEqual(['gate', 'tester']);
    for (const pod of pods) expect(isPod(podOf(pod)), JSON.stringify(isPod.errors)).toBe(true);
  });

  test.each<[fault: string, pointer: string, value?: unknown]>([
    ['a privileged container', '/containers/0/securityContext/privileged', true],
    ['a folder of the host', '/volumes/0', { name: 'policy', hostPath: { path: '/var/run/docker.sock' } }],
    ['the network of the host', '/hostNetwork', true],
    ['the process tree of the host', '/hostPID', true],
    ['a moving tag', '/containers/0/image', 'breakwater-gate:latest'],
    ['no limits', '/containers/0/resources/limits'],
    ['no limit of memory', '/containers/0/resources/limits/memory'],
    ['a token of the cluster', '/automountServiceAccountToken', true],
    ['a capability', '/containers/0/securityContext/capabilities', { drop: ['ALL'], add: ['NET_RAW'] }],
    ['root', '/securityContext/runAsUser', 0],
    ['a disk without end', '/volumes/1/emptyDir', {}],
  ])('are refused with %s', (_, pointer, value) => {
    for (const pod of pods) expect(isPod(changed(podOf(pod), pointer, value))).toBe(false);
  });

  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const egressOf = (app: string) =>
    policies
      .filter(({ spec }) => spec.podSelector?.matchLabels?.['app'] === app)
      .flatMap(({ spec }) => spec.egress ?? []);

  test('deny everything, and open the tester to the gate alone', () => {
    const all = policies.find(({ spec }) => spec.podSelector?.matchLabels === undefined);
    expect(all?.spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(all?.spec.egress).toBeUndefined();
    expect(egressOf('tester')).toEqual([
      { to: [{ podSelector: { matchLabels: { app: 'gate' } } }], ports: [{ protocol: 'TCP', port: 3128 }] },
    ]);
    const labels = pods.map(({ metadata, spec }) => spec.template?.metadata.labels ?? metadata.labels);
    expect(new Set(labels.map((label) => label?.['app']))).toEqual(new Set(['gate', 'tester']));
  });

  test('open the gate to exactly what the example of a scope opens', () => {
    const scope = parseScope(read('scope.example.json'));
    const hostOf = (address: string): number => Number(address.split('.')[3]);
    const holds = (cidr: string, host: number): boolean => {
      const [address = '', bits = ''] = cidr.split('/');
      const size = 2 ** (32 - Number(bits));
      return address.startsWith('10.66.0.') && Math.floor(host / size) === Math.floor(hostOf(address) / size);
    };
    for (let host = 0; host < 32; host += 1) {
      for (const port of [80, 8079, 8080, 8081, 8442, 8443, 8444, 8445, 8446]) {
        const open = egressOf('gate').some(
          ({ to, ports }) =>
            to.some(
              ({ ipBlock }) =>
                ipBlock !== undefined &&
                holds(ipBlock.cidr, host) &&
                !(ipBlock.except ?? []).some((except) => holds(except, host)),
            ) && ports.some((one) => one.port <= port && port <= (one.endPort ?? one.port)),
        );
        expect(closedBy(scope, `10.66.0.${host}`, port, 'tcp') === null, `10.66.0.${host}:${port}`).toBe(open);
      }
    }
  });
});

test('the images are built from tags that stay, and end without root', () => {
  const stages = read('Containerfile')
    .split(/^(?=FROM )/m)
    .slice(1);
  expect(stages).toHaveLength(2);
  for (const stage of stages) {
    expect(stage).toMatch(/^FROM [a-z0-9/.-]+:(?!latest)[0-9][\w.-]+/);
    expect(stage).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(stage).not.toMatch(/curl [^\n]*\|\s*sh|chmod [^\n]*\+s/);
  }
});

describe('the gate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-deploy-'));
  const target = createServer((_, response) => response.end('hello'));
  afterAll(() => {
    target.close();
    rmSync(folder, { recursive: true });
  });

  const example = JSON.parse(read('scope.example.json')) as object;
  const gate = (scope: object | string) => {
    const own = mkdtempSync(join(folder, 'gate-'));
    const file = join(own, 'scope.json');
    writeFileSync(file, typeof scope === 'string' ? scope : JSON.stringify(scope));
    const guardd = new URL('../packages/guardd/src/main.ts', import.meta.url).pathname;
    return spawn(process.execPath, [here('gate.mjs')], {
      env: {
        SCOPE: file,
        EVIDENCE: own,
        PORT: '0',
        LISTEN: '127.0.0.1',
        GUARDD: guardd,
        PATH: process.env['PATH'] ?? '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const window = (fromMs: number, toMs: number) => ({
    start: new Date(Date.now() + fromMs).toISOString(),
    end: new Date(Date.now() + toMs).toISOString(),
  });

  test('does not open outside its window or without a scope', async () => {
    for (const [scope, code] of [
      [{ ...example, window: window(-2000, -1000) }, 1],
      [{ ...example, window: window(60_000, 120_000) }, 1],
      [{ ...example, window: {} }, 2],
      ['no scope', 2],
      [{ ...example, targets: [], window: window(-1000, 60_000) }, 3],
    ] as const) {
      const [ended] = (await once(gate(scope), 'exit')) as [number | null];
      expect(ended).toBe(code);
    }
  });

  test('lets through what the scope opens, refuses the rest, and ends when it is asked to', async () => {
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    const { port } = target.address() as AddressInfo;
    const targets = [{ cidr: '127.0.0.1/32', ports: [`tcp/${port}`] }];
    const running = gate({ ...example, targets, never: [], window: window(-1000, 600_000) });
    const exited = once(running, 'exit');
    const [line] = (await once(createInterface({ input: running.stdout }), 'line')) as [string];
    const at = (JSON.parse(line) as { ready: { ports: [number] } }).ready.ports[0];
    const ask = async (url: string, method = 'GET') => {
      const asked = request({ host: '127.0.0.1', port: at, path: url, method, headers: { host: new URL(url).host } });
      asked.end();
      const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
      answer.resume();
      return answer.statusCode;
    };
    expect(await ask(`http://127.0.0.1:${port}/`)).toBe(200);
    expect(await ask(`http://127.0.0.1:${port}/`, 'POST')).toBeGreaterThanOrEqual(400);
    expect(await ask('http://169.254.169.254/latest')).toBeGreaterThanOrEqual(400);
    expect(await ask(`http://127.0.0.1:${port === 9 ? 10 : 9}/`)).toBeGreaterThanOrEqual(400);
    running.kill('SIGTERM');
    const [ended] = (await exited) as [number | null];
    expect(ended).toBe(0);
  });

  test('ends with the window, with nobody there to ask it', async () => {
    const running = gate({ ...example, window: window(-1000, 4000) });
    let isReady = false;
    running.stdout.on('data', () => (isReady = true));
    const [ended] = (await once(running, 'exit')) as [number | null];
    // A machine that took longer than the window to start it found the window over.
    expect(ended).toBe(isReady ? 0 : 1);
  });
});
