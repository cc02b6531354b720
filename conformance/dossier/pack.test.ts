import { assess, factsFromRecords, getPack } from '@breakwater/rules';
import { type PolicyPack, packDigest } from '@breakwater/rules/criteria';
import type { Verification } from '@breakwater/rules/review';
import { verifyDossier } from '@breakwater/verify';
import { expect, test } from 'vitest';
import { assembleDossier } from '../../packages/server/src/review/assemble.ts';
import { asOf, packId } from './build.ts';
import { exampleLog, packDecided } from './log.ts';
import { keys, logSignature, origin, policy } from './trust.ts';

/** A pack that a company loaded: the Korean one, with the official text written in. */
const pack: PolicyPack = { ...structuredClone(getPack(packId)), version: '2', basis: 'official text' };
const digest = packDigest(pack);

/** Verifies a dossier assessed under the loaded pack, approved by these persons. */
async function under(persons: ('p-03' | 'p-11' | 'p-17')[], trust: object = { policy, keys }): Promise<Verification> {
  const log = exampleLog({ more: persons.map((who) => packDecided(who, pack.id, digest)) });
  const records = log.records.slice(log.first);
  const end = log.records.length;
  const facts = factsFromRecords(records);
  expect(assess(facts, pack, asOf).pack).toMatchObject({ digest, basis: 'official text' });
  const tiles = log.tiles(log.first, end, end).map(({ data, ...name }) => ({ name, data }));
  const parts = {
    origin,
    records,
    facts,
    pack,
    asOf,
    checkpoint: log.checkpoint(end),
    tiles,
    timestamps: [],
    rules: '0.0.0',
  };
  const { zip } = await assembleDossier(parts, async (text) => logSignature(text));
  return verifyDossier(zip, trust);
}

const packCheck = ({ checks }: Verification) => checks.find(({ id }) => id === 'pack');

test('a loaded pack holds with the signed approvals of two persons', async () => {
  const verification = await under(['p-11', 'p-17']);
  expect(verification.result).toBe('passed');
  expect(packCheck(verification)).toMatchObject({ detail: expect.stringContaining('approved by p-11, p-17') });
});

test('one person is not enough, whatever the number of decisions', async () => {
  expect(packCheck(await under(['p-11', 'p-11']))).toMatchObject({ result: 'failed' });
});

test('without approvals it fails, and without keys nobody can tell', async () => {
  expect(packCheck(await under([]))).toMatchObject({ result: 'failed' });
  expect(packCheck(await under(['p-11', 'p-17'], { policy }))).toMatchObject({ result: 'not-checked' });
});
