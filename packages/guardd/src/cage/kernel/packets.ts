/** The last packets at the gate, for scopes that want them: tcpdump in a ring of two files, cut to the scope's bytes at the end. */
import { spawn } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toolEnvironment } from '../command.ts';
import { CageLacking } from '../refused.ts';
import { enter, links } from './network.ts';

export interface PacketRing {
  /** Ends the capture and leaves one file `packets.pcap` of at most the scope's bytes. */
  end(): Promise<void>;
}

const megabyte = 1_000_000;
const fileHeader = 24;
const packetHeader = 16;
const beginWithinMs = 5000;
const endWithinMs = 2000;

/**
 * Resolves when packets are being kept. Throws CageLacking `cage.packets` when they cannot be: evidence that a scope asks
 * for is not left out in silence.
 */
export function recordPackets(gate: string, folder: string, bytes: number): Promise<PacketRing> {
  const each = Math.max(1, Math.ceil(bytes / 2 / megabyte));
  const ring = ['-C', String(each), '-W', '2', '-w', join(folder, 'ring.pcap')];
  const words = ['-i', links.inner, '-n', '-U', '--immediate-mode', '-Z', 'root', ...ring];
  const [command, ...argv] = [...enter(gate), 'tcpdump', ...words];
  const child = spawn(command, argv, { env: toolEnvironment, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const end = async (): Promise<void> => {
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
    await gone;
    clearTimeout(timer);
    const parts = readdirSync(folder)
      .filter((name) => name.startsWith('ring.pcap'))
      .map((name) => join(folder, name))
      .toSorted((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    await keepNewest(parts, join(folder, 'packets.pcap'), bytes);
    for (const path of parts) rmSync(path);
  };
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (): void => {
      child.kill('SIGKILL');
      const why = said.trim().slice(0, 200);
      reject(
        new CageLacking(
          'cage.packets',
          `the scope asks for packets, and tcpdump does not keep them (${why}): install it by sh scripts/system-packages, or leave packets out`,
          '/packets',
        ),
      );
    };
    const timer = setTimeout(fail, beginWithinMs);
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4096);
      if (!said.includes('listening on')) return;
      clearTimeout(timer);
      resolve({ end });
    });
    void gone.then(() => {
      clearTimeout(timer);
      fail();
    });
  });
}

/** One capture out of several in order, with as many of their last packets as fit into `bytes`. */
export async function keepNewest(parts: readonly string[], to: string, bytes: number): Promise<void> {
  const sizes = parts.map((path) => Math.max(0, statSync(path).size - fileHeader));
  let excess = fileHeader + sizes.reduce((sum, size) => sum + size, 0) - bytes;
  let begun = false;
  for (const [i, path] of parts.entries()) {
    const size = fileHeader + (sizes[i] ?? 0);
    if (size === fileHeader) continue;
    const from = excess > 0 ? packetAfter(path, size, excess) : fileHeader;
    excess -= from - fileHeader;
    const ranges = [...(begun ? [] : [[0, fileHeader]]), [from, size]] as const;
    for (const [start = 0, end = 0] of ranges) {
      if (start >= end) continue;
      await pipeline(
        createReadStream(path, { start, end: end - 1 }),
        createWriteStream(to, { flags: 'a', mode: 0o600 }),
      );
      begun = true;
    }
  }
}

/** Where the first packet begins that lies `skipped` bytes or more behind the header of the file; its end when there is none. */
function packetAfter(path: string, size: number, skipped: number): number {
  const file = openSync(path, 'r');
  const header = Buffer.alloc(packetHeader);
  let at = fileHeader;
  while (at - fileHeader < skipped && readSync(file, header, 0, packetHeader, at) === packetHeader) {
    at += packetHeader + header.readUInt32LE(8);
  }
  closeSync(file);
  return Math.min(at, size);
}
