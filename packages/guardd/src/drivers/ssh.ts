/** Machines behind SSH, known by pinned host keys; authentication by a key file of this host, and by nothing else. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { Client, type ClientChannel } from 'ssh2';
import type { GuardedTarget } from '../guarded-plan.ts';
import { codeOf } from '../log.ts';
import { Unclear } from './answer.ts';
import { gather, withEnvironment, type Machine, type RunOptions, type Said, type SocketAddress } from './machine.ts';

const connectWithinMs = 10_000;
/** A peer that is silent for three of these is gone. */
const aliveEveryMs = 2000;

/** Connects. Throws Unclear when the key cannot be read, the host has another key, or does not let us in. */
export async function reachBySsh(target: GuardedTarget): Promise<Machine> {
  const client = await connected(target);
  const { id } = target;
  const opened = <T>(what: string, open: (done: (error: Error | undefined, channel: T) => void) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const lost = (): void => reject(new Unclear(`the connection to ${id} was lost`));
      client.once('close', lost);
      open((error, channel) => {
        client.off('close', lost);
        if (error === undefined) resolve(channel);
        else reject(new Unclear(`${what} on ${id}: ${error.message}`));
      });
    });
  return {
    id,
    async run(argv, options) {
      const channel = await opened<ClientChannel>(argv[0] ?? '', (done) =>
        client.exec(commandLine(argv, options), done),
      );
      return said(client, channel, options?.input ?? '', id);
    },
    connect: (to) => opened<Duplex>('a connection', (done) => forward(client, to, done)),
    dialogue: () => opened<Duplex>('a dialogue', (done) => client.shell({ term: 'dumb', cols: 500, rows: 1000 }, done)),
    again: () => reachBySsh(target),
    close: () => client.end(),
  };
}

async function connected({ id, host, port, user, hostKeys, keyFile }: GuardedTarget): Promise<Client> {
  const privateKey = readKey(keyFile);
  let seen: string | null = null;
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.once('ready', () => {
      client.off('error', refused);
      // What is lost later ends whatever waits for it.
      client.on('error', () => undefined);
      resolve(client);
    });
    const refused = (error: Error): void => {
      const known = seen === null ? '' : `; its host key is ${seen}, pinned are ${hostKeys.join(', ')}`;
      reject(new Unclear(`${id} cannot be reached: ${error.message}${known}`));
    };
    client.once('error', refused);
    try {
      client.connect({
        host,
        port,
        username: user,
        privateKey,
        readyTimeout: connectWithinMs,
        keepaliveInterval: aliveEveryMs,
        keepaliveCountMax: 3,
        hostVerifier: (key: Buffer) => {
          const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
          const isPinned = hostKeys.some((pinned) => isSame(pinned, fingerprint));
          if (!isPinned) seen = fingerprint;
          return isPinned;
        },
      });
    } catch (error) {
      // It throws for a key that it cannot read.
      refused(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** A key that others can read is no secret. Throws Unclear. */
function readKey(path: string): Buffer {
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new Unclear(`the key ${path} can be read by others: chmod 600 it`);
    return readFileSync(path);
  } catch (error) {
    throw error instanceof Unclear ? error : new Unclear(`the key ${path} cannot be read: ${codeOf(error)}`);
  }
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/**
 * Runs a program in a session of its own, and ends it when the connection is lost or we are stopped: what is cut here does not
 * go on there. Its input comes in full before it starts, behind its length; afterwards only the end of the stream is waited for.
 */
const supervised = `input=$(mktemp) || exit 125
head -c "$1" >"$input"; shift
setsid "$@" <"$input" &
program=$!
exec 3<&0
(cat <&3 >/dev/null; kill -9 "-$program") 2>/dev/null &
watcher=$!
wait "$program"; code=$?
rm -f -- "$input"; kill -9 "$watcher" 2>/dev/null
exit "$code"`;

function commandLine(argv: readonly string[], { input = '', env }: RunOptions = {}): string {
  const words = ['/bin/sh', '-c', supervised, 'sh', String(Buffer.byteLength(input)), ...withEnvironment(argv, env)];
  return words.map(quoted).join(' ');
}

/** One word for the shell that sshd starts, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function said(client: Client, channel: ClientChannel, input: string, id: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const [stdout, stderr] = [gather(channel), gather(channel.stderr)];
    let code: number | null = null;
    let told = false;
    channel.on('exit', (exit: number | null) => {
      [code, told] = [exit, true];
    });
    channel.once('close', () => {
      if (told) resolve({ code, stdout: stdout(), stderr: stderr() });
      else reject(new Unclear(`the connection to ${id} was lost before its program ended`));
    });
    client.once('close', () => channel.emit('close'));
    channel.on('error', () => undefined);
    channel.write(input);
  });
}

function forward(
  client: Client,
  to: SocketAddress,
  done: (error: Error | undefined, channel: ClientChannel) => void,
): void {
  if ('path' in to) client.openssh_forwardOutStreamLocal(to.path, done);
  else client.forwardOut('127.0.0.1', 0, to.host, to.port, done);
}
