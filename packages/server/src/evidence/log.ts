import { BreakwaterError } from '@breakwater/rules';
import { type NoteSignature, parseNote } from '@breakwater/rules/evidence';
import type { Clock } from '#platform/clock';
import { connect } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { cosign, outsideWitness } from './cosigning.ts';
import { keepDoing } from './keep-doing.ts';
import type { OutsideCheckpoint } from './outside.ts';
import { type SignedCheckpoint, lag, latestCheckpoint } from './read.ts';
import { Sequencer } from './sequencer.ts';
import { type LogSigner, signText } from './signer.ts';
import { insertTimestamp, readCheckpoint, readUnstamped } from './store.ts';
import { hostOf, requestToken } from './timestamp-client.ts';
import type { KnownWitness } from './witness-client.ts';

export interface EvidenceOptions {
  /** PostgreSQL of the log, for connections of its own as `breakwater_sequencer`. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signer: LogSigner;
  readonly outside: OutsideCheckpoint;
  /** Default none: then only this host's own memory stands against a rewind. */
  readonly witnesses?: readonly KnownWitness[];
  /** Addresses of RFC 3161 authorities, tried in order. Default none: requests wait. */
  readonly authorities?: readonly string[];
  /** Types of records that are signed at once and time-stamped, such as `plan.approved`. Default none. */
  readonly milestones?: ReadonlySet<string>;
  /** Most entries of one batch. Default 1,024. */
  readonly batch?: number;
  /** Longest that a grown log stays unsigned. Default 60,000 ms. */
  readonly checkpointEveryMs?: number;
  /** Age of the oldest waiting entry at which an alarm is logged. Default 10,000 ms. */
  readonly alarmAfterMs?: number;
}

/** The log of an installation, for the process that holds its key. */
export interface EvidenceLog {
  /**
   * Checks that the log continues what was signed, so that `flush` and `checkpoint` may be called; runs nothing by itself.
   *
   * @throws BreakwaterError `evidence.rewound`, `evidence.diverged` and others of `checkContinuity`: nothing is signed.
   */
  open(): Promise<void>;
  /** As `open`, and integrates every 100 ms, signs, and collects cosignatures and time stamps until closed. */
  start(): Promise<void>;
  /** The signature of the log's key on the text of a note that is not a checkpoint, such as a dossier's manifest. */
  seal(text: string): Promise<NoteSignature>;
  /** Integrates one batch now and returns its entries. */
  integrate(): Promise<number>;
  /** Signs the log if it has grown; the newest checkpoint, or null while the log is empty. */
  checkpoint(): Promise<SignedCheckpoint | null>;
  /**
   * Returns the signed checkpoint over everything that was committed before the call.
   *
   * @throws BreakwaterError `evidence.held-back` after `timeoutMs` (default 30,000).
   */
  flush(timeoutMs?: number): Promise<SignedCheckpoint | null>;
  /** Asks every witness for the newest checkpoint now; how many have cosigned it. */
  cosign(): Promise<number>;
  /** Asks the authorities for every token that is waited for; how many came. */
  stamp(): Promise<number>;
  /** Why nothing is signed; null when the log runs. */
  readonly refusal: BreakwaterError | null;
  /** Ends the work in progress and the connections. */
  close(): Promise<void>;
}

const INTEGRATE_EVERY_MS = 100;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const STAMPS_AT_ONCE = 100;
const FLUSH_TIMEOUT_MS = 30_000;

/** Refusals that end the log of this process, whoever finds them. */
const FINAL: ReadonlySet<string> = new Set(['evidence.rewound', 'evidence.diverged']);

