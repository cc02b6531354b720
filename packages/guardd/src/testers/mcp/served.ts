/** Our probes beside an agent of others in one cage: what it starts them with, and what they told. */
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { TesterEvent } from '@breakwater/rules/containment';
import type { CageMount } from '../../cage/index.ts';
import { maxEventBytes, readEventLine } from '../event-lines.ts';
import { giveFiles } from '../given.ts';
import { insideProgram } from '../inside.ts';
import { createLineSplitter } from '../lines.ts';
import { cagePlaces, type TesterContext } from '../tester.ts';
import type { McpOrder } from './inside.ts';

/** Probes of an agent whose plan sets no budget of steps. */
const defaultSteps = 500;
const eventsName = 'probes.jsonl';
const readBytes = 256 * 1024;
/** Of the whole file: the agent could write into it as well as the probes. */
const maxFileBytes = 64 * 1024 * 1024;

/** The server's command as the agent starts it. */
export function serverArgv(context: TesterContext): readonly string[] {
  const { given } = context.inside ?? cagePlaces;
  return insideProgram('mcp', [`${given}/mcp-order.json`, `${toldPlace(context)}/${eventsName}`], context).argv;
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
  mkdirSync(from, { recursive: true });
  // The agent runs as nobody; the folder around this one is ours alone.
  chmodSync(from, 0o777);
  const told = { from, at: toldPlace(context), writable: true };
  return [given, told, ...insideProgram('mcp', [], context).mounts];
}

const toldFolder = ({ folder }: TesterContext): string => join(folder, 'told');
const toldPlace = (context: TesterContext): string =>
  context.inside === undefined ? '/run/breakwater-told' : toldFolder(context);

/** Reads what the probes have told since the last call. The file lies where the agent can write: it is believed in nothing. */
export function followTold(context: TesterContext): () => Iterable<TesterEvent> {
  const path = join(toldFolder(context), eventsName);
  const splitter = createLineSplitter(maxEventBytes);
  const buffer = Buffer.alloc(readBytes);
  let at = 0;
  return function* () {
    for (let size = 1; size > 0 && at < maxFileBytes; at += size) {
      size = readAt(path, buffer, at);
      for (const line of splitter.take(Buffer.from(buffer.subarray(0, size)))) {
        const event = line === null ? null : readEventLine(line);
        if (event !== null && event.kind !== 'outcome') yield event;
      }
    }
  };
}

/** Neither a link nor a pipe is followed: only a plain file is read. */
function readAt(path: string, buffer: Buffer, at: number): number {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return fstatSync(file).isFile() ? readSync(file, buffer, 0, buffer.length, at) : 0;
  } catch {
    return 0;
  } finally {
    if (file !== null) closeSync(file);
  }
}
