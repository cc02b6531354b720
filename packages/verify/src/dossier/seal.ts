/** Is every member what the manifest says, and did the log seal the manifest? */
import { type Policy, formatDigest, openNote, parseNote } from '@breakwater/rules/evidence';
import { type Manifest, editionSchema, isSealing, manifestSchema } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import type { Dossier } from './dossier.ts';
import { EDITION } from './edition.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

/** Members that every dossier has, besides its records; a copy for an individual judges nothing. */
const REQUIRED = ['README.txt', 'dossier.pdf', 'log/checkpoint', 'seal/manifest.sig'];
const JUDGED = ['assessment.json', 'facts.json'];

function isPersonal(dossier: Dossier): boolean {
  return dossier.has(EDITION) && editionSchema.safeParse(dossier.json(EDITION)).data?.edition === 'personal';
}

const limits = { maxBytes: 1 << 25 } as const;

/** Reads the manifest and holds every member against it. `null` when there is no manifest to go by. */
export function checkManifest(ledger: Ledger, dossier: Dossier, crypto: Crypto): Manifest | null {
  let manifest: Manifest | null = null;
  ledger.check('manifest', 'manifest.json', () => {
    const read = manifestSchema.parse(dossier.json('manifest.json'));
    const listed = new Set(read.members.map(({ path }) => path));
    if (listed.size !== read.members.length) throw new Wrong('a member is listed twice');
    const sealing = read.members.find(({ path }) => isSealing(path));
    if (sealing !== undefined) throw new Wrong(`${sealing.path} cannot be listed: it is part of the seal`);
    const required = [...REQUIRED, ...(isPersonal(dossier) ? [] : JUDGED)];
    const missing = [...read.members.map(({ path }) => path), ...required].find((path) => !dossier.has(path));
    if (missing !== undefined) throw new Wrong(`${missing} is missing`);
    const added = dossier.paths.find(
      (path) => !listed.has(path) && path !== 'manifest.json' && path !== 'seal/manifest.sig',
    );
    if (added !== undefined) throw new Wrong(`${added} is not listed: it was added`);
    if (read.range.end <= read.range.first) throw new Wrong('the range holds no record');
    manifest = read;
    return `${read.members.length} members, all there and none besides`;
  });
  return manifest === null ? null : checkMembers(ledger, dossier, manifest, crypto);
}

/** One line for all members that are as listed, one for each that is not. */
function checkMembers(ledger: Ledger, dossier: Dossier, manifest: Manifest, crypto: Crypto): Manifest {
  const changed = manifest.members.filter(
    ({ path, sha256 }) => formatDigest(crypto.sha256(dossier.bytes(path))) !== `sha256:${sha256}`,
  );
  for (const { path } of changed) {
    ledger.check('member', path, () => {
      throw new Wrong('its SHA-256 is not the one in the manifest: it was changed');
    });
  }
  if (changed.length === 0) ledger.check('member', 'all members', () => 'every SHA-256 is the one in the manifest');
  return manifest;
}

/** The seal: a note whose text is the manifest, byte for byte, signed by a log key of the policy. */
export function checkSeal(
  ledger: Ledger,
  dossier: Dossier,
  manifest: Manifest,
  policy: Policy | null,
  crypto: Crypto,
): void {
  ledger.check('seal', manifest.origin, () => {
    const note = dossier.text('seal/manifest.sig');
    // What is sealed can be told without a key: a wrong policy must not hide a wrong seal.
    const { text, signatures } = parseNote(note, limits);
    if (text !== dossier.text('manifest.json')) throw new Wrong('the seal is over another manifest');
    // A signed note may carry lines of strangers, which say nothing; no byte of a dossier says nothing.
    if (signatures.length !== 1)
      throw new Wrong(`the seal carries ${signatures.length} signatures: it has the log's and none besides`);
    if (policy === null) throw new Unavailable('no policy was given, so no log key is known');
    const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === manifest.origin);
    if (keys.length === 0) throw new Wrong(`the policy knows no log with the origin ${manifest.origin}`);
    const { verified } = openNote(note, keys, crypto, limits);
    return `signed by ${verified.map(({ name }) => name).join(', ')}`;
  });
}
