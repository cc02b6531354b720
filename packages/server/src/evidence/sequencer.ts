import { BreakwaterError } from '@breakwater/rules';
import {
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
} from '@breakwater/rules/evidence';
import { nodeVerifier } from '@breakwater/verify';
import { type Db, type Tx, inTransaction, lockKey } from '#platform/db';
import { type OutsideWitness, checkContinuity, checkExtends } from './continuity.ts';
import type { OutsideCheckpoint } from './outside.ts';
import { type LogSigner, signText } from './signer.ts';
import {
  type StoredCheckpoint,
  type TreeState,
  holdsMilestone,
  insertCheckpoint,
  insertOrigin,
  isMoved,
  lock,
  newestCommitted,
  pendingExists,
  placeMoved,
  placePending,
  readCheckpoint,
  readLogKeys,
  readOrigin,
  readTreeState,
  requestTimestamp,
  tryLock,
} from './store.ts';
import { extendTree } from './tree.ts';

export interface SequencerOptions {
  /** Connected as `breakwater_sequencer`; at least two connections. */
  readonly db: Db;
  readonly signer: LogSigner;
  readonly outside: OutsideCheckpoint;
  readonly witnesses: readonly OutsideWitness[];
  /** Types of records after which the log is signed at once and the checkpoint is time-stamped. */
  readonly milestones: ReadonlySet<string>;
  /** Most entries of one batch. */
  readonly batch: number;
}

export interface Integrated {
  readonly entries: number;
  /** One of them was a milestone. */
  readonly milestone: boolean;
}

/** The lock under which the tree is moved and signed. */
const LOCK = lockKey('evidence-sequencer');
const LOCK_WAIT_MS = 10_000;
const FLUSH_PAUSE_MS = 10;

