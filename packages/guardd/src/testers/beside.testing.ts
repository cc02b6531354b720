/** For tests: testers beside the host's own processes, on loopback, where a cage would be. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import type { TesterSpec } from '@breakwater/rules/plan';
import type { Program } from '../cage/index.ts';
import { cagePlaces, type TesterCage, type TesterContext } from './tester.ts';

/** Starts programs as they are: nothing is held. */
export const beside: TesterCage = {
  start: ([command = '', ...words], { cwd, stdin = 'ignore' } = {}) =>
    spawn(command, words, { cwd, stdio: [stdin, 'pipe', 'pipe'] }) as Program,
};

/** A scope over loopback with these ports. */
export function loopbackScope(ports: readonly number[], more: Partial<Scope> = {}): Scope {
  return {
    schema: 'breakwater.scope/1',
    targets: [{ cidr: '127.0.0.1/32', ports: ports.map((port) => `tcp/${port}`) }],
    caps: { newConnectionsPerSecond: 100, packetsPerSecond: 1000, concurrent: 20, bytes: 10_000_000 },
    window: { start: '2026-01-01T00:00:00Z', end: '2099-01-01T00:00:00Z' },
    lease: 'PT2S',
    ...more,
  };
}

/** A context with a folder of its own, taken away by `dispose`. */
export function besideContext(
  scope: Scope,
  tester: TesterSpec,
  more: Partial<TesterContext> = {},
): { context: TesterContext; folder: string; dispose(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-tester-'));
  const inside = { ...cagePlaces, given: join(folder, 'given'), out: folder };
  return {
    context: { scope, tester, folder, inside, ...more },
    folder,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** All events of one run. */
export async function all(events: AsyncIterable<TesterEvent>): Promise<TesterEvent[]> {
  const told: TesterEvent[] = [];
  for await (const event of events) told.push(event);
  return told;
}

export type EventOf<Kind extends TesterEvent['kind']> = Extract<TesterEvent, { kind: Kind }>;

/** The events of one kind. */
export function of<Kind extends TesterEvent['kind']>(events: readonly TesterEvent[], kind: Kind): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}

/** A TCP service on loopback that counts who came. */
export async function service(
  greet: (socket: Socket) => void = (socket) => socket.end(),
): Promise<{ port: number; readonly connections: number; close(): Promise<void> }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  await listen(server);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
