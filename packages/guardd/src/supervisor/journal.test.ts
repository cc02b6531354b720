import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyChain } from '@breakwater/rules/guard';
import type { JournalEntry } from '@breakwater/rules/guard/record';
import { Journal, readJournal, reserveBytes } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'journal.jsonl');
const damaged = (): string => join(folder, 'journal.damaged');
async function open(told: JournalEntry[] = []): Promise<Awaited<ReturnType<typeof Journal.open>>> {
  return Journal.open(path(), damaged(), { run: 'r1', host: 'local', onDurable: (entry) => told.push(entry) });
}
const lost = (silentMs: number) => ({ type: 'lease.lost', data: { silentMs } }) as const;

describe('the journal', () => {
  test('writes entries in the order they were appended, chained, and tells each once it is on the disk', async () => {
    const told: JournalEntry[] = [];
    const { journal } = await open(told);
    const appended = Array.from({ length: 50 }, (_, i) => journal.append(1, lost(i)));
    await Promise.all(appended.map(({ durable }) => durable));
    expect(told).toEqual(appended.map(({ entry }) => entry));
    expect(journal.durable).toEqual(appended.at(-1)?.entry);
    const read = readJournal(readFileSync(path()));
    expect(read.entries).toEqual(told);
    expect(verifyChain(read.entries)).toBeNull();
    await journal.close();
    expect(readFileSync(path(), 'utf8').trim().split('\n')).toHaveLength(50);
  });

  test('keeps its reserve ahead while it grows', async () => {
    const { journal } = await open();
    const size = statSync(path()).size;
    expect(size).toBeGreaterThanOrEqual(reserveBytes);
    for (let i = 0; i < 1500; i++) journal.append(1, lost(i));
    await journal.flushed();
    expect(statSync(path()).size).toBeGreaterThan(size);
    expect(journal.trouble).toBeNull();
    await journal.close();
  });

  test('goes on after the last whole entry, wherever a crash tore it', async () => {
    const { journal } = await open();
    for (let i = 0; i < 5; i++) journal.append(1, lost(i));
    await journal.flushed();
    const whole = readFileSync(path());
    await journal.close();
    const end = whole.indexOf(0);
    await fc.assert(
      fc.asyncProperty(fc.nat(end - 1), async (cut) => {
        const torn = Buffer.from(whole);
        torn.fill(0, cut);
        writeFileSync(path(), torn);
        const before = readJournal(torn).entries.length;
        const { journal: again, entries } = await open();
        expect(entries).toHaveLength(before);
        expect(again.trouble).toBeNull();
        await again.append(2, lost(9)).durable;
        const read = readJournal(readFileSync(path()));
        expect(read).toMatchObject({ damaged: false });
        expect(read.entries).toHaveLength(before + 1);
        expect(verifyChain(read.entries)).toBeNull();
        await again.close();
      }),
      { numRuns: 30 },
    );
  });

  test('that was changed in the middle takes nothing from behind the change, and keeps it apart', async () => {
    const { journal } = await open();
    for (let i = 0; i < 5; i++) journal.append(1, lost(i));
    await journal.close();
    const text = readFileSync(path(), 'utf8');
    writeFileSync(path(), text.replace('"silentMs":2', '"silentMs":7'));
    const { journal: again, entries } = await open();
    expect(entries).toHaveLength(2);
    expect(again.trouble).toMatchObject({ code: 'DAMAGED' });
    expect(readFileSync(damaged(), 'utf8')).toContain('"silentMs":7');
    await again.close();
  });

  test('of any bytes is read without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const read = readJournal(Buffer.from(bytes));
        expect(read.entries).toEqual([]);
        expect(read.bytes).toBe(0);
      }),
    );
  });

  test('is not there before it is opened', () => {
    expect(existsSync(path())).toBe(false);
  });
});
