/**
 * What a caged test is let at: a server in a network namespace of its own, which writes down when a connection reached it, and a
 * plan that tests it.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './guardd-stand.ts';

const port = 7000;
/** Blocks of 10.78.0.0/24, so that stands of several processes do not meet. */
const blocks = 64;

/** Notes each connection by the clock that `process.hrtime` of this machine shows everywhere. */
const serve = `const { createServer } = require('node:net'), { appendFileSync } = require('node:fs');
  const now = () => appendFileSync(process.argv[1], Number(process.hrtime.bigint() / 1000n) / 1000 + '\\n');
  createServer((socket) => { now(); socket.on('error', () => 0); socket.on('data', now); socket.end(); }).listen(${port}, process.argv[2]);`;

const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'ignore'] });

/** True where network namespaces can be made: these scenarios need them. */
export function canMakeNamespaces(): boolean {
  try {
    ip('netns', 'list');
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** Milliseconds of the clock that the target uses. */
export const nowMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

export class Target {
  readonly address: string;
  readonly #dir = mkdtempSync(join(tmpdir(), 'breakwater-target-'));
  readonly #names: { readonly space: string; readonly outside: string; readonly inside: string };
  #server: ChildProcess | null = null;

  private constructor(block: number) {
    this.address = `10.78.0.${4 * block + 2}`;
    this.#names = { space: `bwt-${block}`, outside: `bwt-h${block}`, inside: `bwt-b${block}` };
  }

  static async open(): Promise<Target> {
    for (let i = 0; i < blocks; i++) {
      const block = (process.pid + i) % blocks;
      const target = new Target(block);
      const { outside, inside } = target.#names;
      try {
        ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside);
      } catch {
        rmSync(target.#dir, { recursive: true });
        continue;
      }
      await target.#serve(block);
      return target;
    }
    throw new Error('no network for a target is free');
  }

  async #serve(block: number): Promise<void> {
    const { space, outside, inside } = this.#names;
    const outer = `10.78.0.${4 * block + 1}`;
    ip('netns', 'add', space);
    ip('link', 'set', inside, 'netns', space);
    ip('addr', 'add', `${outer}/30`, 'dev', outside);
    ip('link', 'set', outside, 'up');
    ip('-n', space, 'addr', 'add', `${this.address}/30`, 'dev', inside);
    ip('-n', space, 'link', 'set', inside, 'up');
    ip('-n', space, 'route', 'add', 'default', 'via', outer);
    const words = ['netns', 'exec', space, process.execPath, '-e', serve, join(this.#dir, 'arrivals'), this.address];
    this.#server = spawn('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });
    await until('the target listens', () => {
      try {
        return execFileSync('ip', ['netns', 'exec', space, 'ss', '-ltn'], { encoding: 'utf8' }).includes(`:${port}`);
      } catch {
        return false;
      }
    });
  }

  /** When connections and their bytes arrived, oldest first. */
  arrivals(): number[] {
    try {
      return readFileSync(join(this.#dir, 'arrivals'), 'utf8').trim().split('\n').map(Number);
    } catch {
      return [];
    }
  }

  close(): void {
    this.#server?.kill('SIGKILL');
    for (const words of [
      ['netns', 'del', this.#names.space],
      ['link', 'del', this.#names.outside],
    ]) {
      try {
        ip(...words);
      } catch {
        // The kernel took it away with the other.
      }
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** A loop that connects as fast as its caps let it, in a tree that has left its session. */
const loop = `setsid bash -c 'while :; do (exec 3<>/dev/tcp/$1/${port}) 2>/dev/null; done' loop "$1" & wait`;

/** The plan of a test of `target`, whose services are watched at `url`. */
export function testPlan(
  base: Record<string, unknown>,
  target: Target,
  tester: object = { run: ['bash', '-c', loop, 'loop', '{target}'] },
  scope: object = {},
): Record<string, unknown> {
  const window = base['window'] as { start: string; end: string };
  const { steps: _, ...rest } = base;
  const authority = { document: `sha256:${'a'.repeat(64)}`, signer: 'p-1', validUntil: window.end };
  return {
    ...rest,
    kind: 'security-test',
    activity: 'automated-pentest',
    authority,
    scope: {
      schema: 'breakwater.scope/1',
      targets: [{ cidr: `${target.address}/32`, ports: [`tcp/${port}`] }],
      caps: { newConnectionsPerSecond: 200, packetsPerSecond: 5000, concurrent: 100, bytes: 100_000_000 },
      window: { start: window.start, end: window.end },
      lease: 'PT2S',
      authority,
      ...scope,
    },
    tester: { usesAi: true, ...tester },
  };
}

/** Names of cages of this machine whose owner's name for them is `name`. */
export function cagesNamed(name: string): string[] {
  const home = '/run/breakwater/cages';
  try {
    return readdirSync(home).filter((slot) => {
      try {
        return readFileSync(join(home, slot, 'owner.json'), 'utf8').includes(`"name":"${name}"`);
      } catch {
        return false;
      }
    });
  } catch {
    return [];
  }
}
