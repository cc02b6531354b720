/** Do the records stand in the log, all of them, in this order, under a checkpoint that the policy believes? */
import {
  type Checkpoint,
  type EvidenceRecord,
  type Policy,
  type PolicyVerdict,
  type TileName,
  HASH_BYTES,
  TILE_WIDTH,
  canonicalJson,
  checkPolicy,
  edgeTiles,
  formatDigest,
  growTree,
  hashRanges,
  parseCheckpoint,
  parseTlogProof,
  recordLeafHash,
  sameBytes,
  tileOf,
  tilePath,
  verifyInclusion,
} from '@breakwater/rules/evidence';
import { disclosedRecord, withheldRecord } from '@breakwater/rules/evidence/record';
import { recordPath } from '@breakwater/rules/review';
import type { Crypto } from './crypto.ts';
import { type Dossier, type Opened, parseJson } from './dossier.ts';
import { type Ledger, Unavailable, Wrong } from './ledger.ts';

/** The records in log order, each with the hash of its leaf. */
export interface Records {
  readonly records: readonly EvidenceRecord[];
  readonly leafHashes: readonly Uint8Array[];
}

/** Reads `records/`: every index of the range once, nothing besides, each opening its own leaf. `null` when they are not to be relied on. */
export function checkRecords(ledger: Ledger, { dossier, manifest }: Opened, crypto: Crypto): Records | null {
  let read: Records | null = null;
  const { first, end } = manifest.range;
  ledger.check('records', `${first} to ${end - 1}`, () => {
    const files = dossier.within('records');
    if (files.length !== end - first) throw new Wrong(`${files.length} records for ${end - first} indices`);
    const records: EvidenceRecord[] = [];
    const leafHashes: Uint8Array[] = [];
    for (let index = first; index < end; index += 1) {
      const { record, leafHash } = readRecord(dossier, index, crypto);
      records.push(record);
      leafHashes.push(leafHash);
    }
    read = { records, leafHashes };
    const withheld = records.filter((record) => 'leafHash' in record).length;
    return `${end - first} records without a gap, ${withheld} of them withheld as bare leaf hashes`;
  });
  return read;
}

/** The value as it was parsed is kept, members in the order of the text: its canonical form is then quick to make. */
function readRecord(dossier: Dossier, index: number, crypto: Crypto): { record: EvidenceRecord; leafHash: Uint8Array } {
  const path = recordPath(index);
  const text = dossier.text(path);
  const record = asRecord(parseJson(text, path));
  if (record.index !== index) throw new Wrong(`${path} holds record ${record.index}`);
  const leafHash = recordLeafHash(record, crypto.sha256);
  if (leafHash === null) throw new Wrong(`${path}: salt and payload do not open its leaf`);
  if (canonicalJson(record) !== text) throw new Wrong(`${path} is not in canonical form (RFC 8785)`);
  return { record, leafHash };
}

const envelope = disclosedRecord.omit({ payload: true });

/** What was parsed from JSON is a payload whatever it is; only what stands around it has a shape to be held against. */
function asRecord(value: unknown): EvidenceRecord {
  if (typeof value === 'object' && value !== null && 'payload' in value) {
    const { payload: _, ...around } = value;
    envelope.parse(around);
    return value as EvidenceRecord;
  }
  return withheldRecord.parse(value);
}

/** The checkpoint, held against the policy. `null` when there is none to prove anything against. */
export function checkCheckpoint(
  ledger: Ledger,
  { dossier, manifest }: Opened,
  policy: Policy | null,
  crypto: Crypto,
  now: number,
): Checkpoint | null {
  let checkpoint: Checkpoint | null = null;
  let verdict: PolicyVerdict | null = null;
  ledger.check('checkpoint', manifest.origin, () => {
    const note = dossier.text('log/checkpoint');
    const said = parseCheckpoint(note);
    if (said.size < manifest.range.end || said.size > Number.MAX_SAFE_INTEGER) {
      throw new Wrong(`a tree of ${said.size} leaves does not hold the range`);
    }
    checkpoint = said;
    if (said.origin !== manifest.origin) throw new Wrong(`the checkpoint is of ${said.origin}`);
    if (policy === null) throw new Unavailable('no policy was given, so no log key is known');
    verdict = checkPolicy(policy, note, crypto, now);
    if (verdict.log === null) throw new Wrong(`no log key of the policy signed it for ${said.origin}`);
    return `signed tree of ${said.size} leaves, root ${formatDigest(said.root)}`;
  });
  if (policy !== null) checkWitnesses(ledger, policy, verdict);
  return checkpoint;
}

/** Nobody cosigned and the policy asks for nobody: then there is nothing to say. */
function checkWitnesses(ledger: Ledger, policy: Policy, verdict: PolicyVerdict | null): void {
  const names = verdict?.cosigned.map(({ witness }) => witness.name).join(', ') ?? '';
  if (names === '' && policy.quorum === 'none') return;
  ledger.check('witnesses', policy.quorum, () => {
    if (verdict?.quorum !== true)
      throw new Wrong(`the quorum was not reached; cosigned by ${names === '' ? 'nobody' : names}`);
    return `cosigned by ${names}`;
  });
}

