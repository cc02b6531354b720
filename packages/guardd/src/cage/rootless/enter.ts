/**
 * The outer side of level rootless: starts a program again as root of a user namespace, with pasta as its uplink.
 *
 * Its processes have a process namespace of their own: when its first process ends, all of them and their networks are gone.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { monoNow } from '../../clock.ts';
import { toolEnvironment } from '../command.ts';
import { lookAround } from '../kernel/uplink.ts';
import { CageUnavailable } from '../refused.ts';
import { placeVariable, type Order, type Place } from './inside.ts';

/** User, network, mounts and processes of its own. Files of /run are hidden: network tools write there. */
export const ownNamespaces = [
  'unshare',
  '--user',
  '--map-root-user',
  '--net',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--',
  '/bin/sh',
  '-c',
  'mount -t tmpfs -o mode=0755,size=64m breakwater /run && exec "$@"',
  'sh',
] as const;
const uplinkName = 'uplink0';
/** A link-local network: no scope can name it, so that it collides with no target. */
const uplinkAddress = { own: '169.254.77.2', bits: '30', gateway: '169.254.77.1' };
const uplinkWithinMs = 5000;
const lookEveryMs = 10;
const aliveEveryMs = 200;

/** The words of pasta up to the process whose network it serves. Nothing of the machine is reached by its gateway's address, and nothing comes in. */
export function pastaWords(interfaceName: string): string[] {
  const { own, bits, gateway } = uplinkAddress;
  const lives = ['setpriv', '--pdeathsig', 'KILL', 'pasta', '--foreground', '--stderr'];
  const inward = ['-t', 'none', '-u', 'none', '-T', 'none', '-U', 'none'];
  const link = ['-i', interfaceName, '-I', uplinkName, '-a', own, '-n', bits, '-g', gateway];
  return [...lives, '--config-net', '--no-map-gw', ...inward, ...link];
}

/** The first interface of this machine that leads out; null where there is none. */
export function wayOut(): string | null {
  const found = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
    addresses.some(({ internal, family }) => !internal && family === 'IPv4'),
  );
  return found?.[0] ?? null;
}

/**
 * Runs `argv` in there to its end, with the standard streams and signals of this process; gives its exit code. Throws
 * CageUnavailable when the namespace or its uplink cannot be made.
 */
export async function enterRootless(argv: readonly string[]): Promise<number> {
  const { addresses, broadcast } = await lookAround();
  const place: Place = { addresses: [...addresses], broadcast: [...broadcast] };
  const [file, ...words] = ownNamespaces;
  const child = spawn(file, [...words, ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [placeVariable]: JSON.stringify(place) },
  });
  const ended = exitOf(child);
  const tell = (order: Order): void => {
    if (child.connected) child.send(order, () => undefined);
  };
  const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of passed) process.on(name, tell);
  const alive = setInterval(() => tell('alive'), aliveEveryMs);
  let uplink: ChildProcess | null = null;
  try {
    uplink = await openUplink(child);
    uplink.once('exit', () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.stderr.write('pasta ended: nothing leaves the cage any more\n');
      tell('SIGTERM');
    });
    tell('uplink');
    return await ended;
  } finally {
    clearInterval(alive);
    for (const name of passed) process.off(name, tell);
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
    uplink?.kill('SIGKILL');
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** Starts pasta for the namespace of `child`; resolves when its route is there. */
async function openUplink(child: ChildProcess): Promise<ChildProcess> {
  const out = wayOut();
  if (out === null) throw new CageUnavailable('pasta: this machine has no interface with an IPv4 address');
  const until = monoNow() + uplinkWithinMs;
  const hurry = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new CageUnavailable('the user namespace cannot be made: unshare ended');
    if (monoNow() > until) throw new CageUnavailable('pasta: no uplink within 5 s');
    await sleep(lookEveryMs);
  };
  const { pid = 0 } = child;
  while (!hasOwnNetwork(pid)) await hurry();
  const [file = '', ...words] = pastaWords(out);
  // In a session of its own: Ctrl-C of a terminal must stop the test, not its uplink.
  const pasta = spawn(file, [...words, String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: toolEnvironment,
    detached: true,
  });
  let complaint = '';
  pasta.stderr.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-mostComplaint)));
  let gone = false;
  pasta.once('error', () => (gone = true)).once('close', () => (gone = true));
  try {
    while (!hasUplink(pid)) {
      if (gone) throw new CageUnavailable(`pasta: ${pastaComplaint(complaint)}`);
      await hurry();
    }
  } catch (error) {
    pasta.kill('SIGKILL');
    throw error;
  }
  return pasta;
}

const mostComplaint = 4096;

/** The last thing that pasta said, without its notes about the system's log. */
export function pastaComplaint(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.endsWith(' to syslog'));
  return lines.at(-1)?.trim() ?? 'ended without a word';
}

function hasOwnNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net');
  } catch {
    return false;
  }
}

/** True when a default route goes through pasta's interface. */
function hasUplink(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/net/route`, 'utf8').includes(`\n${uplinkName}\t00000000\t`);
  } catch {
    return false;
  }
}
