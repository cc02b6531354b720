/**
 * A whole small log about one emergency patch: records as every domain writes them, with deterministic keys, salts and
 * times, so that the same dossier comes out of it every time.
 */
import { hash } from 'node:crypto';
import { packDecisionStatement, statementBytes } from '@breakwater/rules';
import {
  type EvidenceRecord,
  type Leaf,
  type Tile,
  TILE_WIDTH,
  commit,
  encodeBase64,
  formatCheckpoint,
  formatDigest,
  formatNote,
  growTree,
  hashLeaf,
  leafBytes,
} from '@breakwater/rules/evidence';
import { provingTiles } from '@breakwater/verify';
import { type Draft, after, before, draft, journalDrafts, run, system } from './course.ts';
import { hashOfPlan, institution } from './plan.ts';
import {
  DAY,
  type Person,
  host,
  iso,
  logSignature,
  origin,
  persons,
  signed,
  testKey,
  witnessSignature,
} from './trust.ts';

export interface ExampleOptions {
  /** Meter readings in the journal, to make it as long as wanted. Default 0. */
  readonly readings?: number;
  /** Records of other works that stand in the log before this one. Default 5. */
  readonly earlier?: number;
  /** More drafts at the end. */
  readonly more?: readonly Draft[];
}

export interface ExampleLog {
  readonly records: readonly EvidenceRecord[];
  readonly first: number;
  /** Of a tree of `size` leaves, signed and cosigned. */
  checkpoint(size: number, witness?: boolean): string;
  tiles(first: number, end: number, size: number): Tile[];
}

/** All records of the work, in the log, and how to prove them. */
export function exampleLog(options: ExampleOptions = {}): ExampleLog {
  const { readings = 0, earlier = 5, more = [] } = options;
  const others = Array.from({ length: earlier }, (_, i) =>
    draft(
      'run.requested',
      -40 * DAY + i,
      system,
      { run: `other-${i}` },
      {
        run: `other-${i}`,
        plan: 'other',
        planHash: hashOfPlan,
        mode: 'rehearsal',
        host,
        by: 'p-03',
        at: iso(-40 * DAY + i),
      },
    ),
  );
  const inside = draft(
    'run.requested',
    -300,
    system,
    { run: 'other-inside' },
    { run: 'other-inside', plan: 'other', planHash: hashOfPlan, mode: 'rehearsal', host, by: 'p-03', at: iso(-300) },
  );
  const drafts = [...others, ...before(), inside, ...journalDrafts(readings), ...after(), ...more];
  const opened = drafts.map(recordOf);
  const hashes = opened.map(({ leaf }) => hashLeaf(leafBytes(leaf)));
  const records = opened.map((record, index): EvidenceRecord => {
    const withheld = record.leaf.subjects['run']?.startsWith('other-') === true;
    return withheld
      ? { schema: 'breakwater.record/1', index, leafHash: formatDigest(hashes[index] as Uint8Array) }
      : record;
  });
  const trees = new Map<number, ReturnType<typeof growTree>>();
  const treeOf = (size: number): ReturnType<typeof growTree> => {
    const tree = trees.get(size) ?? growTree(0, [], hashes.slice(0, size));
    trees.set(size, tree);
    return tree;
  };
  return {
    records,
    first: earlier,
    checkpoint(size, witness = true) {
      const text = formatCheckpoint({ origin, size, root: treeOf(size).root });
      return formatNote({ text, signatures: [logSignature(text), ...(witness ? [witnessSignature(text)] : [])] });
    },
    tiles(first, end, size) {
      const { tiles } = treeOf(size);
      return provingTiles(first, end, size).map((name) => {
        const whole = tiles.find(({ level, index }) => level === name.level && index === name.index);
        if (whole === undefined) throw new Error(`no tile ${name.level}/${name.index} of ${TILE_WIDTH}`);
        return { ...name, data: whole.data.subarray(0, name.width * 32) };
      });
    },
  };
}

function recordOf(
  entry: Draft,
  index: number,
): { schema: 'breakwater.record/1'; index: number; leaf: Leaf; salt: string; payload: Draft['payload'] } {
  const salt = new Uint8Array(hash('sha256', `salt ${index}`, 'buffer'));
  const leaf: Leaf = {
    schema: 'breakwater.leaf/1',
    type: entry.type,
    institution,
    subjects: entry.subjects,
    actor: entry.actor,
    at: entry.at,
    receivedAt: new Date(Date.parse(entry.at) + 40).toISOString(),
    commitment: commit(salt, entry.payload),
  };
  return { schema: 'breakwater.record/1', index, leaf, salt: encodeBase64(salt), payload: entry.payload };
}

/** A signed decision about a pack, as its record holds it. */
export function packDecided(who: Person, pack: string, digest: string, seconds = 2 * DAY): Draft {
  const statement = packDecisionStatement.parse({
    schema: 'breakwater.pack-decision/1',
    pack,
    digest,
    decision: 'approve',
    person: who,
    role: persons[who],
    at: iso(seconds),
    nonce: hash('sha256', `${who} ${digest}`, 'hex'),
  });
  const { schema: _, ...payload } = statement;
  return draft(
    'criteria.pack-decided',
    seconds,
    { kind: 'person', id: who },
    { pack },
    { ...payload, key: testKey(who).digest, signature: signed(who, statementBytes(statement)) },
  );
}

/** The record of an assessment. */
export function assessedDraft(payload: unknown, seconds = 2 * DAY): Draft {
  return draft('criteria.assessed', seconds, system, { run }, payload);
}
