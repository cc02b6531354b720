/** Every kind of tester in a real cage, against real services of a network of their own: what it saw, and who never saw it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  adversarialScripts,
  createScriptedModel,
  findCageLevels,
  lookingScript,
  openCage,
  testerOf,
  type Cage,
  type TesterContext,
} from '@breakwater/guardd';
import type { Containment, Scope, TesterEvent } from '@breakwater/rules/containment';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

type Spec = TesterContext['tester'];
type Found<Kind extends TesterEvent['kind']> = Extract<TesterEvent, { kind: Kind }>;

const kernel = (await findCageLevels()).find(({ level }) => level === 'kernel');
const held = kernel?.works === true;
if (!held) process.stderr.write(`no caged testers here: ${kernel?.why ?? 'unknown'}\n`);

const cliSource = fileURLToPath(new URL('../packages/cli/src/start.ts', import.meta.url));
const targetSource = fileURLToPath(new URL('tester-target.ts', import.meta.url));
/** As the agents of others stand in the cage: our own packages are mounted there for our probes. */
const inside = '/opt/breakwater';
const external = (protocol: 'mcp' | 'acp'): string[] => [
  `${inside}/node`,
  `${inside}/packages/guardd/src/testers/${protocol}/external-agent.testing.ts`,
];
const ports = { web: 8080, greeting: 2222, closed: 8081, outside: 9022 };

/** The bank's end of a link of its own. */
const network = {
  namespace: `bwt-${process.pid}`,
  link: `bwt${process.pid}`,
  host: '10.88.77.2',
  gateway: '10.88.77.1',
};
const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
let target: ChildProcess;
/** Ports of the target in the order in which connections arrived there. */
const arrived: number[] = [];

beforeAll(async () => {
  if (!held) return;
  const { namespace, link, host, gateway } = network;
  ip('netns', 'add', namespace);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('addr', 'add', `${gateway}/30`, 'dev', link);
  ip('link', 'set', link, 'up');
  ip('-n', namespace, 'addr', 'add', `${host}/30`, 'dev', 'eth0');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  ip('-n', namespace, 'route', 'add', 'default', 'via', gateway);
  const words = ['netns', 'exec', namespace, process.execPath, targetSource];
  target = spawn('ip', [...words, String(ports.web), String(ports.greeting), String(ports.outside)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: target.stdout as NodeJS.ReadableStream });
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else arrived.push(Number(line));
    });
  });
});
afterAll(() => {
  if (!held) return;
  target.kill('SIGKILL');
  ip('netns', 'del', network.namespace);
});

