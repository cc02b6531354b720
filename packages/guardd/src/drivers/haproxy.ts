/** The driver `haproxy`: states and weights of servers through HAProxy's runtime API, and back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PatchAction } from '@breakwater/rules/plan';
import { durationMs } from '@breakwater/rules';
import { gather, type Machine, type SocketAddress } from './machine.ts';
import { Failed, Unclear } from './answer.ts';
import type { PatchDriver } from './patch-driver.ts';

type HaproxyAction = PatchAction<'haproxy'>;
type State = 'ready' | 'drain' | 'maint';

interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly state: State;
  readonly weight: number;
}

interface ServerNow extends ServerState {
  /** Up by its health checks. */
  readonly up: boolean;
  readonly sessions: number;
}

interface HaproxyBefore {
  readonly servers: readonly ServerState[];
}

const lookMs = 200;

export const haproxyDriver: PatchDriver<HaproxyAction, HaproxyBefore> = {
  async check({ socket, servers }, machine) {
    const all = await statesOf(machine, socket);
    return servers.every((wanted) => {
      const now = serverOf(all, wanted);
      return (
        (wanted.state === undefined || now.state === wanted.state) &&
        (wanted.weight === undefined || now.weight === wanted.weight)
      );
    });
  },
  async prepare({ socket, servers, keepReady }, machine) {
    const all = await statesOf(machine, socket);
    const before = servers.map((wanted) => {
      const { backend, server, state, weight } = serverOf(all, wanted);
      return { backend, server, state, weight };
    });
    if (keepReady !== undefined) requireQuorum(all, servers, keepReady);
    return { before: { servers: before }, unavailable: null };
  },
  async do({ socket, servers, drainFor, keepReady }, machine) {
    for (const wanted of servers) {
      // Looked at again before each: health may have changed since it was prepared.
      if (keepReady !== undefined) requireQuorum(await statesOf(machine, socket), [wanted], keepReady);
      await set(machine, socket, wanted);
    }
    if (drainFor !== undefined) await drained(machine, socket, servers, durationMs(drainFor));
  },
  async undo({ socket }, machine, { servers }) {
    for (const before of servers.toReversed()) await set(machine, socket, before);
  },
  async differs({ socket }, machine, { servers }) {
    const all = await statesOf(machine, socket);
    return servers.some((before) => {
      const now = serverOf(all, before);
      return now.state !== before.state || now.weight !== before.weight;
    });
  },
};

/** Throws Failed when a backend would keep fewer servers that are up and ready. */
function requireQuorum(all: readonly ServerNow[], changes: HaproxyAction['servers'], keepReady: number): void {
  const after = all.map((now) => {
    const change = changes.find(({ backend, server }) => backend === now.backend && server === now.server);
    const state = change?.state ?? now.state;
    return { ...now, serves: now.up && state === 'ready' && (change?.weight ?? now.weight) > 0 };
  });
  for (const backend of new Set(changes.map((change) => change.backend))) {
    const left = after.filter((one) => one.backend === backend && one.serves).length;
    const takes = changes.some((one) => one.backend === backend && (one.state !== 'ready' || one.weight === 0));
    if (takes && left < keepReady)
      throw new Failed(`${backend} would keep ${left} servers that are up and ready, fewer than ${keepReady}`);
  }
}

async function set(
  machine: Machine,
  socket: string,
  { backend, server, state, weight }: HaproxyAction['servers'][number],
): Promise<void> {
  const words = [
    ...(state === undefined ? [] : [`state ${state}`]),
    ...(weight === undefined ? [] : [`weight ${weight}`]),
  ];
  for (const word of words) {
    const said = (await ask(machine, socket, `set server ${backend}/${server} ${word}`)).trim();
    if (said !== '') throw new Failed(`${backend}/${server} ${word}: ${said.slice(0, 500)}`);
  }
}

async function drained(
  machine: Machine,
  socket: string,
  servers: HaproxyAction['servers'],
  forMs: number,
): Promise<void> {
  const until = performance.now() + forMs;
  const leaving = servers.filter(({ state }) => state === 'drain' || state === 'maint');
  for (;;) {
    const all = await statesOf(machine, socket);
    const busy = leaving.map((one) => serverOf(all, one)).filter(({ sessions }) => sessions > 0);
    const [first] = busy;
    if (first === undefined) return;
    if (performance.now() > until)
      throw new Failed(`${first.backend}/${first.server} still has ${first.sessions} sessions after ${forMs} ms`);
    await sleep(lookMs);
  }
}

function serverOf(all: readonly ServerNow[], wanted: { readonly backend: string; readonly server: string }): ServerNow {
  const found = all.find(({ backend, server }) => backend === wanted.backend && server === wanted.server);
  if (found === undefined) throw new Failed(`HAProxy has no server ${wanted.backend}/${wanted.server}`);
  return found;
}

/** Bits of `srv_admin_state` that were set by somebody, not inherited or by configuration alone. */
const admin = { maint: 0x01 | 0x04, drain: 0x08 } as const;

/** Every server with its state, weight, health and open sessions. */
async function statesOf(machine: Machine, socket: string): Promise<ServerNow[]> {
  const states = await ask(machine, socket, 'show servers state');
  const stats = await ask(machine, socket, 'show stat');
  const [version = '', header = '', ...lines] = states.split('\n');
  if (version.trim() !== '1' || !header.startsWith('# '))
    throw new Unclear(`the socket does not answer as HAProxy does: ${states.slice(0, 200)}`);
  const names = header.slice(2).trim().split(' ');
  const rows = table(stats.replace(/^# /, ''), ',');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line): ServerNow => {
      const values = line.trim().split(' ');
      const value = (name: string): string => values[names.indexOf(name)] ?? '';
      const bits = Number(value('srv_admin_state'));
      const [backend, server] = [value('be_name'), value('srv_name')];
      const row = rows.find(({ pxname, svname }) => pxname === backend && svname === server);
      return {
        backend,
        server,
        state: (bits & admin.maint) !== 0 ? 'maint' : (bits & admin.drain) !== 0 ? 'drain' : 'ready',
        weight: Number(value('srv_uweight')),
        // 2 = running; 1 = coming up, which serves nobody in full.
        up: value('srv_op_state') === '2',
        sessions: Number(row?.['scur'] ?? 0),
      };
    });
}

function table(text: string, separator: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(separator);
  return lines.map((line) => {
    const values = line.split(separator);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
  });
}

/** One command on a connection of its own, which HAProxy closes after its answer. */
async function ask(machine: Machine, socket: string, command: string): Promise<string> {
  const connection = await machine.connect(addressOf(socket));
  const said = gather(connection);
  return new Promise((resolve, reject) => {
    connection.once('close', () => resolve(said()));
    connection.once('end', () => resolve(said()));
    connection.once('error', (error: Error) => reject(new Unclear(`HAProxy's socket: ${error.message}`)));
    connection.write(`${command}\n`);
  });
}

function addressOf(socket: string): SocketAddress {
  if (!socket.startsWith('tcp://')) return { path: socket };
  const { hostname, port } = new URL(socket);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}
