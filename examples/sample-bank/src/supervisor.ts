/**
 * The bank's service supervisor: starts, switches, isolates and restarts the services, each its own process.
 *
 * Operations of one service run one after the other, to their end, whoever asked and whether the asker still lives: a
 * step that is killed in mid-switch leaves a whole service behind. What runs is kept in `state.json`, so that a
 * supervisor started again brings back the same versions.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServiceName, serviceNames, serviceUrls, type ServiceName } from './catalog.ts';
import { controlSocket, type ControlAnswer, type ControlRequest } from './control.ts';
import type { BankNetwork } from './network.ts';
import { sbomOf } from './sbom.ts';
import { releaseExists } from './release.ts';
import { startService, type Running } from './running.ts';

type Wanted = { version: string; isolated: boolean; drained: boolean };
type Module = { wanted: Wanted; running: Running | null; queue: Promise<unknown> };

const restartMs = 300;
const warmPasses = 5;
const warmMs = 10_000;

export type Supervisor = { stop: () => Promise<void> };

/** Supervises the bank of the current folder in `network` until stopped. */
export async function supervise(network: BankNetwork, name: string): Promise<Supervisor> {
  const dir = process.cwd();
  mkdirSync('log', { recursive: true });
  mkdirSync('ledger', { recursive: true });
  const urls = serviceUrls(network.host, network.basePort);
  /** Processes that a warm-up has passed. */
  const warmed = new WeakSet<Running>();
  const modules = Object.fromEntries(
    serviceNames.map((service) => [service, { wanted: readWanted(service), running: null, queue: Promise.resolve() }]),
  ) as Record<ServiceName, Module>;
  let standby: Running | null = null;
  let stopping = false;

  const saveWanted = (): void => {
    const wanted = Object.fromEntries(serviceNames.map((service) => [service, modules[service].wanted]));
    writeFileSync('state.json.new', `${JSON.stringify(wanted, null, 2)}\n`);
    renameSync('state.json.new', 'state.json');
  };

  const adopt = (service: ServiceName, running: Running): void => {
    modules[service].running = running;
    void running.gone.then(async () => {
      if (stopping || modules[service].running !== running) return;
      note({ op: 'crashed', service, version: running.version });
      modules[service].running = null;
      await sleep(restartMs);
      await inOrder(service, async () => {
        if (!stopping && modules[service].running === null) await start(service);
      }).catch(() => undefined);
    });
  };

  const start = async (service: ServiceName): Promise<void> => {
    const { wanted } = modules[service];
    const running = startService(dir, network, service, wanted.isolated ? 'isolated' : wanted.version);
    await running.said();
    if (wanted.drained) running.tell('drain');
    adopt(service, running);
  };

  const replace = async (service: ServiceName, wanted: Partial<Wanted>, how: 'stop' | 'kill'): Promise<void> => {
    const module = modules[service];
    const old = module.running;
    module.running = null;
    module.wanted = { ...module.wanted, ...wanted };
    saveWanted();
    await old?.[how]();
    await start(service);
  };

  const inOrder = <T>(service: ServiceName, work: () => Promise<T>): Promise<T> => {
    const done = modules[service].queue.then(work);
    modules[service].queue = done.catch(() => undefined);
    return done;
  };

  const prepareStandby = async (version: string): Promise<void> => {
    standby = startService(dir, network, 'transfer', version, true);
    await standby.said();
  };

  const failover = async (service: ServiceName): Promise<void> => {
    const ready = standby;
    if (service !== 'transfer' || ready === null) throw new Error(`${service} has no standby`);
    const module = modules[service];
    const old = module.running;
    module.running = null;
    module.wanted = { version: ready.version, isolated: false, drained: false };
    saveWanted();
    await old?.kill();
    ready.tell('listen');
    await ready.said();
    standby = null;
    adopt(service, ready);
    await prepareStandby(ready.version);
  };

  const operate = async (service: ServiceName, request: ControlRequest): Promise<void> => {
    const module = modules[service];
    switch (request.op) {
      case 'switch':
        if (module.running?.version === request.version && !module.wanted.isolated && !module.wanted.drained) return;
        return replace(service, { version: request.version, isolated: false, drained: false }, 'stop');
      case 'isolate':
        return module.wanted.isolated ? undefined : replace(service, { isolated: true }, 'kill');
      case 'rejoin':
        return module.wanted.isolated ? replace(service, { isolated: false }, 'kill') : undefined;
      case 'drain':
      case 'resume':
        module.wanted = { ...module.wanted, drained: request.op === 'drain' };
        saveWanted();
        module.running?.tell(request.op);
        return;
      case 'failover':
        return failover(service);
      case 'warm-up': {
        const { running } = module;
        await warmUp(urls[service], service);
        if (running !== null) warmed.add(running);
        return;
      }
      default:
        throw new Error(`${request.op} is not an operation of a service`);
    }
  };

  const is = async (service: ServiceName, state: string): Promise<boolean> => {
    const { wanted, running } = modules[service];
    const serving = running !== null && !wanted.isolated && !wanted.drained;
    if (state === 'serving') return serving;
    if (state === 'drained' || state === 'isolated') return wanted[state];
    if (state === 'warm') return serving && warmed.has(running) && passes(urls[service], service);
    return running?.version === state;
  };

  const answer = async (request: ControlRequest): Promise<ControlAnswer> => {
    if (request.op === 'status') return { ok: true, data: status() };
    if (request.op === 'history') return { ok: true, data: history() };
    const { service } = request;
    if (!isServiceName(service)) return wrongUse(`there is no service "${service}": ${serviceNames.join(', ')}`);
    if (request.op === 'is') return { ok: true, yes: await inOrder(service, () => is(service, request.state)) };
    if (request.op === 'sbom') {
      const version = modules[service].running?.version;
      return version === undefined
        ? { ok: false, error: `${service} does not run`, use: false }
        : { ok: true, data: sbomOf(dir, service, version) };
    }
    if (request.op === 'switch' && !releaseExists(dir, service, request.version)) {
      return wrongUse(`${service} ${request.version} was never built`);
    }
    return inOrder(service, async () => {
      const began = performance.now();
      const told = {
        op: request.op,
        service,
        version: request.op === 'switch' ? request.version : modules[service].wanted.version,
      };
      try {
        await operate(service, request);
        note({ ...told, outcome: 'done', ms: Math.round(performance.now() - began) });
        return { ok: true };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        note({ ...told, outcome: 'failed', ms: Math.round(performance.now() - began), why: message });
        return { ok: false, error: message, use: false };
      }
    });
  };

  const status = (): unknown => ({
    name,
    level: network.level,
    ...(network.level === 'loopback' ? { reason: network.reason } : {}),
    urls,
    services: Object.fromEntries(
      serviceNames.map((service) => {
        const { wanted, running } = modules[service];
        return [service, { ...wanted, running: running?.version ?? null, pid: running?.pid ?? null }];
      }),
    ),
    standby: standby === null ? null : { service: 'transfer', version: standby.version, pid: standby.pid },
  });

  await Promise.all(serviceNames.map((service) => inOrder(service, () => start(service))));
  await prepareStandby(modules.transfer.wanted.version);
  saveWanted();
  const server = await listenControl(answer);
  writeFileSync('bank.json', `${JSON.stringify(status(), null, 2)}\n`);

  return {
    async stop() {
      stopping = true;
      server.close();
      const running = [...serviceNames.map((service) => modules[service].running), standby];
      await Promise.all(running.map(async (one) => one?.stop()));
      rmSync(controlSocket, { force: true });
    },
  };
}

