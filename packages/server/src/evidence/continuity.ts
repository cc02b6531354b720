import { BreakwaterError } from '@breakwater/rules';
import {
  type Checkpoint,
  formatVerifierKey,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  sameBytes,
} from '@breakwater/rules/evidence';
import { nodeVerifier } from '@breakwater/verify';
import type { Db, Tx } from '#platform/db';
import type { OutsideCheckpoint } from './outside.ts';
import type { LogSigner } from './signer.ts';
import { type TreeState, readCheckpoint, readLogKeys, readOrigin } from './store.ts';
import { checkTree, readRoot } from './tree.ts';

const REMEDY = 'Restore the newest backup, or open a new origin that names this one (breakwater evidence new-origin).';

/** What is known of the log from outside the database. */
export interface OutsideWitness {
  readonly name: string;
  /** The size it last cosigned for the origin; 0 when none, null when it could not be asked. */
  latestSize(): Promise<number | null>;
}

/**
 * May this tree be signed? What was once signed is never signed smaller or otherwise: the tree is held against the
 * newest checkpoint kept outside PostgreSQL and against the witnesses.
 *
 * @throws BreakwaterError `evidence.rewound` when the tree is smaller than what was signed; `evidence.diverged` when it
 *   is another tree; `evidence.tree-broken`; `evidence.other-origin`; `evidence.unknown-key`;
 *   `evidence.no-outside-checkpoint` when checkpoints were signed and nothing outside the database can say which.
 */
export async function checkContinuity(
  db: Db | Tx,
  state: TreeState,
  signer: LogSigner,
  outside: OutsideCheckpoint,
  witnesses: readonly OutsideWitness[],
): Promise<void> {
  const origin = signer.key.name;
  const present = await readOrigin(db);
  if (present !== null && present.origin !== origin) {
    throw new BreakwaterError(
      'evidence.other-origin',
      `the database holds the log ${present.origin}, and ${origin} was to be signed: set evidence.origin to it, or open the new origin first`,
    );
  }
  const keys = (await readLogKeys(db, origin)).map((key) => parseVerifierKey(key.vkey));
  const newest = keys.at(-1);
  if (newest !== undefined && formatVerifierKey(newest) !== formatVerifierKey(signer.key)) {
    throw new BreakwaterError(
      'evidence.unknown-key',
      `the key of ${origin} is ${formatVerifierKey(newest)}: let it name its successor (breakwater evidence new-key)`,
    );
  }
  await checkTree(db, state);
  const note = await outside.read(origin);
  const last =
    note === null ? null : parseCheckpoint(openNote(note, keys.length > 0 ? keys : [signer.key], nodeVerifier).text);
  if (last !== null) await checkExtends(db, state, last);
  const sizes = await Promise.all(witnesses.map(async (witness) => ({ witness, size: await witness.latestSize() })));
  for (const { witness, size } of sizes) {
    if (size !== null && size > state.size) throw rewound(state.size, size, `the witness ${witness.name}`);
  }
  const signedBefore = await readCheckpoint(db, origin);
  if (last === null && signedBefore !== null && !sizes.some(({ size }) => size !== null && size > 0)) {
    throw new BreakwaterError(
      'evidence.no-outside-checkpoint',
      `${signedBefore.size} leaves of ${origin} were signed, but the checkpoint kept outside the database is missing and no witness could be asked. ` +
        `Put the checkpoint folder back, or reach a witness. ${REMEDY}`,
    );
  }
}

/**
 * @throws BreakwaterError `evidence.rewound` or `evidence.diverged` unless the tree holds the one of `checkpoint`.
 */
export async function checkExtends(db: Db | Tx, state: TreeState, checkpoint: Checkpoint): Promise<void> {
  const size = Number(checkpoint.size);
  if (size > state.size) throw rewound(state.size, size, 'the last checkpoint kept outside the database');
  if (!sameBytes(await readRoot(db, size), checkpoint.root)) {
    throw new BreakwaterError(
      'evidence.diverged',
      `the first ${size} leaves are not those that were signed: the database was changed or replaced. ${REMEDY}`,
    );
  }
}

/** The refusal to sign what a restore or a rewind made smaller. */
export function rewound(size: number, signed: number, by: string): BreakwaterError {
  return new BreakwaterError(
    'evidence.rewound',
    `the log has ${size} leaves, but ${by} names ${signed}: the database was restored or rewound, and nothing is signed. ${REMEDY}`,
  );
}
