/** The supervisor's socket: guardd forwards requests to it, and everything the journal takes goes back over it. */
import { createServer, type Server, type Socket } from 'node:net';
import { unlinkSync } from 'node:fs';
import type { Request } from '@breakwater/rules/guard';
import type { JournalEntry } from '@breakwater/rules/guard/record';
import { formatLine, parseLine, readLines } from '../lines.ts';
import { codeOf, type Log } from '../log.ts';
import { Refused } from '../refused.ts';
import { reachSocket } from '../socket-path.ts';
import type { RunGuard } from './run-guard.ts';

/** A request on its way from guardd to a supervisor. `through`: the socket that it came in by. */
export interface Forwarded {
  readonly id: number;
  readonly request: Exclude<
    Request,
    { type: 'hello' | 'findings' | 'allow-starts' | 'certificate' | 'certificate-request' }
  >;
  readonly through: 'socket' | 'orchestrator';
}

export interface Control {
  /** Hands a durable entry to everybody who follows. */
  tell(entry: JournalEntry): void;
  close(): void;
}

/** Listens at `path` (its folder is the daemon's alone). `durable` is the journal so far; it grows, and `tell` says by what. */
export async function openControl(
  path: string,
  guard: RunGuard,
  durable: readonly JournalEntry[],
  log: Log,
): Promise<Control> {
  const followers = new Map<Socket, number>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => followers.delete(socket));
    readLines(
      socket,
      (line) => void serve(socket, parseLine(line) as Forwarded),
      () => socket.destroy(),
    );
  });
  await listen(server, path);

  async function serve(socket: Socket, forwarded: Forwarded): Promise<void> {
    const { id, request } = forwarded;
    if (request.type === 'entries') {
      for (const entry of durable) if (entry.seq > request.after) socket.write(formatLine({ id, entry }));
      if (request.follow) followers.set(socket, id);
      socket.write(formatLine({ id, ok: { lastSeq: durable.at(-1)?.seq ?? -1 } }));
      return;
    }
    try {
      socket.write(formatLine({ id, ok: await answer(guard, request, forwarded.through) }));
    } catch (error) {
      if (error instanceof Refused) return void socket.write(formatLine({ id, refused: error.refusal }));
      log('request-failed', { type: request.type, code: codeOf(error) });
      socket.write(
        formatLine({
          id,
          refused: {
            reason: 'host-unfit',
            code: codeOf(error),
            detail: `the supervisor could not answer to ${request.type}`,
          },
        }),
      );
    }
  }

  return {
    tell(entry) {
      for (const [socket, id] of followers) socket.write(formatLine({ id, entry }));
    },
    close() {
      server.close();
      for (const socket of followers.keys()) socket.end();
    },
  };
}

async function answer(
  guard: RunGuard,
  request: Exclude<Forwarded['request'], { type: 'entries' }>,
  through: Forwarded['through'],
): Promise<unknown> {
  switch (request.type) {
    case 'prepare':
      await guard.ready();
      return guard.prepare(request);
    case 'renew':
      return guard.renew(request);
    case 'begin':
      return guard.begin(request);
    case 'rollback':
      return guard.rollback(request);
    case 'resume':
      return guard.resume(request);
    case 'close':
      return guard.close(request);
    case 'stop':
      return { stopped: [await guard.pull(request.lever, request.by, through)] };
    case 'status':
      return { runs: [guard.state()] };
  }
}

async function listen(server: Server, path: string): Promise<void> {
  const reached = reachSocket(path);
  try {
    unlinkSync(reached.path);
  } catch {
    // Nothing is left of an earlier supervisor.
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(reached.path, resolve);
  });
}
