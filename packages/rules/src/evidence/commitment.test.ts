import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, commit, digestOf, leafBytes, parseDigest, recordLeafHash } from './commitment.ts';
import { hashLeaf } from './hash.ts';
import type { DisclosedRecord, Leaf } from './record.ts';

const salt = new Uint8Array(32).map((_, i) => i);
const payload = { b: 1, a: '금융', n: [1.5, null, true] };
const leaf: Leaf = {
  schema: 'breakwater.leaf/1',
  type: 'run.started',
  institution: 'hanbit-bank',
  subjects: { run: 'r-1' },
  actor: { kind: 'host', id: 'h-1' },
  at: '2026-11-29T01:00:00+09:00',
  receivedAt: '2026-11-28T16:00:00.120Z',
  commitment: commit(salt, payload),
};
const record: DisclosedRecord = {
  schema: 'breakwater.record/1',
  index: 0,
  leaf,
  salt: Buffer.from(salt).toString('base64'),
  payload,
};

test('the commitment is SHA-256 over the header, the salt and the canonical payload', () => {
  const bytes = Buffer.concat([
    Buffer.from('breakwater.commitment/1\n'),
    salt,
    Buffer.from('{"a":"금융","b":1,"n":[1.5,null,true]}'),
  ]);
  expect(leaf.commitment).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  expect(() => commit(salt.subarray(1), payload)).toThrow(expect.objectContaining({ code: 'evidence.bad-salt' }));
});

test('a leaf is its members in the order of RFC 8785', () => {
  expect(Buffer.from(leafBytes(leaf)).toString()).toBe(
    `{"actor":{"id":"h-1","kind":"host"},"at":"2026-11-29T01:00:00+09:00","commitment":"${leaf.commitment}","institution":"hanbit-bank","receivedAt":"2026-11-28T16:00:00.120Z","schema":"breakwater.leaf/1","subjects":{"run":"r-1"},"type":"run.started"}`,
  );
  expect(() => leafBytes({ ...leaf, subjects: { x: 'y'.repeat(65_536) } })).toThrow(
    expect.objectContaining({ code: 'evidence.leaf-too-long' }),
  );
});

describe('the leaf hash of a record', () => {
  test('is that of its leaf when salt and payload open it', () => {
    expect(recordLeafHash(record)).toEqual(hashLeaf(leafBytes(leaf)));
    const withheld = { schema: 'breakwater.record/1', index: 0, leafHash: digestOf(Uint8Array.of(1)) } as const;
    expect(recordLeafHash(withheld)).toEqual(parseDigest(withheld.leafHash));
  });

  test.each([
    ['another payload', { ...record, payload: { ...payload, b: 2 } }],
    ['another salt', { ...record, salt: Buffer.alloc(32).toString('base64') }],
    ['a salt that is too short', { ...record, salt: Buffer.alloc(31).toString('base64') }],
    ['a salt in loose base64', { ...record, salt: `${record.salt.slice(0, -2)}9=` }],
    ['another commitment', { ...record, leaf: { ...leaf, commitment: `sha256:${'0'.repeat(64)}` } }],
    ['no digest at all', { ...record, leaf: { ...leaf, commitment: 'sha256:xyz' } }],
  ])('is none with %s', (_name, changed) => {
    expect(recordLeafHash(changed)).toBeNull();
  });

  test('of a changed leaf is another', () => {
    expect(recordLeafHash({ ...record, leaf: { ...leaf, at: '2026-11-29T01:00:01+09:00' } })).not.toEqual(
      recordLeafHash(record),
    );
  });
});

test('canonical JSON is the same for the same value in any order of its members, and reads back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
  expect(canonicalJson({ b: 1, a: 2 })).toBe(canonicalJson({ a: 2, b: 1 }));
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
  for (const value of [undefined, Number.NaN, '\ud800', { a: 1n }, deep]) {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'evidence.not-json' }));
  }
});
