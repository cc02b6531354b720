import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { formatVerifierKey } from '@breakwater/rules/evidence';
import { createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { witnessRoutes } from './routes.ts';
import { type Signer, createKeyFile, keyFileSigner } from './signer.ts';
import { addLog, createWitnessState, openWitness, witnessName } from './witness.ts';

/** A witness that runs in this process. */
export interface ServedWitness {
  /** Its submission prefix. */
  readonly url: string;
  readonly vkey: string;
  close(): Promise<void>;
}

const KEY_FILE = 'key.pem';
const BODY_BYTES = 65_536;
const REQUEST_SECONDS = 10;

async function signerIn(folder: string): Promise<Signer> {
  return keyFileSigner(join(folder, KEY_FILE), await witnessName(folder), 'witness');
}

/**
 * Makes a witness: a key and an empty memory in `folder`. Returns its verifier key, which logs and policies are given.
 *
 * @throws BreakwaterError `key.exists` or `witness.state-exists` when the folder holds one.
 */
export async function initWitness(folder: string, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  createKeyFile(join(folder, KEY_FILE));
  const signer = keyFileSigner(join(folder, KEY_FILE), name, 'witness');
  await createWitnessState(folder, signer);
  return formatVerifierKey(signer.key);
}

/** Lets the witness in `folder` know a log by its verifier key. The witness must not be running. */
export async function watchLog(folder: string, vkey: string): Promise<void> {
  await addLog(folder, await signerIn(folder), vkey);
}

/**
 * Runs the witness in `folder` until closed. Put a TLS proxy in front where others than this machine reach it.
 *
 * @throws BreakwaterError `witness.state-lost`, `witness.other-key`, `witness.in-use`, `key.…`.
 */
export async function serveWitness(options: { folder: string; host: string; port: number }): Promise<ServedWitness> {
  const signer = await signerIn(options.folder);
  const witness = await openWitness(options.folder, signer, () => new Date());
  const app = await createHttp({
    log: createLog('warn'),
    metrics: createMetrics(),
    access: 'public',
    bodyLimitBytes: BODY_BYTES,
    requestTimeoutSeconds: REQUEST_SECONDS,
  });
  witnessRoutes(app, witness);
  const close = async (): Promise<void> => {
    await app.close();
    await witness.close();
  };
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    vkey: formatVerifierKey(signer.key),
    close,
  };
}
