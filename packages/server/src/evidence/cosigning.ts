import { BreakwaterError } from '@breakwater/rules';
import { emptyRoot, formatCheckpoint, formatNote } from '@breakwater/rules/evidence';
import type { Db } from '#platform/db';
import { type OutsideWitness, rewound } from './continuity.ts';
import { consistencyProof } from './read.ts';
import { type LogSigner, signText } from './signer.ts';
import {
  type StoredCheckpoint,
  cosignedSize,
  insertCosignature,
  readCheckpoint,
  readCosignedBy,
  readTreeState,
} from './store.ts';
import { type KnownWitness, submitCheckpoint } from './witness-client.ts';

const ATTEMPTS = 4;

/**
 * Gets the cosignature of a witness on a checkpoint and stores it. True when it is there, false when the witness has
 * already cosigned a newer one.
 *
 * @throws BreakwaterError `evidence.rewound` or `evidence.diverged` when the witness has seen what this log does not
 *   hold; `witness.unreachable` or `witness.refused` otherwise.
 */
export async function cosign(db: Db, witness: KnownWitness, checkpoint: StoredCheckpoint): Promise<boolean> {
  const { name } = witness.key;
  if (await readCosignedBy(db, checkpoint, name)) return true;
  let oldSize = Math.min(await cosignedSize(db, checkpoint.origin, name), checkpoint.size);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const proof = oldSize > 0 ? await consistencyProof(db, oldSize, checkpoint.size) : [];
    const answer = await submitCheckpoint(witness, { oldSize, proof, note: checkpoint.note });
    if (answer.kind === 'cosigned') {
      await insertCosignature(db, checkpoint, { witness: name, line: answer.line, at: answer.at });
      return true;
    }
    const state = await readTreeState(db);
    if (answer.size > state.size) throw rewound(state.size, answer.size, `the witness ${name}`);
    if (answer.size > checkpoint.size) return false;
    if (answer.size === oldSize) {
      throw new BreakwaterError(
        'evidence.diverged',
        `the witness ${name} has cosigned another tree of ${oldSize} leaves under ${checkpoint.origin}: the log was forked`,
      );
    }
    oldSize = answer.size;
  }
  throw new BreakwaterError(
    'witness.refused',
    `${name} named another size ${ATTEMPTS} times: is another log signing as this origin?`,
  );
}

/** Asks a witness what it has seen of the log, by submitting the newest checkpoint as if nothing had been. */
export function outsideWitness(
  db: Db,
  signer: LogSigner,
  witness: KnownWitness,
  warn: (error: unknown) => void,
): OutsideWitness {
  return {
    name: witness.key.name,
    async latestSize() {
      try {
        const newest = await readCheckpoint(db, signer.key.name);
        const note = newest?.note ?? (await signEmpty(signer));
        const answer = await submitCheckpoint(witness, { oldSize: 0, proof: [], note });
        return answer.kind === 'conflict' ? answer.size : (newest?.size ?? 0);
      } catch (error) {
        warn(error);
        return null;
      }
    },
  };
}

async function signEmpty(signer: LogSigner): Promise<string> {
  const text = formatCheckpoint({ origin: signer.key.name, size: 0, root: emptyRoot() });
  return formatNote({ text, signatures: [await signText(signer, text)] });
}