function wrongUse(error: string): ControlAnswer {
  return { ok: false, error, use: true };
}

function readWanted(service: ServiceName): Wanted {
  const saved = existsSync('state.json')
    ? (JSON.parse(readFileSync('state.json', 'utf8')) as Partial<Record<ServiceName, Wanted>>)
    : {};
  return saved[service] ?? { version: 'v1', isolated: false, drained: false };
}

const historyFile = join('log', 'operations.jsonl');

function note(entry: Record<string, unknown>): void {
  appendFileSync(historyFile, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
}

function history(): unknown[] {
  if (!existsSync(historyFile)) return [];
  return readFileSync(historyFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

async function passes(url: string, service: ServiceName): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/${service}/selftest`, { signal: AbortSignal.timeout(1000) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function warmUp(url: string, service: ServiceName): Promise<void> {
  const until = performance.now() + warmMs;
  let inRow = 0;
  while (inRow < warmPasses) {
    if (performance.now() > until) throw new Error(`the self-test of ${service} does not pass`);
    inRow = (await passes(url, service)) ? inRow + 1 : 0;
    await sleep(50);
  }
}

async function listenControl(answer: (request: ControlRequest) => Promise<ControlAnswer>): Promise<Server> {
  if (await somebodyListens())
    throw new Error('this bank is served already: another supervisor holds its control socket');
  rmSync(controlSocket, { force: true });
  const server = createServer((socket) => serveControl(socket, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(controlSocket, resolve);
  });
  return server;
}

function serveControl(socket: Socket, answer: (request: ControlRequest) => Promise<ControlAnswer>): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end === -1) return void (text.length > 4096 && socket.destroy());
    socket.removeAllListeners('data');
    void Promise.resolve()
      .then(() => answer(JSON.parse(text.slice(0, end)) as ControlRequest))
      .catch((error: unknown) => wrongUse(error instanceof Error ? error.message : String(error)))
      .then((said) => void (socket.writable && socket.end(`${JSON.stringify(said)}\n`)));
  });
}

function somebodyListens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(controlSocket);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
