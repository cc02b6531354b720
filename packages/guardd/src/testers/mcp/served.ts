/** Our probes beside an agent of others in one cage: what it starts them with, and what they told. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TesterEvent } from '@breakwater/rules/containment';
import type { CageMount } from '../../cage/index.ts';
import { monoNow } from '../../clock.ts';
import { reachSocket } from '../../socket-path.ts';
import { maxEventBytes, readEventLine } from '../event-lines.ts';
import { giveFiles } from '../given.ts';
import { insideProgram } from '../inside.ts';
import { createLineSplitter } from '../lines.ts';
import { cagePlaces, type TesterContext } from '../tester.ts';
import type { McpOrder } from './inside.ts';

/** Probes of an agent whose plan sets no budget of steps. */
const defaultSteps = 500;
const socketName = 'probes.sock';
/** Servers of one agent at a time. */
const mostSpeakers = 32;
/** Lines of one agent; what it says beyond them is dropped. */
const mostLines = 200_000;
/** How long what is on its way may take after the agent has ended, ms. */
const partingMs = 500;

/** The server's command as the agent starts it. */
export function serverArgv(context: TesterContext): readonly string[] {
  const { given } = context.inside ?? cagePlaces;
  return insideProgram('mcp', [`${given}/mcp-order.json`, `${toldPlace(context)}/${socketName}`], context).argv;
}

/** Files and mounts of the server. `mcp.json` is the configuration that agents take: `mcpServers` by name. */
export function serverMounts(context: TesterContext): CageMount[] {
  const [command = '', ...args] = serverArgv(context);
  const { scope, tester } = context;
  const order: McpOrder = { scope, steps: tester.budgets?.steps ?? defaultSteps };
  const given = giveFiles(context, {
    'mcp-order.json': JSON.stringify(order),
    'mcp.json': JSON.stringify({ mcpServers: { breakwater: { type: 'stdio', command, args } } }),
  });
  const from = toldFolder(context);
  mkdirSync(from, { recursive: true, mode: 0o755 });
  // The socket in it is there before the agent begins; a mount that cannot be written to lets it be spoken to.
  const told = { from, at: toldPlace(context), writable: false };
  return [given, told, ...insideProgram('mcp', [], context).mounts];
}

const toldFolder = ({ folder }: TesterContext): string => join(folder, 'told');
const toldPlace = (context: TesterContext): string =>
  context.inside === undefined ? '/run/breakwater-told' : toldFolder(context);

/** What the probes tell while they are served. */
export interface Told {
  /** Takes what is still on its way, then nothing more. */
  end(): Promise<void>;
}

/**
 * Listens for what the probes tell. The socket is all that the agent can write to: it fills no disk, and whoever speaks over it is
 * believed in nothing.
 */
export function listenTold(context: TesterContext, tell: (event: TesterEvent) => void): Told {
  const path = join(toldFolder(context), socketName);
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  let lines = 0;
  const server = createServer((socket) => {
    if (open.size >= mostSpeakers) return void socket.destroy();
    const splitter = createLineSplitter(maxEventBytes);
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const line of splitter.take(chunk)) {
        const event = line === null || ++lines > mostLines ? null : readEventLine(line);
        if (event !== null && event.kind !== 'outcome') tell(event);
      }
    });
  });
  server.on('error', () => undefined);
  const reachable = reachSocket(path);
  server.once('close', reachable.release);
  server.listen(reachable.path, () => {
    // The agent runs as nobody; the folder around this one is ours alone.
    chmodSync(path, 0o666);
  });
  return {
    async end() {
      const until = monoNow() + partingMs;
      while (open.size > 0 && monoNow() < until) await sleep(10);
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(path, { force: true });
    },
  };
}
