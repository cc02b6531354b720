import { decodeBase64, encodeBase64, parseVerifierKey } from '@breakwater/rules/evidence';
import { openNote, parseCheckpoint } from '@breakwater/verify';
import { describe, expect, test } from 'vitest';
import { absent, readShared } from './shared-data.ts';

interface SignedNotes {
  badVkeys: string[];
  vectors: { desc: string; noteBase64: string; vkeys: string[]; want: string; verified: number; unverified: number }[];
  spec: { desc: string; vkey: string; note: string }[];
  treeText: { size: string; leafUtf8: string; golden: string };
}

describe.skipIf(absent)(`published signed notes${absent ? `: skipped, ${absent}` : ''}`, () => {
  const notes = absent
    ? ({ badVkeys: [], vectors: [], spec: [] } as unknown as SignedNotes)
    : (readShared('signed-note.json') as SignedNotes);

  test.each(notes.vectors.map((vector) => [vector.desc, vector] as const))(
    '%s',
    (_desc, { noteBase64, vkeys, want, verified, unverified }) => {
      const text = Buffer.from(noteBase64, 'base64').toString('utf8');
      if (want === 'ok') {
        const opened = openNote(text, vkeys);
        expect([opened.verified.length, opened.unverified.length]).toEqual([verified, unverified]);
      } else {
        expect(() => openNote(text, vkeys)).toThrow(want.replace('error: ', ''));
      }
    },
  );

  test.each(notes.badVkeys)('the key %s is refused', (vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(expect.objectContaining({ name: 'BreakwaterError' }));
  });

  test.each(notes.spec.map((example) => [example.desc, example] as const))('%s', (_desc, { vkey, note }) => {
    expect(openNote(note, [vkey])).toMatchObject({ verified: [vkey.split('+')[0]], unverified: [] });
  });

  test('a tree head of another ecosystem reads as a checkpoint', () => {
    const { size, golden } = notes.treeText;
    expect(parseCheckpoint(golden)).toMatchObject({ origin: 'go.sum database tree', size: BigInt(size) });
    expect(golden).toContain(encodeBase64(parseCheckpoint(golden).root));
    expect(decodeBase64(golden.split('\n')[2] ?? '')).toHaveLength(32);
  });
});