/** Makes the log of an installation. Nothing runs before `start`. */
export function createEvidence(options: EvidenceOptions): EvidenceLog {
  const { clock, log, signer, witnesses = [], authorities = [], batch = 1_024 } = options;
  const { checkpointEveryMs = 60_000, alarmAfterMs = 10_000, milestones = new Set<string>() } = options;
  const db = connect(options.url, { role: 'breakwater_sequencer', max: 5, name: 'breakwater-sequencer' });
  const closing = new AbortController();
  const warn = (message: string) => (error: unknown) => log.warn({ error }, message);
  const outside = witnesses.map((witness) => outsideWitness(db, signer, witness, warn('a witness could not be asked')));
  const sequencer = new Sequencer({ db, signer, outside: options.outside, witnesses: outside, milestones, batch });
  const loops: Promise<void>[] = [];
  let signedAt = 0;
  let alarmed = false;

  /** A refusal stays until someone acts, so it is logged once and ends the loops; anything else is tried again. */
  const failed = (message: string) => (error: unknown) => {
    if (sequencer.refusal === null) return warn(message)(error);
    if (!closing.signal.aborted) log.error({ error: sequencer.refusal }, 'evidence is no longer signed');
    closing.abort();
  };

  const integrateAll = async (): Promise<void> => {
    for (let more = true; more && !closing.signal.aborted;) {
      const { entries, milestone } = await sequencer.integrate();
      const now = clock.monotonicMs();
      if (milestone || now - signedAt >= checkpointEveryMs) {
        await sequencer.checkpoint();
        signedAt = now;
      }
      more = entries === batch;
    }
  };

  const watchLag = async (): Promise<void> => {
    const behind = await lag(db);
    const late = behind.oldestMs >= alarmAfterMs;
    if (late && !alarmed) log.error({ ...behind }, 'evidence waits too long to be integrated');
    alarmed = late;
  };

  const cosignNewest = async (): Promise<{ cosigned: number; errors: unknown[] }> => {
    const newest = await readCheckpoint(db, sequencer.origin);
    const asked = newest === null ? [] : witnesses.map((witness) => cosign(db, witness, newest));
    const answers = await Promise.allSettled(asked);
    const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    const final = errors.find((error) => error instanceof BreakwaterError && FINAL.has(error.code));
    if (final !== undefined) sequencer.refuse(final as BreakwaterError);
    return { cosigned: answers.filter((answer) => answer.status === 'fulfilled' && answer.value).length, errors };
  };

  const cosignOrFail = async (): Promise<void> => {
    const { errors } = await cosignNewest();
    if (errors.length > 0) throw errors[0];
  };

  const stampWaiting = async (): Promise<number> => {
    const waiting = authorities.length === 0 ? [] : await readUnstamped(db, STAMPS_AT_ONCE);
    for (const checkpoint of waiting) {
      const { token, time, authority } = await firstToken(authorities, Buffer.from(parseNote(checkpoint.note).text));
      await insertTimestamp(db, { ...checkpoint, authority, token, at: time });
    }
    return waiting.length;
  };

  const loop = (work: () => Promise<unknown>, everyMs: number, longestMs: number, message: string): void => {
    loops.push(keepDoing(work, { everyMs, longestMs, signal: closing.signal, onError: failed(message) }));
  };

  return {
    get refusal() {
      return sequencer.refusal;
    },
    open: () => sequencer.check(),
    seal: (text) => signText(signer, text),
    async start() {
      await sequencer.check();
      signedAt = clock.monotonicMs();
      loop(integrateAll, INTEGRATE_EVERY_MS, SECOND_MS, 'evidence could not be integrated');
      loop(watchLag, SECOND_MS, SECOND_MS, 'the lag of evidence could not be read');
      if (witnesses.length > 0) loop(cosignOrFail, SECOND_MS, MINUTE_MS, 'a witness did not cosign');
      if (authorities.length > 0) loop(stampWaiting, SECOND_MS, MINUTE_MS, 'no time-stamping authority gave a token');
    },
    integrate: async () => (await sequencer.integrate()).entries,
    async checkpoint() {
      await sequencer.checkpoint();
      return latestCheckpoint(db);
    },
    async flush(timeoutMs = FLUSH_TIMEOUT_MS) {
      await sequencer.flush(timeoutMs);
      return latestCheckpoint(db);
    },
    async cosign() {
      const { cosigned, errors } = await cosignNewest();
      errors.forEach(failed('a witness did not cosign'));
      return cosigned;
    },
    stamp: stampWaiting,
    async close() {
      closing.abort();
      await Promise.all(loops);
      await db.destroy();
    },
  };
}

/** The token of the first authority that gives one. */
async function firstToken(
  urls: readonly string[],
  data: Uint8Array,
): Promise<{ token: Uint8Array; time: Date; authority: string }> {
  let last: unknown;
  for (const url of urls) {
    try {
      return { ...(await requestToken(url, data)), authority: hostOf(url) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