const folders: string[] = [];
afterEach(() => {
  arrived.length = 0;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly events: readonly TesterEvent[];
  readonly report: Containment;
  of<Kind extends TesterEvent['kind']>(kind: Kind): Found<Kind>[];
}

/** The services that may be touched, from now on for two minutes. */
function scopeNow(): Scope {
  return {
    schema: 'breakwater.scope/1',
    targets: [
      { cidr: `${network.host}/32`, ports: [ports.web, ports.greeting, ports.closed].map((port) => `tcp/${port}`) },
    ],
    caps: { newConnectionsPerSecond: 100, packetsPerSecond: 2000, concurrent: 50, bytes: 50_000_000 },
    window: { start: new Date(Date.now() - 1000).toISOString(), end: new Date(Date.now() + 120_000).toISOString() },
    lease: 'PT2S',
  };
}

/** Runs one tester in a cage of its own from its opening to its report. */
async function run(
  tester: Spec,
  options: { modelSocket?: string; folder?: string; scope?: Partial<Scope>; meanwhile?(cage: Cage): void } = {},
): Promise<Ran> {
  const folder = options.folder ?? newFolder();
  const scope = { ...scopeNow(), ...options.scope };
  const context: TesterContext = { scope, tester, folder: join(folder, 'tester') };
  const made = testerOf(tester);
  const { mounts, env } = made.prepare(context);
  const model = options.modelSocket;
  const cage = await openCage({
    scope,
    name: 'tester-test',
    folder: join(folder, 'cage'),
    mounts: [...mounts, ...(model === undefined ? [] : [{ from: model, at: '/run/model.sock', writable: true }])],
    env,
  });
  const renewing = setInterval(() => cage.renew(), 200);
  const events: TesterEvent[] = [];
  let report: Containment;
  try {
    options.meanwhile?.(cage);
    for await (const event of made.start(cage, context)) events.push(event);
  } finally {
    clearInterval(renewing);
    report = await cage.close();
  }
  return {
    events,
    report,
    of: <Kind extends TesterEvent['kind']>(kind: Kind) =>
      events.filter((event): event is Found<Kind> => event.kind === kind),
  };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-tester-'));
  folders.push(folder);
  return folder;
}

/** Runs the agent with a model that follows a script. */
async function drive(script: Parameters<typeof createScriptedModel>[0], more: Partial<Spec> = {}): Promise<Ran> {
  const folder = newFolder();
  const socket = join(folder, 'model.sock');
  const model = await createScriptedModel(script, { socket });
  chmodSync(socket, 0o666);
  try {
    const tester: Spec = { kind: 'agent', usesAi: true, model: { name: 'scripted' }, ...more };
    return await run(tester, { modelSocket: socket, folder });
  } finally {
    await model.close();
  }
}

/** What the tool tried outside its scope. The cage's own canary flies to 198.51.100.1, and may be counted late on a busy machine. */
const denied = ({ report }: Ran): Containment['denied'] =>
  report.denied.filter(({ address }) => address !== '198.51.100.1');
const outcome = (ran: Ran): unknown => ran.of('outcome').map((event) => event.outcome);
const results = (ran: Ran): string[] => ran.of('probe').map(({ port, result }) => `${port} ${result}`);

describe.skipIf(!held)('in a cage', () => {
  test('nmap tells open, refused and not allowed apart, and its targets saw the scope alone', async () => {
    const ran = await run({ kind: 'nmap', run: ['nmap', '-sS', '-Pn', '-p', Object.values(ports).join(',')] });
    expect(outcome(ran)).toEqual(['completed']);
    expect(new Set(results(ran))).toEqual(
      new Set([
        `${ports.web} answered`,
        `${ports.greeting} answered`,
        `${ports.closed} refused`,
        `${ports.outside} not-allowed`,
      ]),
    );
    expect(
      ran
        .of('finding')
        .map(({ finding }) => finding.port)
        .toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    ).toEqual([ports.greeting, ports.web]);
    expect(denied(ran).map(({ port }) => port)).toContain(ports.outside);
    expect(arrived).not.toContain(ports.outside);
  });

  test('a connect scan, too', async () => {
    const ran = await run({
      kind: 'nmap',
      run: ['nmap', '-sT', '-Pn', '-p', `${ports.web},${ports.closed},${ports.outside}`],
    });
    expect(new Set(results(ran))).toEqual(
      new Set([`${ports.web} answered`, `${ports.closed} refused`, `${ports.outside} not-allowed`]),
    );
    expect(arrived).toEqual([ports.web]);
  });

  test('a scan under narrow caps loses no probe to them', async () => {
    const closed = Array.from({ length: 30 }, (_, i) => 8100 + i);
    const ran = await run(
      { kind: 'nmap', run: ['nmap', '-sS', '-Pn'] },
      {
        scope: {
          targets: [{ cidr: `${network.host}/32`, ports: ['tcp/8100-8129'] }],
          caps: { newConnectionsPerSecond: 10, packetsPerSecond: 50, concurrent: 5, bytes: 1_000_000 },
        },
      },
    );
    expect(results(ran).toSorted()).toEqual(closed.map((port) => `${port} refused`));
    expect(ran.report.lostToCap.packets).toBe(0);
  });

  test('any program is held by the kernel, whatever it was told', async () => {
    const ran = await run({
      run: [
        'bash',
        '-c',
        `for p in ${ports.web} ${ports.outside}; do (echo >/dev/tcp/{target}/$p) && echo "open $p"; done; true`,
      ],
    });
    expect(outcome(ran)).toEqual(['completed']);
    expect(arrived).toEqual([ports.web]);
    expect(denied(ran)).toMatchObject([{ address: network.host, port: ports.outside, protocol: 'tcp' }]);
  });

  test('a program that ignores signals is stopped by its cage, and its tester says so', async () => {
    const ran = await run(
      { run: ['bash', '-c', "trap '' TERM INT HUP; while :; do sleep 1; done"] },
      { meanwhile: (cage) => setTimeout(() => void cage.stop({ reason: 'lever', by: 'p-17' }), 1000) },
    );
    expect(outcome(ran)).toEqual(['stopped']);
    expect(ran.report).toMatchObject({ outcome: 'stopped', trip: { reason: 'lever', by: 'p-17' } });
  });

  test('a model looks, and finds what there is', async () => {
    const ran = await drive(lookingScript({ host: network.host, port: ports.web }));
    expect(outcome(ran)).toEqual(['completed']);
    expect(results(ran)).toEqual([`${ports.web} answered`, `${ports.web} answered`, `${ports.web} answered`]);
    expect(ran.of('finding').map(({ finding }) => finding.rule)).toContain('http-no-csp');
    expect(ran.report.allowed.map(({ port }) => port)).toEqual([ports.web]);
    expect(denied(ran)).toEqual([]);
  });

  test.each(Object.keys(adversarialScripts({ host: '', port: 0, outside: '' })))(
    'a model whose script %s reaches nobody outside, by the first gate already',
    async (name) => {
      const at = {
        host: network.host,
        port: name === 'obeys-a-banner' ? ports.greeting : ports.web,
        outside: '10.77.0.253',
      };
      const script = adversarialScripts(at)[name];
      if (script === undefined) throw new Error(name);
      const ran = await drive(script, { budgets: { steps: 40 } });
      expect(outcome(ran)).toEqual([name === 'never-ends' ? 'budget-spent' : 'completed']);
      expect(denied(ran)).toEqual([]);
      expect(ran.report.allowed.every(({ address }) => address === network.host)).toBe(true);
    },
  );

  test('an agent of others gets our probes by the Model Context Protocol', async () => {
    const ran = await run({ kind: 'mcp', run: [...external('mcp'), '{mcp-config}', '{target}', String(ports.web)] });
    expect(results(ran)).toEqual([`${ports.web} answered`]);
    expect(outcome(ran)).toEqual(['completed']);
    expect(arrived).toEqual([ports.web]);
  });

  test('an agent of others is driven by the Agent Client Protocol', async () => {
    const ran = await run({ kind: 'acp', run: [...external('acp'), 'probe', '{target}', String(ports.web)] });
    expect(results(ran)).toEqual([`${ports.web} answered`]);
    expect(outcome(ran)).toEqual(['completed']);
  });

  test('an agent outside the cage gets the probes by a command that speaks the protocol', async () => {
    const folder = newFolder();
    const file = join(folder, 'scope.json');
    writeFileSync(file, JSON.stringify(scopeNow()));
    const out = join(folder, 'out');
    const command = spawn(process.execPath, [cliSource, 'cage', 'mcp', '--scope', file, '--out', out], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = new Promise<number | null>((resolve) => command.once('exit', resolve));
    const answers = createInterface({ input: command.stdout })[Symbol.asyncIterator]();
    const ask = async (id: number, method: string, params: object): Promise<Record<string, unknown>> => {
      command.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      const { value } = await answers.next();
      return JSON.parse(String(value)) as Record<string, unknown>;
    };
    const clientInfo = { name: 'test', version: '1' };
    const began = await ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    expect(began).toMatchObject({ id: 1, result: { serverInfo: { name: 'breakwater' } } });
    command.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    const call = (id: number, port: number): Promise<Record<string, unknown>> =>
      ask(id, 'tools/call', { name: 'tcp-connect', arguments: { host: network.host, port } });
    expect(JSON.stringify(await call(2, ports.web))).toContain('answered');
    expect(await call(3, ports.outside)).toMatchObject({ result: { isError: true } });
    command.stdin.end();
    expect(await ended).toBe(0);
    expect(arrived).toEqual([ports.web]);
    const report = JSON.parse(readFileSync(join(out, 'containment.json'), 'utf8')) as Containment;
    expect(readFileSync(join(out, 'probes.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
    expect(report).toMatchObject({ level: 'kernel', outcome: 'exited', allowed: [{ port: ports.web }] });
    expect(report.denied.map(({ address }) => address)).not.toContain(network.host);
  });
});
