import { getPack } from '@breakwater/rules';
import {
  formatTlogProof,
  growTree,
  hashRanges,
  inclusionRanges,
  parseCheckpoint,
  recordLeafHash,
} from '@breakwater/rules/evidence';
import { provingTiles, timestampMember, verifyDossier } from '@breakwater/verify';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembleDossier } from '../../packages/server/src/review/assemble.ts';
import { hasOpenssl, testAuthority } from '../../packages/verify/src/timestamp/authority.testing.ts';
import { asOf, assessedLog, bytes, exampleDossier, membersOf, packId, sealAgain, text } from './build.ts';
import { exampleLog } from './log.ts';
import { keys, logSignature, origin, policy } from './trust.ts';

describe('one tlog-proof a record instead of tiles', () => {
  test('proves the same, and a proof of another record does not', async () => {
    const { log } = assessedLog();
    const { zip } = await exampleDossier('0.0.0');
    const members = Object.fromEntries(
      Object.entries(membersOf(zip)).filter(([path]) => !path.startsWith('log/tiles/')),
    );
    const size = log.records.length;
    const checkpoint = text(members['log/checkpoint']);
    const { tiles } = growTree(
      0,
      [],
      log.records.map((record) => recordLeafHash(record) ?? new Uint8Array(32)),
    );
    const read = ({ level, index }: { level: number; index: number }): Uint8Array =>
      tiles.find((tile) => tile.level === level && tile.index === index)?.data ?? new Uint8Array();
    for (let index = log.first; index < size; index += 1) {
      const proof = hashRanges(inclusionRanges(index, size), size, read);
      members[`proofs/${String(index).padStart(8, '0')}.tlog-proof`] = bytes(
        formatTlogProof({ index, proof, checkpoint }),
      );
    }
    expect((await verifyDossier(sealAgain(members), { policy, keys })).result).toBe('passed');
    const [a = '', b = ''] = Object.keys(members).filter((path) => path.startsWith('proofs/'));
    const swapped = sealAgain({ ...members, [a]: members[b] as Uint8Array });
    expect((await verifyDossier(swapped, { policy, keys })).checks).toContainEqual(
      expect.objectContaining({ id: 'inclusion', result: 'failed' }),
    );
    const without = Object.fromEntries(Object.entries(members).filter(([path]) => !path.startsWith('proofs/')));
    expect((await verifyDossier(sealAgain(without), { policy, keys })).result).toBe('failed');
  });
});

test('a dossier of a thousand records in the midst of a longer log, proved by its tiles', async () => {
  const { log, facts } = assessedLog({ readings: 950, earlier: 700 });
  const end = log.records.length - 40;
  const size = log.records.length;
  const parts = {
    origin,
    records: log.records.slice(log.first, end),
    facts,
    pack: getPack(packId),
    asOf,
    checkpoint: log.checkpoint(size),
    tiles: log.tiles(log.first, end, size).map(({ data, ...name }) => ({ name, data })),
    timestamps: [],
    rules: '0.0.0',
  };
  const { zip } = await assembleDossier(parts, async (note) => logSignature(note));
  const { checks } = await verifyDossier(zip, { policy, keys });
  expect(checks.find(({ id }) => id === 'inclusion')).toMatchObject({ result: 'passed' });
  expect(checks.find(({ id }) => id === 'checkpoint')).toMatchObject({ result: 'passed' });
});

test('the tiles of a proof are those over its range and the right edge, each once', () => {
  fc.assert(
    fc.property(fc.nat(200_000), fc.integer({ min: 1, max: 3_000 }), fc.nat(300_000), (first, count, more) => {
      const [end, size] = [first + count, first + count + more];
      const tiles = provingTiles(first, end, size);
      const names = tiles.map(({ level, index }) => `${level}/${index}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { level, index, width } of tiles) {
        expect(width).toBe(Math.min(256, Math.floor(size / 256 ** level) - index * 256));
        if (width === 256) expect(names).toContain(`${level + 1}/${Math.floor(index / 256)}`);
      }
      for (const index of [first, end - 1]) expect(names).toContain(`0/${Math.floor(index / 256)}`);
    }),
  );
});

describe.skipIf(!hasOpenssl())('time stamps (skipped: no openssl command here)', () => {
  const authority = hasOpenssl() ? testAuthority() : null;
  let zip: Uint8Array;
  const early = 30;

  beforeAll(async () => {
    const dossier = await exampleDossier('0.0.0');
    const members = membersOf(dossier.zip);
    const { origin: name, size } = parseCheckpoint(text(members['log/checkpoint']));
    const note = (leaves: number): Uint8Array =>
      bytes(`${exampleLog().checkpoint(leaves).split('\n').slice(0, 3).join('\n')}\n`);
    expect(text(note(early))).toContain(name);
    zip = sealAgain({
      ...members,
      [timestampMember(early, 0)]: authority?.stamp(note(early)) ?? new Uint8Array(),
      [timestampMember(Number(size), 0)]:
        authority?.stamp(bytes(text(members['log/checkpoint']).split('\n\n')[0] + '\n')) ?? new Uint8Array(),
    });
  });
  afterAll(() => authority?.close());

  test('over the checkpoint and over an earlier one are verified against the roots given', async () => {
    const { result, checks } = await verifyDossier(zip, { policy, keys, tsaRoots: authority?.roots ?? '' });
    expect(checks.filter(({ id }) => id === 'timestamp').map((check) => check.result)).toEqual(['passed', 'passed']);
    expect(result).toBe('passed');
  });

  test('without roots they cannot be checked', async () => {
    const { result, checks } = await verifyDossier(zip, { policy, keys });
    expect(checks.filter(({ id }) => id === 'timestamp').map((check) => check.result)).toEqual([
      'not-checked',
      'not-checked',
    ]);
    expect(result).toBe('incomplete');
  });

  test('under another size a token fails', async () => {
    const { [timestampMember(early, 0)]: token = new Uint8Array(), ...members } = membersOf(zip);
    for (const name of [timestampMember(early + 1, 0), timestampMember(2, 0), 'timestamps/other.tsr']) {
      const { checks } = await verifyDossier(sealAgain({ ...members, [name]: token }), {
        policy,
        keys,
        tsaRoots: authority?.roots ?? '',
      });
      expect(checks.find(({ id, subject }) => id === 'timestamp' && subject === name)?.result, name).toBe('failed');
    }
  });
});
