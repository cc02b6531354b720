import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import {
  type Checkpoint,
  type VerifierKey,
  cosignature,
  cosignedMessage,
  decodeBase64,
  encodeBase64,
  formatSignatureLine,
  formatVerifierKey,
  isHash,
  openNote,
  parseCheckpoint,
  parseSize,
  parseVerifierKey,
  sameBytes,
  verifyConsistency,
} from '@breakwater/rules/evidence';
import { nodeVerifier } from '@breakwater/verify';
import { z } from 'zod';
import { syncFolder, writeDurably } from './outside.ts';
import type { Signer } from './signer.ts';

/** What a witness answers to `add-checkpoint` (C2SP tlog-witness). */
export interface WitnessResponse {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

/** A witness: it remembers the newest checkpoint of each log it knows, and cosigns only what extends it. */
export interface Witness {
  /** Answers the body of one `add-checkpoint` request. The new checkpoint is on disk before it is answered for. */
  addCheckpoint(body: string): Promise<WitnessResponse>;
  /** Gives up the state, so that another process may open it. */
  close(): Promise<void>;
}

const stateSchema = z.strictObject({
  schema: z.literal('breakwater.witness/1'),
  /** The witness this is the memory of. */
  vkey: z.string(),
  logs: z.record(z.string(), z.strictObject({ vkeys: z.array(z.string()).min(1), size: z.string(), root: z.string() })),
});
type State = z.infer<typeof stateSchema>;

const STATE_FILE = 'witness.json';
const LOCK_FILE = 'lock';
const MAX_BODY = 65_536;
const MAX_PROOF = 63;
const TEXT = 'text/plain; charset=utf-8';

/**
 * Makes the memory of a new witness, which knows no log.
 *
 * @throws BreakwaterError `witness.state-exists` when there is one.
 */
export async function createWitnessState(folder: string, signer: Signer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const state: State = { schema: 'breakwater.witness/1', vkey: formatVerifierKey(signer.key), logs: {} };
  const exists = await readFile(join(folder, STATE_FILE)).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new BreakwaterError('witness.state-exists', `${folder} holds the memory of a witness already`, folder);
  await writeState(folder, state);
}

/**
 * Makes a log known by its key, from nothing seen. A further key of a known log is added beside the first.
 *
 * @throws BreakwaterError `witness.state-lost`, `witness.in-use`, `key.…`.
 */
export async function addLog(folder: string, signer: Signer, vkey: string): Promise<void> {
  const key = parseVerifierKey(vkey);
  const held = await holdState(folder);
  try {
    const state = await readState(folder, signer);
    const log = state.logs[key.name] ?? { vkeys: [], size: '0', root: '' };
    if (!log.vkeys.includes(vkey))
      await writeState(folder, {
        ...state,
        logs: { ...state.logs, [key.name]: { ...log, vkeys: [...log.vkeys, vkey] } },
      });
  } finally {
    await held.release();
  }
}

/**
 * Opens the memory of a witness. A witness whose memory is gone has forgotten what it cosigned and may sign nothing more
 * under its key: it refuses to start, it never begins anew.
 *
 * @throws BreakwaterError `witness.state-lost`, `witness.other-key`, `witness.in-use`.
 */
export async function openWitness(folder: string, signer: Signer, now: () => Date): Promise<Witness> {
  const held = await holdState(folder);
  let state: State;
  try {
    state = await readState(folder, signer);
  } catch (error) {
    await held.release();
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  const decide = async (body: string): Promise<WitnessResponse> => {
    const decision = judge(state, body);
    if ('status' in decision) return decision;
    const { checkpoint, text } = decision;
    const log = {
      ...(state.logs[checkpoint.origin] as State['logs'][string]),
      size: `${checkpoint.size}`,
      root: encodeBase64(checkpoint.root),
    };
    const next: State = { ...state, logs: { ...state.logs, [checkpoint.origin]: log } };
    await writeState(folder, next);
    state = next;
    const time = BigInt(Math.floor(now().getTime() / 1000));
    const signature = cosignature(time, await signer.sign(cosignedMessage(text, time)));
    return {
      status: 200,
      type: TEXT,
      body: formatSignatureLine({ name: signer.key.name, id: signer.key.id, signature }),
    };
  };
  return {
    // One request at a time: what is compared with the memory is what is written over it.
    addCheckpoint(body) {
      const answer = last.then(() => decide(body));
      last = answer.catch(() => undefined);
      return answer;
    },
    async close() {
      await last;
      await held.release();
    },
  };
}

/** The verdict on a request against the memory: a refusal, or the checkpoint that is to be remembered and cosigned. */
function judge(state: State, body: string): WitnessResponse | { checkpoint: Checkpoint; text: string } {
  const request = readRequest(body);
  if (request === null) return refusal(400, 'malformed request');
  const { oldSize, proof, note, checkpoint } = request;
  const log = Object.hasOwn(state.logs, checkpoint.origin) ? state.logs[checkpoint.origin] : undefined;
  if (log === undefined) return refusal(404, 'unknown log');
  const text = openSigned(note, log.vkeys.map(parseVerifierKey));
  if (text === null) return refusal(403, 'invalid signature');
  if (oldSize > checkpoint.size) return refusal(400, 'the old size is beyond the checkpoint');
  const known = BigInt(log.size);
  if (oldSize !== known) return { status: 409, type: 'text/x.tlog.size', body: `${known}\n` };
  const knownRoot = decodeBase64(log.root);
  if (known === 0n)
    return proof.length === 0 ? { checkpoint, text } : refusal(422, 'a consistency proof from 0 is empty');
  if (!isHash(knownRoot))
    throw new BreakwaterError('witness.state-lost', `the memory of ${checkpoint.origin} is broken`);
  if (known === checkpoint.size && !sameBytes(knownRoot, checkpoint.root)) {
    return { status: 409, type: 'text/x.tlog.size', body: `${known}\n` };
  }
  const claim = { oldSize: known, newSize: checkpoint.size, proof, oldRoot: knownRoot, newRoot: checkpoint.root };
  return verifyConsistency(claim) ? { checkpoint, text } : refusal(422, 'the consistency proof does not verify');
}

function readRequest(
  body: string,
): { oldSize: bigint; proof: Uint8Array[]; note: string; checkpoint: Checkpoint } | null {
  const split = body.indexOf('\n\n');
  if (split < 0 || body.length > MAX_BODY) return null;
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice(4)) : null;
  const proof = lines.map(decodeBase64).filter(isHash);
  if (oldSize === null || proof.length !== lines.length || proof.length > MAX_PROOF) return null;
  const note = body.slice(split + 2);
  try {
    return { oldSize, proof, note, checkpoint: parseCheckpoint(note) };
  } catch {
    return null;
  }
}

function openSigned(note: string, keys: readonly VerifierKey[]): string | null {
  try {
    return openNote(note, keys, nodeVerifier).text;
  } catch {
    return null;
  }
}

function refusal(status: 400 | 403 | 404 | 422, why: string): WitnessResponse {
  return { status, type: TEXT, body: `${why}\n` };
}

/** The name of the witness whose memory is in `folder`. Throws BreakwaterError `witness.state-lost`. */
export async function witnessName(folder: string): Promise<string> {
  return parseVerifierKey((await parseState(folder)).vkey).name;
}

async function readState(folder: string, signer: Signer): Promise<State> {
  const state = await parseState(folder);
  if (state.vkey !== formatVerifierKey(signer.key)) {
    throw new BreakwaterError('witness.other-key', `${folder} is the memory of ${state.vkey}`, folder);
  }
  return state;
}

async function parseState(folder: string): Promise<State> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(folder, STATE_FILE), 'utf8')));
  } catch {
    throw new BreakwaterError(
      'witness.state-lost',
      `the memory of the witness is missing or broken in ${folder}: a witness that forgot what it cosigned must not sign again. ` +
        'Put the file back as it was, or retire the key and make a new witness',
      folder,
    );
  }
}

async function writeState(folder: string, state: State): Promise<void> {
  const path = join(folder, STATE_FILE);
  await writeDurably(`${path}.new`, path, `${JSON.stringify(state, null, 1)}\n`);
  await syncFolder(folder);
}

/** Keeps other processes from the state. A lock whose process is gone is taken over. */
async function holdState(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, LOCK_FILE);
  const held = { release: () => unlink(path).catch(() => undefined) };
  if (await createLock(path)) return held;
  const owner = await readFile(path, 'utf8').catch(() => '');
  if (!isAlive(Number(owner)) && (await removeLock(path, owner)) && (await createLock(path))) return held;
  throw new BreakwaterError('witness.in-use', `process ${owner} is this witness already`, path);
}

async function createLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Without the folder there is no memory either, which is the better complaint.
    if (code === 'ENOENT') return true;
    throw error;
  }
}

/** Removes the lock of `owner` by a rename, which only one process can do; another's lock is put back. */
async function removeLock(path: string, owner: string): Promise<boolean> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    const wasStale = (await readFile(aside, 'utf8')) === owner;
    await (wasStale ? unlink(aside) : rename(aside, path));
    return wasStale;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
