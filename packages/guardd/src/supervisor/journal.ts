/**
 * The journal of one run on disk: one line an entry, hash-chained, fsynced before `durable` resolves.
 *
 * The file is longer than its entries: zeros behind them are space that is ours already, so that a disk that fills up
 * stops the work but leaves room for the entries of its recovery. What a crash left half written ends at the first
 * line that does not continue the chain.
 */
import { fsyncSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sealEntry, verifyChain } from '@breakwater/rules/guard';
import type { JournalEntry, JournalEvent } from '@breakwater/rules/guard/record';
import { bootId, instantOf, monoNow, wallNow } from '../clock.ts';
import { codeOf } from '../log.ts';

/** Space that is kept for the recovery. */
export const reserveBytes = 256 * 1024;
const growBytes = 256 * 1024;

export interface Appended {
  readonly entry: JournalEntry;
  /** Resolves when the entry is on the disk; rejects when it cannot be written there. */
  readonly durable: Promise<void>;
}

/** Why the journal cannot grow any more. */
export interface JournalTrouble {
  readonly code: string;
  readonly reserveBytes: number;
}

interface Waiting {
  readonly line: Buffer;
  readonly entry: JournalEntry;
  resolve(): void;
  reject(error: Error): void;
}

export class Journal {
  /** Set when no effect of the work may follow; entries of the recovery still go into the reserve. */
  trouble: JournalTrouble | null = null;
  readonly #file: FileHandle;
  readonly #run: string;
  readonly #host: string;
  readonly #onDurable: (entry: JournalEntry) => void;
  #last: JournalEntry | null;
  #durable: JournalEntry | null;
  #position: number;
  #size: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  private constructor(
    file: FileHandle,
    state: { run: string; host: string; read: ReadJournal; size: number; onDurable: (entry: JournalEntry) => void },
  ) {
    this.#file = file;
    this.#run = state.run;
    this.#host = state.host;
    this.#onDurable = state.onDurable;
    this.#last = state.read.entries.at(-1) ?? null;
    this.#durable = this.#last;
    this.#position = state.read.bytes;
    this.#size = state.size;
    if (state.read.damaged) this.trouble = { code: 'DAMAGED', reserveBytes };
  }

  /**
   * Opens or makes the journal at `path`. Bytes behind the last whole entry are wiped; when they held more than one torn
   * line they are kept at `damagedPath` and the journal is in trouble. Throws when the reserve cannot be had.
   */
  static async open(
    path: string,
    damagedPath: string,
    about: { run: string; host: string; onDurable: (entry: JournalEntry) => void },
  ): Promise<{ journal: Journal; entries: readonly JournalEntry[] }> {
    const file = await open(path, 'a+', 0o600).then(async (made) => {
      await made.close();
      return open(path, 'r+');
    });
    const bytes = readFileSync(path);
    const read = readJournal(bytes);
    if (read.damaged) writeFileSync(damagedPath, bytes.subarray(read.bytes), { mode: 0o600 });
    await file.write(Buffer.alloc(bytes.length - read.bytes), 0, bytes.length - read.bytes, read.bytes);
    await file.sync();
    syncFolder(dirname(path));
    const journal = new Journal(file, { ...about, read, size: bytes.length });
    await journal.#reserve(read.bytes + growBytes + reserveBytes);
    if (read.entries.length === 0 && journal.trouble !== null) {
      throw Object.assign(new Error('there is no space for the journal'), { code: journal.trouble.code });
    }
    return { journal, entries: read.entries };
  }

  get last(): JournalEntry | null {
    return this.#last;
  }

  /** The last entry that is on the disk. */
  get durable(): JournalEntry | null {
    return this.#durable;
  }

  /** Adds an entry to the chain now; it is written in order, several in one go where they come together. */
  append(epoch: number, event: JournalEvent): Appended {
    const entry = sealEntry({
      schema: 'breakwater.journal/1',
      run: this.#run,
      host: this.#host,
      seq: (this.#last?.seq ?? -1) + 1,
      epoch,
      at: instantOf(wallNow()),
      mono: Math.round(monoNow() * 1000) / 1000,
      boot: bootId(),
      event,
      prev: this.#last?.hash ?? null,
    });
    this.#last = entry;
    const durable = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ line: Buffer.from(`${JSON.stringify(entry)}\n`), entry, resolve, reject });
    });
    durable.catch(() => undefined);
    this.#writing ??= this.#write();
    return { entry, durable };
  }

  /** Resolves when everything appended so far is on the disk or has failed. */
  async flushed(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Gives the reserve back and closes the file; no entry may follow. */
  async close(): Promise<void> {
    await this.flushed();
    await this.#file.truncate(this.#position);
    await this.#file.sync();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      const bytes = Buffer.concat(batch.map(({ line }) => line));
      try {
        await this.#grow(bytes.length);
        if (this.#position + bytes.length > this.#size)
          throw Object.assign(new Error('the reserve of the journal is used up'), { code: 'ENOSPC' });
        await this.#file.write(bytes, 0, bytes.length, this.#position);
        await this.#file.datasync();
        this.#position += bytes.length;
        for (const { entry, resolve } of batch) {
          this.#durable = entry;
          this.#onDurable(entry);
          resolve();
        }
      } catch (error) {
        this.trouble = { code: codeOf(error), reserveBytes: 0 };
        for (const { reject } of batch) reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#writing = null;
  }

  /** Keeps the reserve ahead of the entries while the disk allows it. */
  async #grow(bytes: number): Promise<void> {
    if (this.#size - this.#position - bytes < reserveBytes) await this.#reserve(this.#size + growBytes);
  }

  /** Makes the file at least `size` long, with space on the disk that is ours; notes it when that cannot be had. */
  async #reserve(size: number): Promise<void> {
    if (this.trouble !== null || size <= this.#size) return;
    const bytes = size - this.#size;
    try {
      await this.#file.write(Buffer.alloc(bytes), 0, bytes, this.#size);
      await this.#file.sync();
      this.#size = size;
    } catch (error) {
      this.trouble = { code: codeOf(error), reserveBytes: Math.max(0, this.#size - this.#position) };
    }
  }
}

export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  /** Where the last whole entry ends. */
  readonly bytes: number;
  /** More than one torn line lies behind it. */
  readonly damaged: boolean;
}

/** The entries in the bytes of a journal file, up to the first line that does not continue the chain. */
export function readJournal(bytes: Buffer): ReadJournal {
  const entries: JournalEntry[] = [];
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, from);
    const entry = end === -1 ? null : parseEntry(bytes.subarray(from, end), entries.at(-1) ?? null);
    if (entry === null) break;
    entries.push(entry);
    from = end + 1;
  }
  const rest = bytes.subarray(from);
  const torn = rest.subarray(0, lastWritten(rest) + 1);
  return { entries, bytes: from, damaged: torn.subarray(0, -1).includes(0x0a) };
}

function parseEntry(line: Buffer, before: JournalEntry | null): JournalEntry | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return verifyChain([value], before) === null ? (value as JournalEntry) : null;
  } catch {
    return null;
  }
}

function lastWritten(bytes: Buffer): number {
  let at = bytes.length - 1;
  while (at >= 0 && bytes[at] === 0) at--;
  return at;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
