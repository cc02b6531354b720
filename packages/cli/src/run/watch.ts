/** Watching a run: server-sent events, taken up again when the connection or the server is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerAway, type Client, type Schemas } from '@breakwater/client';
import { NotChecked } from '../frame.ts';

type Run = Schemas['Run'];

const againMs = 500;
/** Longest event that is taken: a run with hundreds of steps stays far below. */
const mostBytes = 4 * 1024 * 1024;

export interface Away {
  /** Told again and again while no server answers, with the milliseconds since the last answer. */
  readonly told: (silentMs: number) => void;
  /** Longest silence that is sat out, ms. */
  readonly waitMs: number;
}

/**
 * The run now, and again at each change, until it has ended. While no server answers, `away` is told and the run is looked
 * for again: it goes on under its guard, and another server may take it up.
 *
 * Throws NotChecked `server.away` when the silence is longer than it is waited for.
 */
export async function* watchRun(client: Client, run: string, away: Away): AsyncGenerator<Run> {
  let answered = performance.now();
  for (;;) {
    try {
      const { data } = await client.GET('/runs/{run}/watch', { params: { path: { run } }, parseAs: 'stream' });
      for await (const event of events(data as ReadableStream<Uint8Array> | undefined)) {
        const now = JSON.parse(event) as Run;
        answered = performance.now();
        yield now;
        if (now.phase === 'ended') return;
      }
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    const silentMs = performance.now() - answered;
    if (silentMs >= away.waitMs) {
      throw new NotChecked(
        'server.away',
        `no server answered for ${Math.round(silentMs / 1000)} s: how the run stands is not known here. Its guard goes on without a server; look at the server, or stop with ./breakwater kill ${run}`,
        run,
      );
    }
    away.told(silentMs);
    await sleep(Math.min(againMs, away.waitMs - silentMs));
  }
}

/** A connection that broke in the middle comes as the stream's own error. */
function isLost(error: unknown): boolean {
  return (
    error instanceof ServerAway || (error instanceof Error && !('status' in error) && !(error instanceof SyntaxError))
  );
}

/** The `data` of each server-sent event. */
async function* events(stream: ReadableStream<Uint8Array> | undefined): AsyncGenerator<string> {
  if (stream === undefined) return;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = text
        .slice(0, end)
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice('data: '.length))
        .join('\n');
      text = text.slice(end + 2);
      if (data !== '') yield data;
    }
    if (text.length > mostBytes) throw new Error('the server sent an event that is too long');
  }
}
