import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryHash, headMessage, verifyChain } from './index.ts';
import { begin, end, journalOf } from './journal-writer.testing.ts';
import { journalEntry } from './record.ts';

const entries = journalOf([
  { ms: 10, event: { type: 'epoch.changed', data: { from: 0, owner: 'w1' } } },
  { ms: 20, event: begin('a', 'do') },
  { ms: 900, event: end('a', 'do', 'done') },
  { ms: 950, event: begin('b', 'do'), epoch: 2 },
]);

describe('the hash chain of a journal', () => {
  test('is whole from its first entry and from any later one', () => {
    expect(verifyChain(entries)).toBeNull();
    expect(verifyChain(entries.slice(2), entries[1])).toBeNull();
    expect(verifyChain([])).toBeNull();
  });

  test('does not depend on the order of members', () => {
    const turned = entries.map((entry) => Object.fromEntries(Object.entries(entry).toReversed()));
    expect(verifyChain(turned)).toBeNull();
  });

  test('shows an entry that was dropped, doubled, moved or put from another run', () => {
    expect(verifyChain(entries.toSpliced(2, 1))).toEqual({ seq: 2, fault: 'sequence' });
    expect(verifyChain(entries.toSpliced(2, 0, ...entries.slice(1, 2)))).toEqual({ seq: 2, fault: 'sequence' });
    expect(verifyChain(entries.slice(1))).toEqual({ seq: 0, fault: 'sequence' });
    const alien = entries
      .map((entry) => ({ ...entry, run: 'r2' }))
      .map((entry) => ({ ...entry, hash: entryHash(entry) }));
    expect(verifyChain([entries[0], alien[1]])).toMatchObject({ seq: 1 });
  });

  test('shows an epoch that goes back even where every hash fits', () => {
    const last = entries.at(-1);
    const stale = journalOf([
      { ms: 10, event: begin('a', 'do'), epoch: 3 },
      { ms: 20, event: end('a', 'do', 'done'), epoch: 2 },
    ]);
    expect(last?.epoch).toBe(2);
    expect(verifyChain(stale)).toEqual({ seq: 2, fault: 'epoch' });
  });

  test('shows any change of any value, and anything that is no entry', () => {
    const leaves = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
        : [path];
    fc.assert(
      fc.property(fc.nat(entries.length - 1), fc.nat(), fc.jsonValue(), (index, pick, value) => {
        const entry = entries[index];
        const paths = leaves(entry);
        const path = paths[pick % paths.length] ?? [];
        const changed = structuredClone(entry) as unknown as Record<string, unknown>;
        const holder = path
          .slice(0, -1)
          .reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, changed);
        const key = path.at(-1) ?? '';
        fc.pre(JSON.stringify(holder[key]) !== JSON.stringify(value));
        holder[key] = value;
        expect(verifyChain(entries.toSpliced(index, 1, changed as never))).not.toBeNull();
      }),
    );
  });

  test('takes any JSON for what it is: no journal', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
        expect(verifyChain(values)).not.toBeNull();
      }),
    );
  });
});

test('what the host signs names the domain, so that no other signature can stand for a head', () => {
  const text = new TextDecoder().decode(
    headMessage({ run: 'r1', host: 'local', seq: 3, hash: entries[3]?.hash ?? '' }),
  );
  expect(JSON.parse(text)).toEqual({
    domain: 'breakwater.journal-head/1',
    run: 'r1',
    host: 'local',
    seq: 3,
    hash: entries[3]?.hash,
  });
});

test('every entry written by the chain is one by its shape', () => {
  for (const entry of entries) expect(journalEntry.parse(entry)).toEqual(entry);
});
