/**
 * The small process beside a cage: it renews the lease in the kernel while the owner lives, and answers the canary.
 *
 * The lease is a set element with a timeout. Nobody has to do anything for traffic to stop.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { monoNow } from '../../clock.ts';
import { formatLine, parseLine, readLines } from '../../lines.ts';
import { prioritise } from '../../priority.ts';
import { toolEnvironment } from '../command.ts';
import { links } from './network.ts';

/** What the owner gives the process at its start. */
export interface GateDuty {
  readonly owner: number;
  /** Traffic stops this long after the owner was last heard. */
  readonly leaseMs: number;
  /** Epoch ms; nothing passes later. */
  readonly windowEndMs: number;
  readonly address: string;
  readonly port: number;
}

/** What the owner says: it is alive, or the lease shall lapse. */
export type GateOrder = 'alive' | 'lapse';
/** What the process says: it serves, or the lease was lost after this silence. */
export type GateNews = { readonly serving: true } | { readonly lost: number } | { readonly failed: string };

/** What the canary hears inside. */
export const canaryAnswer = 'breakwater';
/** Life of one renewal in the kernel: together with the pace it bounds how long a stopped owner keeps a cage open. */
const elementMs = 600;
const paceMs = 100;
/** Stopped, traced, dead: an owner in one of these states does not watch over its cage. */
const unwatchful: ReadonlySet<string> = new Set(['T', 't', 'Z', 'X', '']);

export function serveGate(argv: readonly string[]): void {
  const { owner, leaseMs, windowEndMs, address, port } = parseLine(argv[0] ?? '') as GateDuty;
  prioritise();
  const nft = spawn('nft', ['-i'], { env: toolEnvironment, stdio: ['pipe', 'ignore', 'pipe'] });
  nft.stdin.on('error', () => undefined);
  nft.once('exit', () => process.exit(1));
  nft.stderr.on('data', (chunk: Buffer) => tell({ failed: chunk.toString().trim().slice(0, 300) }));
  let heardAt = monoNow();
  /** When the element in the kernel lapses; null before the first. */
  let heldUntil: number | null = null;
  let over = false;

  readLines(
    process.stdin,
    (line) => {
      const order = parseLine(line) as GateOrder;
      heardAt = monoNow();
      if (order === 'lapse') over = true;
      else renew();
    },
    () => process.exit(2),
  );
  process.stdin.on('end', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));

  function renew(): void {
    if (over) return;
    const now = monoNow();
    if (heldUntil !== null && now >= heldUntil) {
      over = true;
      tell({ lost: Math.round(now - heardAt) });
      return;
    }
    if (unwatchful.has(stateOf(owner))) return;
    const ms = Math.floor(Math.min(elementMs, heardAt + leaseMs - now, windowEndMs - Date.now()));
    if (ms < 1 || (heldUntil !== null && now + ms <= heldUntil)) return;
    const element = [links.inner, links.outer].map((dev) => `"${dev}" timeout ${ms}ms`).join(', ');
    nft.stdin.write(`flush set inet gate lease; add element inet gate lease { ${element} }\n`);
    heldUntil = now + ms;
  }

  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(canaryAnswer);
  });
  server.maxConnections = 8;
  server.once('error', (error) => {
    tell({ failed: error.message });
    process.exit(1);
  });
  server.listen(port, address, () => {
    renew();
    setInterval(renew, Math.max(10, Math.min(paceMs, leaseMs / 4)));
    tell({ serving: true });
  });
}

/** The letter of the process's state; empty when it is gone. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
  } catch {
    return '';
  }
}

function tell(news: GateNews): void {
  process.stdout.write(formatLine(news));
}
