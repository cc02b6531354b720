/**
 * Where a bank's services listen: in a network namespace of their own behind a veth pair when this machine allows it,
 * on loopback otherwise. Names begin with `bw-`; addresses are the /30 blocks of 10.77.0.0/24, so that 64 banks fit.
 *
 * The owner is written on the host's end of the veth (its alias), and a waiting shell removes both when the owner's
 * pipe closes, also after kill -9. What a lost machine or a killed shell left behind, {@link cleanNetworks} removes.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { portSpan } from './catalog.ts';

export type BankNetwork =
  | { level: 'namespace'; namespace: string; host: string; basePort: number; close: () => void }
  | { level: 'loopback'; reason: string; host: string; basePort: number; close: () => void };

const blocks = 64;
const aliasWord = 'breakwater sample-bank';
/** Base port inside a namespace, where nobody else listens. */
export const namespacePort = 8080;

/**
 * Opens a network for the calling process.
 *
 * `privileged`: true = a namespace or an error; false = loopback; undefined = a namespace where allowed.
 * `host`, `basePort`: the loopback address and first port; a free span of ports is found when left out.
 */
export async function openNetwork(options: {
  privileged?: boolean;
  host?: string;
  basePort?: number;
}): Promise<BankNetwork> {
  let reason = 'asked for';
  if (options.privileged !== false) {
    try {
      cleanNetworks();
      return openNamespace(options.basePort ?? namespacePort);
    } catch (error) {
      reason = reasonOf(error);
      if (options.privileged === true) throw new Error(`no network namespace can be made: ${reason}`, { cause: error });
    }
  }
  const host = options.host ?? '127.0.0.1';
  const { basePort, release } =
    options.basePort === undefined
      ? await reservePorts(host)
      : { basePort: options.basePort, release: () => undefined };
  return { level: 'loopback', reason, host, basePort, close: release };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'the program ip is missing: install iproute2';
  return error.message.trim().split('\n').at(-1) ?? '';
}

/** Waits for the owner's end, then removes what is still the owner's. $1 namespace, $2 link, $3 alias. */
const undertaker =
  'cat >/dev/null; if ip link show "$2" | grep -qF -- "$3"; then ip netns del "$1"; ip link del "$2"; fi';

function openNamespace(basePort: number): BankNetwork {
  for (let block = 0; block < blocks; block++) {
    const names = blockNames(block);
    if (!addLink(names)) continue;
    const owner = `${aliasWord} ${process.pid} ${startTime(process.pid)}`;
    try {
      ip(['link', 'set', names.outside, 'alias', owner]);
      tryIp(['netns', 'del', names.namespace]);
      ip(['netns', 'add', names.namespace]);
      ip(['link', 'set', names.inside, 'netns', names.namespace]);
      ip(['addr', 'add', `10.77.0.${4 * block + 1}/30`, 'dev', names.outside]);
      ip(['link', 'set', names.outside, 'up']);
      ip(['-n', names.namespace, 'addr', 'add', `${addressOf(block)}/30`, 'dev', names.inside]);
      ip(['-n', names.namespace, 'link', 'set', names.inside, 'up']);
      ip(['-n', names.namespace, 'link', 'set', 'lo', 'up']);
      // Answers find their way to whoever this machine forwards for, such as a caged test.
      ip(['-n', names.namespace, 'route', 'add', 'default', 'via', `10.77.0.${4 * block + 1}`]);
    } catch (error) {
      remove(block);
      throw error;
    }
    const waiting = spawn('sh', ['-c', undertaker, 'sh', names.namespace, names.outside, owner], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    waiting.unref();
    return {
      level: 'namespace',
      namespace: names.namespace,
      host: addressOf(block),
      basePort,
      close: () => {
        waiting.kill('SIGKILL');
        remove(block);
      },
    };
  }
  throw new Error(`all ${blocks} address blocks of 10.77.0.0/24 are taken`);
}

/** Removes the networks whose owner is gone, with the processes left in them. Answers the names of those removed. */
export function cleanNetworks(): string[] {
  const links = JSON.parse(ip(['-j', 'link', 'show'])) as { ifname: string; ifalias?: string }[];
  return links.flatMap(({ ifname, ifalias }) => {
    const block = /^bw-h(\d{1,2})$/.exec(ifname)?.[1];
    const [pid, started] = (ifalias?.startsWith(aliasWord) ? ifalias.slice(aliasWord.length).trim() : '').split(' ');
    if (block === undefined || pid === undefined || pid === '' || startTime(Number(pid)) === started) return [];
    return remove(Number(block)) ? [blockNames(Number(block)).namespace] : [];
  });
}

/** Taking a link's name is what reserves its block: the kernel gives a name to one asker only. */
function addLink({ outside, inside }: { outside: string; inside: string }): boolean {
  try {
    ip(['link', 'add', outside, 'type', 'veth', 'peer', 'name', inside]);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('File exists')) return false;
    throw error;
  }
}

function remove(block: number): boolean {
  const names = blockNames(block);
  for (const pid of (ipOrNull(['netns', 'pids', names.namespace]) ?? '').split('\n').filter((line) => line !== '')) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself between the listing and the signal.
    }
  }
  tryIp(['netns', 'del', names.namespace]);
  // With the namespace the kernel takes its link away, sooner or later.
  return tryIp(['link', 'del', names.outside]) || !tryIp(['link', 'show', names.outside]);
}

function blockNames(block: number): { namespace: string; outside: string; inside: string } {
  return { namespace: `bw-bank${block}`, outside: `bw-h${block}`, inside: `bw-b${block}` };
}

function addressOf(block: number): string {
  return `10.77.0.${4 * block + 2}`;
}

/** When a process started, in clock ticks since boot: with the pid it names one process for ever. Null when it is gone, buried or not. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}

function ip(words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function ipOrNull(words: string[]): string | null {
  try {
    return ip(words);
  } catch {
    return null;
  }
}

function tryIp(words: string[]): boolean {
  return ipOrNull(words) !== null;
}

/** A free span of ports. Its last port stays ours until `release`, so that two banks that start together differ. */
async function reservePorts(host: string): Promise<{ basePort: number; release: () => void }> {
  for (let basePort = 18_080; basePort < 30_000; basePort += portSpan + 1) {
    const mark = await listenOn(host, basePort + portSpan);
    if (mark === null) continue;
    const free = await Promise.all(Array.from({ length: portSpan }, (_, offset) => isFree(host, basePort + offset)));
    if (free.every(Boolean)) return { basePort, release: () => void mark.close() };
    mark.close();
  }
  throw new Error(`no ${portSpan + 1} free ports in a row on ${host}`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = await listenOn(host, port);
  if (server === null) return false;
  await new Promise((closed) => server.close(closed));
  return true;
}

function listenOn(host: string, port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => resolve(server));
  });
}
