import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the server of a run folder can be reached, and by which process. */
export type ServerAddress = { socket: string; apiUrl: string; siteUrl: string; pid: number };

const file = 'server.json';

/** Writes where the server is, for the commands of this machine: a file for our user alone. */
export async function keepAddress(runDir: string, address: ServerAddress): Promise<void> {
  await writeWhole(join(runDir, file), `${JSON.stringify(address, null, 2)}\n`);
}

/** Takes that back when the server stops; a server that was killed leaves it, and its socket does not answer. */
export async function forgetAddress(runDir: string): Promise<void> {
  await rm(join(runDir, file), { force: true });
}

/** Where the server of a run folder was last started, or null. It may have been killed since. */
export async function serverAddress(runDir: string): Promise<ServerAddress | null> {
  try {
    return JSON.parse(await readFile(join(runDir, file), 'utf8')) as ServerAddress;
  } catch {
    return null;
  }
}

/** The token that lets callers in over TCP; made once, in a file for our user alone. */
export async function serverToken(runDir: string): Promise<string> {
  const path = join(runDir, 'token');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (/^[A-Za-z0-9_-]{43}$/.test(kept.trim())) return kept.trim();
  const token = randomBytes(32).toString('base64url');
  await writeWhole(path, `${token}\n`);
  return token;
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
