import type { Outcome, SmppSession, Submission } from './session.ts';

/** A text to one recipient: its parts, and whatever the caller knows it by. */
export type Outgoing<T> = { of: T; parts: readonly Submission[] };

/** What became of all parts of a text; `ids` are those that the centre gave, a part each. */
export type Sent<T> = { of: T } & (
  | { kind: 'taken'; ids: readonly string[] }
  | { kind: 'refused'; code: string }
  | { kind: 'unsent' }
  | { kind: 'in-doubt'; ids: readonly string[] }
);

export type SubmitAllOptions = {
  /** Ends the sending: nothing more leaves, and what was sent is waited for until `graceMs` are over. */
  signal: AbortSignal;
  /** Longest time without a connection or room; then the rest is `unsent`. */
  patienceMs: number;
  /** Longest wait for answers after an abort. */
  graceMs: number;
};

const mostInBatch = 100;

/**
 * Submits texts as fast as the session lets them through and gives what became of them in batches of at most 100, in the
 * order in which it became known. Reads no further ahead than the window, so memory does not grow with the list. Every
 * text is in one batch; what was not sent for an abort or want of a connection is there as `unsent`. Only what has no
 * answer when `graceMs` after an abort are over is left out: it is in doubt.
 */
export async function* submitAll<T>(
  session: SmppSession,
  items: AsyncIterable<Outgoing<T>> | Iterable<Outgoing<T>>,
  { signal, patienceMs, graceMs }: SubmitAllOptions,
): AsyncGenerator<Sent<T>[]> {
  let known: Sent<T>[] = [];
  let open = 0;
  let wake: (() => void) | null = null;
  let isOver = false;
  const settle = (sent: Sent<T>): void => {
    known.push(sent);
    open -= 1;
    wake?.();
  };
  const take = (): Sent<T>[] => known.splice(0, mostInBatch);
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  for (;;) {
    const step = iterator.next();
    // A list that is there already is not waited for: a turn of the microtasks for each message would cost as much as sending it.
    const { done, value } = step instanceof Promise ? await step : step;
    if (done === true) break;
    const { of, parts } = value;
    open += 1;
    const part = partsTogether(of, parts.length, settle);
    for (const submission of parts) {
      while (!isOver && (signal.aborted || !session.submit(submission, part, signal))) {
        isOver = signal.aborted || !(await session.room(patienceMs, signal));
      }
      if (isOver) part({ kind: 'unsent' });
    }
    while (known.length >= mostInBatch) yield take();
  }
  while (open > 0) {
    if (known.length > 0) {
      yield take();
      continue;
    }
    const isWaitedFor = await new Promise<boolean>((resolve) => {
      const end = (isMore: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        wake = null;
        resolve(isMore);
      };
      // What waits to be sent again is given back at once.
      const abort = (): void => void session.room(0, signal).then(() => end(true));
      const timer = setTimeout(() => end(!signal.aborted), signal.aborted ? graceMs : patienceMs);
      signal.addEventListener('abort', abort, { once: true });
      wake = () => end(true);
    });
    if (!isWaitedFor) break;
  }
  while (known.length > 0) yield take();
}

/** One callback for all parts of a text, which says what became of the whole once every part is known. */
function partsTogether<T>(of: T, count: number, settle: (sent: Sent<T>) => void): (outcome: Outcome) => void {
  // Most texts have one part: there nothing is gathered.
  if (count === 1) return (outcome) => settle(only(of, outcome));
  const outcomes: Outcome[] = [];
  return (outcome) => {
    outcomes.push(outcome);
    if (outcomes.length === count) settle(whole(of, outcomes));
  };
}

function only<T>(of: T, outcome: Outcome): Sent<T> {
  if (outcome.kind === 'taken') return { of, kind: 'taken', ids: [outcome.id] };
  return outcome.kind === 'in-doubt' ? { of, kind: 'in-doubt', ids: [] } : { of, ...outcome };
}

function whole<T>(of: T, outcomes: readonly Outcome[]): Sent<T> {
  const ids = outcomes.flatMap((outcome) => (outcome.kind === 'taken' ? [outcome.id] : []));
  if (ids.length === outcomes.length) return { of, kind: 'taken', ids };
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) return { of, kind: 'refused', code: refused.code };
  return outcomes.every(({ kind }) => kind === 'unsent') ? { of, kind: 'unsent' } : { of, kind: 'in-doubt', ids };
}
