import { BreakwaterError } from '@breakwater/rules';
import { type VerifierKey, encodeBase64, openNote, parseSize } from '@breakwater/rules/evidence';
import { nodeVerifier } from '@breakwater/verify';

/** Another party that is asked to cosign: its cosignature key and its submission prefix. */
export interface KnownWitness {
  readonly key: VerifierKey;
  readonly url: string;
}

export interface Submission {
  readonly oldSize: number;
  /** Consistency proof from `oldSize`; empty from 0. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly line: string; readonly at: Date }
  /** It has seen another size than the old one that was stated. */
  | { readonly kind: 'conflict'; readonly size: number };

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

/**
 * Submits a checkpoint by C2SP tlog-witness `add-checkpoint`. A cosignature is verified before it is returned.
 *
 * @throws BreakwaterError `witness.unreachable`, or `witness.refused` with its status and first words.
 */
export async function submitCheckpoint(witness: KnownWitness, submission: Submission): Promise<WitnessAnswer> {
  const { oldSize, proof, note } = submission;
  const body = [`old ${oldSize}`, ...proof.map(encodeBase64), '', note].join('\n');
  const { status, type, text } = await post(witness, body);
  if (status === 200) return { kind: 'cosigned', ...readCosignature(witness, note, text) };
  const size = status === 409 && type === 'text/x.tlog.size' ? parseSize(text.replace(/\n$/, '')) : null;
  if (size !== null && size <= BigInt(Number.MAX_SAFE_INTEGER)) return { kind: 'conflict', size: Number(size) };
  throw new BreakwaterError('witness.refused', `${witness.key.name} answered ${status}: ${printable(text)}`);
}

async function post(witness: KnownWitness, body: string): Promise<{ status: number; type: string; text: string }> {
  try {
    const answer = await fetch(`${witness.url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return {
      status: answer.status,
      type: answer.headers.get('content-type')?.split(';')[0] ?? '',
      text: await readCapped(answer),
    };
  } catch (error) {
    throw new BreakwaterError('witness.unreachable', `${witness.key.name} at ${witness.url}: ${reasonOf(error)}`);
  }
}

function readCosignature(witness: KnownWitness, note: string, lines: string): { line: string; at: Date } {
  const { verified } = openNote(note + lines, [witness.key], nodeVerifier);
  const time = verified[0]?.time;
  const line = lines.split('\n').find((candidate) => candidate.startsWith(`\u2014 ${witness.key.name} `));
  if (time === undefined || time === null || line === undefined) {
    throw new BreakwaterError('witness.refused', `${witness.key.name} answered without a cosignature by its key`);
  }
  return { line: `${line}\n`, at: new Date(Number(time) * 1000) };
}

/** Reads an answer, at most 64 KiB of it. */
export async function readCapped(answer: Response, maxBytes = MAX_ANSWER_BYTES): Promise<string> {
  return Buffer.from(await readBytesCapped(answer, maxBytes)).toString('utf8');
}

/** Reads the bytes of an answer; one that is longer is an error and is not read to its end. */
export async function readBytesCapped(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of answer.body ?? []) {
    total += (chunk as Uint8Array).length;
    if (total > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The reason of a failed request, without what the address may hold. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : 'it failed';
}

function printable(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
}
