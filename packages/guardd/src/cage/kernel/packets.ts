/** The last packets at the gate, for scopes that want them: tcpdump in a ring of two files, cut to the scope's bytes at the end. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnvironment } from '../command.ts';
import { enter, links } from './network.ts';

export interface PacketRing {
  /** Ends the capture and leaves one file `packets.pcap` of at most the scope's bytes. */
  end(): Promise<void>;
}

const megabyte = 1_000_000;
const headerBytes = 24;
const endWithinMs = 2000;

export function recordPackets(gate: string, folder: string, bytes: number): PacketRing {
  const each = Math.max(1, Math.ceil(bytes / 2 / megabyte));
  const ring = join(folder, 'ring.pcap');
  const words = [
    '-i',
    links.inner,
    '-n',
    '-U',
    '--immediate-mode',
    '-Z',
    'root',
    '-C',
    String(each),
    '-W',
    '2',
    '-w',
    ring,
  ];
  const [command, ...argv] = [...enter(gate), 'tcpdump', ...words];
  const child = spawn(command, argv, { env: toolEnvironment, stdio: 'ignore', detached: true });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    async end() {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
      await gone;
      clearTimeout(timer);
      const parts = readdirSync(folder)
        .filter((name) => name.startsWith('ring.pcap'))
        .map((name) => join(folder, name))
        .toSorted((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
      if (parts.length > 0)
        writeFileSync(
          join(folder, 'packets.pcap'),
          newest(
            parts.map((path) => readFileSync(path)),
            bytes,
          ),
        );
      for (const path of parts) rmSync(path);
    },
  };
}

/** One capture out of several in order, with as many of its last packets as fit into `bytes`. */
export function newest(captures: readonly Uint8Array[], bytes: number): Uint8Array {
  const packets = captures.flatMap(packetsOf);
  let size = headerBytes;
  let from = packets.length;
  while (from > 0 && size + (packets[from - 1]?.length ?? 0) <= bytes) size += packets[--from]?.length ?? 0;
  const header = captures.find(({ length }) => length >= headerBytes)?.subarray(0, headerBytes) ?? new Uint8Array(0);
  return Buffer.concat([header, ...packets.slice(from)]);
}

function packetsOf(capture: Uint8Array): Uint8Array[] {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.byteLength);
  const packets: Uint8Array[] = [];
  for (let at = headerBytes; at + 16 <= capture.length;) {
    const end = at + 16 + view.getUint32(at + 8, true);
    if (end > capture.length) break;
    packets.push(capture.subarray(at, end));
    at = end;
  }
  return packets;
}