/** Inclusion of every record, by the tiles of the log or by one tlog-proof a record. */
export function checkInclusion(
  ledger: Ledger,
  { dossier, manifest }: Opened,
  checkpoint: Checkpoint,
  read: Records,
): void {
  const { first, end } = manifest.range;
  ledger.check('inclusion', `${first} to ${end - 1}`, () => {
    const tiles = dossier.within('log/tiles');
    const proofs = dossier.within('proofs');
    if (tiles.length === 0 && proofs.length === 0) throw new Wrong('there is neither a tile nor a proof');
    if (tiles.length > 0) byTiles(dossier, checkpoint, first, read.leafHashes);
    if (proofs.length > 0) byProofs(dossier, proofs, checkpoint, first, read.leafHashes);
    return `all ${end - first} leaves are in the tree of ${checkpoint.size}`;
  });
}

/** Tiles that prove the leaves `[first, end)` in the tree of `size`: those over them at every level, and the right edge. */
export function provingTiles(first: number, end: number, size: number): TileName[] {
  const tiles = new Map(edgeTiles(size).map((tile) => [tilePath(tile), tile]));
  for (let level = 0; size >= TILE_WIDTH ** level; level += 1) {
    const span = TILE_WIDTH ** (level + 1);
    for (let index = Math.floor(first / span); index * span < end; index += 1) {
      if (index * TILE_WIDTH >= Math.floor(size / TILE_WIDTH ** level)) continue;
      const tile = tileOf({ level: level * 8, index: index * TILE_WIDTH }, size);
      tiles.set(tilePath(tile), tile);
    }
  }
  return [...tiles.values()];
}

/** The tiles of the proof: exactly those that are needed, each of its width. Throws {@link Wrong} when one is not. */
export function readTiles(
  dossier: Dossier,
  range: { readonly first: number; readonly end: number },
  size: number,
): Tiles {
  const needed = provingTiles(range.first, range.end, size);
  if (dossier.within('log/tiles').length !== needed.length)
    throw new Wrong('the tiles are not exactly those of the proof');
  const data = new Map<string, Uint8Array>();
  for (const tile of needed) {
    const path = tileMember(tile);
    if (!dossier.has(path)) throw new Wrong(`${path} is missing`);
    const bytes = dossier.bytes(path);
    if (bytes.length !== tile.width * HASH_BYTES) throw new Wrong(`${path} has ${bytes.length} bytes`);
    data.set(`${tile.level}/${tile.index}`, bytes);
  }
  const read = ({ level, index }: { level: number; index: number }): Uint8Array => {
    const bytes = data.get(`${level}/${index}`);
    if (bytes === undefined) throw new Wrong(`tile ${level}/${index} is not part of the proof`);
    return bytes;
  };
  return { names: needed, read };
}

export interface Tiles {
  readonly names: readonly TileName[];
  readonly read: (tile: { level: number; index: number }) => Uint8Array;
}

/** Every tile is bound to the root: a growing one is folded into it, a full one hashes to its slot in the level above. */
function byTiles(dossier: Dossier, checkpoint: Checkpoint, first: number, leaves: readonly Uint8Array[]): void {
  const size = Number(checkpoint.size);
  const { names, read } = readTiles(dossier, { first, end: first + leaves.length }, size);
  const [root] = hashRanges([{ start: 0, end: size }], size, read);
  if (root === undefined || !sameBytes(root, checkpoint.root))
    throw new Wrong('the tiles do not hash to the root of the checkpoint');
  for (const tile of names.filter(({ width }) => width === TILE_WIDTH)) {
    const above = read({ level: tile.level + 1, index: Math.floor(tile.index / TILE_WIDTH) });
    const { root: own } = growTree(0, [], slots(read(tile)));
    if (!sameBytes(own, slot(above, tile.index % TILE_WIDTH)))
      throw new Wrong(`${tileMember(tile)} is not a tile of this tree`);
  }
  leaves.forEach((leaf, i) => {
    const index = first + i;
    if (!sameBytes(leaf, slot(read({ level: 0, index: Math.floor(index / TILE_WIDTH) }), index % TILE_WIDTH))) {
      throw new Wrong(`record ${index} is not the leaf ${index} of the log`);
    }
  });
}

/** The member that holds a tile: `log/tiles/0/x001/234.p/5`. */
export function tileMember(tile: TileName): string {
  return `log/${tilePath(tile).replace(/^tile/, 'tiles')}`;
}

function slot(data: Uint8Array, i: number): Uint8Array {
  return data.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
}

function slots(data: Uint8Array): Uint8Array[] {
  return Array.from({ length: data.length / HASH_BYTES }, (_, i) => slot(data, i));
}

function byProofs(
  dossier: Dossier,
  paths: readonly string[],
  checkpoint: Checkpoint,
  first: number,
  leaves: readonly Uint8Array[],
): void {
  if (paths.length !== leaves.length) throw new Wrong(`${paths.length} proofs for ${leaves.length} records`);
  const note = dossier.text('log/checkpoint');
  leaves.forEach((leafHash, i) => {
    const index = first + i;
    const path = `proofs/${String(index).padStart(8, '0')}.tlog-proof`;
    const claim = parseTlogProof(dossier.text(path));
    if (claim.index !== BigInt(index) || claim.checkpoint !== note) throw new Wrong(`${path} proves something else`);
    const { proof } = claim;
    if (!verifyInclusion({ leafHash, index, size: checkpoint.size, proof, root: checkpoint.root })) {
      throw new Wrong(`record ${index} is not the leaf ${index} of the log`);
    }
  });
}
