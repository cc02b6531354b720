import { fileURLToPath } from 'node:url';
import { BreakwaterError } from '@breakwater/rules';
import { createClient, type Client } from '@breakwater/client';
import { loadConfig, type Config } from '@breakwater/server/config';
import { NotChecked } from './frame.ts';

/** Folder of this Breakwater: relative settings start here, wherever the command is called from. */
export const repository: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** The settings of this Breakwater; `overrides` are those of the command line. */
export function readConfig(overrides: Readonly<Record<string, unknown>> = {}): Config {
  return loadConfig({ root: repository, env: process.env, overrides });
}

/** A client of the server that runs on this machine, through its Unix socket. Nothing is sent until a call. */
export function localServer(): Client {
  return createClient({ socket: `${readConfig().runDir}/api.sock` });
}

/** Work on the database of this machine. One that is away, or in use by the running server, is neither a yes nor a no. */
export async function onThisMachine<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BreakwaterError && error.code.startsWith('postgres.')) {
      throw new NotChecked(error.code, error.message, error.path);
    }
    throw error;
  }
}
