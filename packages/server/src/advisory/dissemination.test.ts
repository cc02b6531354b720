import { sql } from 'kysely';
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { pinKey, revokeAuthorityKey } from './authority.ts';
import { listDisseminations, receiveDissemination, transcribe, type Received } from './dissemination.ts';
import { advisoriesFor } from './workflow.ts';

const now = new Date();
const before = new Date(now.getTime() + 1_000);
const by = { kind: 'person', id: 'p-17' } as const;
const other = { kind: 'person', id: 'p-18' } as const;
const letter = Buffer.from('금융보안원 전파: CVE-2026-0001');
let database: TestDatabase;
let fsi: { publicKey: string; privateKey: string };
let stranger: { publicKey: string; privateKey: string };
let fingerprint: string;

const keyPair = () =>
  generateKey({
    type: 'curve25519',
    userIDs: [{ name: 'authority' }],
    format: 'armored',
    date: new Date(now.getTime() - 86_400_000),
  });
async function signed(document: Uint8Array, { privateKey }: { privateKey: string }): Promise<Uint8Array> {
  const signingKeys = await readPrivateKey({ armoredKey: privateKey });
  const text = await sign({
    message: await createMessage({ binary: document }),
    signingKeys,
    detached: true,
    date: now,
  });
  return Buffer.from(text);
}
const received = (id: string, more: Partial<Received> = {}): Received => ({
  id,
  authority: 'FSI',
  channel: 'mail',
  document: letter,
  signature: null,
  receivedAt: before.toISOString(),
  vulnerabilities: ['CVE-2026-0001'],
  remediation: null,
  ...more,
});
const take = (institution: string, what: Received) =>
  receiveDissemination(database.db, institution, what, by, new Date(before.getTime() + 60_000));
const pin = (institution: string, from = new Date(0)) =>
  pinKey(
    database.db,
    institution,
    { authority: 'FSI', armored: fsi.publicKey, fingerprint, from: from.toISOString(), until: null },
    by,
    now,
  );
const proofs = async (institution: string) =>
  (await advisoriesFor(database.db, institution, ['CVE-2026-0001'])).map(({ id, proof, covers }) => [
    id,
    proof,
    covers,
  ]);

beforeAll(async () => {
  database = await testDatabase();
  [fsi, stranger] = [await keyPair(), await keyPair()];
  const { readKey } = await import('openpgp');
  fingerprint = (await readKey({ armoredKey: fsi.publicKey })).getFingerprint().toUpperCase();
}, 60_000);
afterAll(async () => database?.drop());

describe('a dissemination', () => {
  test('signed by a pinned key is proven, and the document, its digests and the key are kept', async () => {
    await pin('proven');
    const judged = await take('proven', received('FSI-1', { signature: await signed(letter, fsi) }));
    expect(judged).toMatchObject({ proof: 'proven', doubt: null, fingerprint, transcriptsNeeded: 0 });
    expect(await proofs('proven')).toEqual([['FSI-1', 'proven', 'all']]);
    const { rows } = await sql<{ document: Buffer; key: string; sha512: string }>`
      select document, key, sha512 from advisory_dissemination where institution = 'proven'`.execute(database.db);
    expect(rows[0]?.document.equals(letter)).toBe(true);
    expect(rows[0]?.key).toContain('BEGIN PGP PUBLIC KEY');
    expect(rows[0]?.sha512).toMatch(/^sha512:[0-9a-f]{128}$/);
  });

  test.each([
    ['without a key', 'no-key', async () => received('FSI-2', { signature: await signed(letter, fsi) }), false, null],
    [
      'signed by somebody else',
      'bad-signature',
      async () => received('FSI-2', { signature: await signed(letter, stranger) }),
      true,
      null,
    ],
    [
      'with one byte changed',
      'bad-signature',
      async () =>
        received('FSI-2', { signature: await signed(letter, fsi), document: Buffer.from(`${letter.toString()}.`) }),
      true,
      null,
    ],
    [
      'signed by the key of another authority',
      'no-key',
      async () => received('FSI-2', { signature: await signed(letter, fsi), authority: 'FSS' }),
      true,
      null,
    ],
    [
      'with rubbish for a signature',
      'bad-signature',
      async () => received('FSI-2', { signature: Buffer.from('rubbish') }),
      true,
      null,
    ],
    [
      'before its key counts',
      'key-not-yet',
      async () => received('FSI-2', { signature: await signed(letter, fsi) }),
      true,
      new Date(before.getTime() + 5_000),
    ],
  ])('%s proves nothing: %s', async (name, doubt, make, isPinned, from) => {
    const institution = `absent ${name}`;
    if (isPinned) await pin(institution, from ?? new Date(0));
    expect(await take(institution, await make())).toMatchObject({ proof: 'absent', doubt, transcriptsNeeded: 1 });
    expect(await proofs(institution)).toEqual([]);
  });

  test('received after its key was revoked proves nothing', async () => {
    await pin('revoked');
    await revokeAuthorityKey(database.db, 'revoked', 'FSI', fingerprint, by, now);
    expect(await take('revoked', received('FSI-3', { signature: await signed(letter, fsi) }))).toMatchObject({
      doubt: 'key-revoked',
    });
  });

  test('in an unsigned letter is attested when a second person reads the same in it, and not before', async () => {
    expect(await take('letter', received('FSI-4', { channel: 'letter' }))).toMatchObject({
      proof: 'absent',
      transcriptsNeeded: 1,
    });
    const read = (person: typeof by | typeof other, vulnerabilities: string[]) =>
      transcribe(database.db, 'letter', { id: 'FSI-4', vulnerabilities }, person, now);
    await expect(read(by, ['CVE-2026-0001'])).rejects.toMatchObject({ code: 'dissemination.same-person' });
    await expect(read(other, ['CVE-2026-9999'])).rejects.toMatchObject({ code: 'dissemination.differs' });
    expect(await proofs('letter')).toEqual([]);
    expect(await read(other, ['CVE-2026-0001'])).toMatchObject({ proof: 'attested' });
    expect(await proofs('letter')).toEqual([['FSI-4', 'attested', 'all']]);
    expect(await listDisseminations(database.db, 'letter', 10)).toMatchObject([
      {
        id: 'FSI-4',
        channel: 'letter',
        proof: 'attested',
        transcriptsNeeded: 0,
        readers: expect.arrayContaining([
          expect.objectContaining({ person: by.id }),
          expect.objectContaining({ person: other.id }),
        ]),
      },
    ]);
  });

  test('is kept once', async () => {
    await take('once', received('FSI-5'));
    await expect(take('once', received('FSI-5'))).rejects.toMatchObject({ code: 'dissemination.exists' });
  });
});

test.each([
  ['another fingerprint', () => ({ armored: fsi.publicKey, fingerprint: 'A'.repeat(40) }), 'authority.fingerprint'],
  ['a secret key', () => ({ armored: fsi.privateKey, fingerprint }), 'authority.secret-key'],
  ['no key', () => ({ armored: 'hello', fingerprint }), 'authority.key'],
])('%s is not pinned', async (_, make, code) => {
  const key = { authority: 'FSI', from: now.toISOString(), until: null, ...make() };
  await expect(pinKey(database.db, 'refused', key, by, now)).rejects.toMatchObject({ code });
});