/**
 * Takes entries from the outbox into the tree and signs the tree.
 *
 * Any number of processes may run one on the same database: each batch and each signature is made under a lock of the
 * database by whoever gets it, and the tree moves by compare-and-set, so two of them cannot fork it.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  #refusal: BreakwaterError | null = new BreakwaterError(
    'evidence.not-started',
    'the log was not checked yet: start the sequencer',
  );

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  get origin(): string {
    return this.#options.signer.key.name;
  }

  /** Why nothing is signed; null when the log may be signed. */
  get refusal(): BreakwaterError | null {
    return this.#refusal;
  }

  /** From now on nothing is integrated or signed. */
  refuse(why: BreakwaterError): void {
    this.#refusal = why;
  }

  /**
   * Checks that the tree continues what was signed before, and opens the log when it is new.
   *
   * @throws BreakwaterError as `checkContinuity`; from then on nothing is signed.
   */
  async check(): Promise<void> {
    const { db, signer, outside, witnesses } = this.#options;
    try {
      await withLogAtRest(db, async (tx, state) => {
        await checkContinuity(tx, state, signer, outside, witnesses);
        if ((await readOrigin(tx)) === null) {
          await insertOrigin(tx, { ordinal: 1, origin: this.origin }, state, formatVerifierKey(signer.key));
        }
        if (await isMoved(tx, state)) await takeMoved(tx, state);
      });
      this.#refusal = null;
    } catch (error) {
      if (error instanceof BreakwaterError) this.#refusal = error;
      throw error;
    }
  }

  /** Integrates one batch; no entries when there are none, or when another process is at it. */
  async integrate(): Promise<Integrated> {
    this.#throwIfRefused();
    const { db, batch, milestones } = this.#options;
    const nothing: Integrated = { entries: 0, milestone: false };
    if (!(await pendingExists(db))) return nothing;
    return inTransaction(db, async (tx) => {
      if (!(await tryLock(tx, LOCK))) return nothing;
      const before = await readTreeState(tx);
      const placed = await placePending(tx, before, batch);
      const last = placed.at(-1);
      if (last === undefined) return nothing;
      await extendTree(tx, before, placed, { xid: last.xid, entry: last.entry, entryFloor: before.entryFloor });
      return { entries: placed.length, milestone: placed.some(({ type }) => milestones.has(type)) };
    });
  }

  /**
   * Signs the tree when it has grown since the newest checkpoint, which is returned; null while the log is empty.
   *
   * The note is on disk outside the database before it is stored or shown: whatever anyone has seen of this log, the next
   * start knows of.
   */
  async checkpoint(): Promise<StoredCheckpoint | null> {
    this.#throwIfRefused();
    const { db, signer, outside, milestones } = this.#options;
    try {
      return await withLogAtRest(db, async (tx, state) => {
        const latest = await readCheckpoint(tx, this.origin);
        await this.#checkSigned(tx, state, latest);
        if (state.size === 0 || latest?.size === state.size) return latest;
        const text = formatCheckpoint({ origin: this.origin, size: state.size, root: state.root });
        const note = formatNote({ text, signatures: [await signText(signer, text)] });
        await outside.keep(this.origin, state.size, note);
        const checkpoint = { origin: this.origin, size: state.size, note };
        await insertCheckpoint(tx, checkpoint, state.root);
        if (await holdsMilestone(tx, latest?.size ?? 0, state.size, milestones)) await requestTimestamp(tx, checkpoint);
        return checkpoint;
      });
    } catch (error) {
      if (error instanceof BreakwaterError) this.#refusal = error;
      throw error;
    }
  }

  /**
   * Returns when everything that was committed before the call is in the tree, and the tree is signed.
   *
   * @throws BreakwaterError `evidence.held-back` when a transaction that began earlier stays open beyond `timeoutMs`.
   */
  async flush(timeoutMs: number): Promise<StoredCheckpoint | null> {
    const { db } = this.#options;
    const deadline = performance.now() + timeoutMs;
    const target = await newestCommitted(db);
    while (target !== null && !reached(await readTreeState(db), target)) {
      const { entries } = await this.integrate();
      if (performance.now() > deadline) {
        throw new BreakwaterError(
          'evidence.held-back',
          `entries were not integrated within ${timeoutMs} ms: a transaction that began before them is still open`,
        );
      }
      if (entries === 0) await new Promise((resolve) => setTimeout(resolve, FLUSH_PAUSE_MS));
    }
    return this.checkpoint();
  }

  /** Nothing is signed that does not extend what this host and this database know to be signed. */
  async #checkSigned(tx: Tx, state: TreeState, latest: StoredCheckpoint | null): Promise<void> {
    const keys = (await readLogKeys(tx, this.origin)).map((key) => parseVerifierKey(key.vkey));
    const kept = await this.#options.outside.read(this.origin);
    for (const note of [kept, latest?.note ?? null]) {
      if (note === null) continue;
      const signed = parseCheckpoint(openNote(note, keys, nodeVerifier).text);
      if (signed.size < BigInt(state.size) || note === kept) await checkExtends(tx, state, signed);
    }
  }

  #throwIfRefused(): void {
    if (this.#refusal !== null) throw this.#refusal;
  }
}

/** Does `work` with the log at rest: nothing is integrated or signed meanwhile, by any process. */
export async function withLogAtRest<T>(db: Db, work: (tx: Tx, state: TreeState) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => {
    await lock(tx, LOCK, LOCK_WAIT_MS);
    return work(tx, await readTreeState(tx));
  });
}

function reached(state: TreeState, target: { xid: string; entry: number }): boolean {
  const [at, wanted] = [BigInt(state.xid), BigInt(target.xid)];
  return at > wanted || (at === wanted && state.entry >= target.entry);
}

/**
 * Takes up the entries of a database that was moved to another PostgreSQL, and starts the order of transaction ids anew.
 * Nobody appends meanwhile.
 */
async function takeMoved(tx: Tx, before: TreeState): Promise<void> {
  const { placed, last } = await placeMoved(tx, before);
  await extendTree(tx, before, placed, { xid: '0', entry: 0, entryFloor: last });
}
