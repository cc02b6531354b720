/** Level rootless, as an ordinary user: the whole command where this machine allows it, otherwise its refusal. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { containmentSchema } from '@breakwater/rules/containment';
import { casesToRun, notePassed } from './cases.ts';
import { openTarget, python, scopeOf, until, type Target } from './cage-stand.ts';

const entry = join(import.meta.dirname, '../packages/cli/src/start.ts');
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** A device for pasta that everybody may open, seen by nobody but what is started here. */
const ownTun =
  'mount -t tmpfs tun /dev/net 2>/dev/null && mknod /dev/net/tun c 10 200 && chmod 0666 /dev/net/tun; exec "$@"';

/** The command as a user who is not root. */
function asUser(words: readonly string[]): [command: string, ...words: string[]] {
  const alone = ['unshare', '--mount', 'sh', '-c', ownTun, 'sh'];
  const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'];
  const [command = '', ...rest] = [...(isRoot ? [...alone, ...drop] : []), process.execPath, entry, 'cage', ...words];
  return [command, ...rest];
}

interface Told {
  readonly status: number | null;
  readonly said: Record<string, unknown> | null;
}

/** Runs it to its end, while the targets of this process answer. */
async function run(words: readonly string[]): Promise<Told> {
  const [command, ...rest] = asUser(words);
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  return { status: child.exitCode, said: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
}

interface LevelTold {
  readonly level: string;
  readonly works: boolean;
  readonly why: string;
}
const told = (await run(['levels', '--json'])).said?.['levels'] as readonly LevelTold[] | undefined;
const rootless = told?.find(({ level }) => level === 'rootless');
/** An address of this machine that is not its loopback: pasta leads to it, and nothing leaves the machine. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.internal === false && one.family === 'IPv4')?.address;
const whyNot =
  rootless === undefined
    ? 'this folder cannot be read by other users'
    : !rootless.works
      ? rootless.why
      : address === undefined
        ? 'this machine has no address but its loopback'
        : null;
if (whyNot !== null) process.stderr.write(`level rootless is not tried: ${whyNot}\n`);

let folder: string;
let target: Target;
let outside: Target;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-rootless-'));
  if (isRoot) chownSync(folder, nobody, nobody);
  target = await openTarget('0.0.0.0');
  outside = await openTarget('0.0.0.0');
});
afterEach(async () => {
  await target.close();
  await outside.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Words of `cage run` with a scope that allows the one target. */
function caged(argv: readonly string[], level: readonly string[]): string[] {
  const scope = scopeOf(target.port, {
    targets: [{ cidr: `${address ?? '10.0.0.1'}/32`, ports: [`tcp/${target.port}`] }],
  });
  writeFileSync(join(folder, 'scope.json'), JSON.stringify(scope), { mode: 0o644 });
  const files = ['--scope', join(folder, 'scope.json'), '--out', join(folder, 'out')];
  return ['run', '--json', ...level, ...files, '--', ...argv];
}

const knock = (port: number): string =>
  `import socket\ntry: print(socket.create_connection(('${address}', ${port}), 5).recv(5))\nexcept OSError as e: print(e)\n`;

describe.skipIf(whyNot !== null)('a user without rights', () => {
  test('gets a cage of the kernel, which says what it does not hold', async () => {
    const { status, said } = await run(caged(python(knock(target.port) + knock(outside.port)), []));
    expect(status).toBe(0);
    const report = containmentSchema.parse(said);
    expect(report).toMatchObject({
      level: 'rootless',
      outcome: 'exited',
      allowed: [{ address, port: target.port, protocol: 'tcp', connections: 1 }],
      denied: [{ address, port: outside.port, protocol: 'tcp' }],
      selfTest: { outsideBlocked: true, insideAnswered: true },
    });
    expect(report.notHeld?.map(({ en }) => en)).toContainEqual(expect.stringMatching(/sent anew by pasta/));
    expect([target.reached.length, outside.reached.length]).toEqual([1, 0]);
  });

  const forever = `import socket, time
while True:
    try: socket.create_connection(('${address}', PORT), 1).close()
    except OSError: pass
    time.sleep(0.02)
`;
  const start = (): ChildProcess => {
    const detached = ['/bin/bash', '-c', `trap '' TERM; setsid python3 -c "$0" & sleep 60`];
    const [command, ...words] = asUser(
      caged([...detached, forever.replace('PORT', String(target.port))], ['--level', 'rootless']),
    );
    return spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  };
  const quietAfter = async (): Promise<void> => {
    const reached = target.reached.length;
    await sleep(1000);
    expect(target.reached.length).toBe(reached);
  };

  const ends = [
    { kind: 'stop', boundary: 'SIGTERM to the command', signal: 'SIGTERM' },
    { kind: 'stop', boundary: 'SIGKILL of the command', signal: 'SIGKILL' },
    { kind: 'stop', boundary: 'SIGSTOP of the command', signal: 'SIGSTOP' },
  ] as const;
  test.each(casesToRun('cage-rootless', ends))(
    'has no traffic of a tool any more that detached and ignores signals: $kind, $boundary',
    async (each) => {
      const command = start();
      let text = '';
      command.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const closed = new Promise((resolve) => command.once('close', resolve));
      await until('the target is reached', () => target.reached.length > 3);
      command.kill(each.signal);
      if (each.signal === 'SIGTERM') {
        await closed;
        expect(command.exitCode).toBe(1);
        expect(containmentSchema.parse(JSON.parse(text))).toMatchObject({
          outcome: 'stopped',
          trip: { reason: 'lever', by: 'SIGTERM' },
        });
      } else await sleep(3000);
      await quietAfter();
      command.kill('SIGKILL');
      notePassed('cage-rootless', each);
    },
  );
});

describe.skipIf(rootless === undefined || rootless.works)('a machine without the means', () => {
  test('refuses the level with the reason that `cage levels` gives', async () => {
    const { status, said } = await run(caged(['true'], ['--level', 'rootless']));
    expect(status).toBe(3);
    expect(said).toMatchObject({
      error: { code: 'cage.unavailable', message: expect.stringContaining(rootless?.why ?? '') },
    });
  });
});
