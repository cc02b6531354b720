/** A bank in a folder: made once, then served by its own supervisor process. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { serviceNames, type ServiceName } from './catalog.ts';
import { control, controlSocket, type ControlAnswer, type ControlRequest } from './control.ts';
import { makeCustomers, writeCustomers } from './customers.ts';
import type { SampleHole } from './authority.ts';
import { buildRelease, parseBehaviour, type ReleaseComponent } from './release.ts';

export type BankOptions = {
  /** The bank's folder; made when missing. Its path is at most 90 bytes, because a Unix socket lies in it. */
  dir: string;
  name: string;
  /** How the patch (transfer v2) behaves: `good`, `errors-after-3s`, `slow` or `wrong-answers`. */
  behaviour: string;
  /** true: in a network namespace or not at all; false: on loopback; left out: in a namespace where that is allowed. */
  privileged?: boolean;
  /** First port. Default: 8080 in a namespace, a free span on loopback. */
  basePort?: number;
  /** Where statements come from: the old archive answers one question at a time and is why they are fragile. Default `old`. */
  archive?: 'old' | 'new';
  /** Default 200. */
  customers?: number;
  /** Default 1. */
  seed?: number;
};

export type Bank = {
  name: string;
  dir: string;
  level: 'namespace' | 'loopback';
  /** Why it is not in a namespace of its own; null when it is. */
  reason: string | null;
  urls: Record<ServiceName, string>;
  /** Path of the supervisor's control socket. */
  ctl: string;
  /** Bearer token of the back office, for `/failed-transactions`. */
  officeToken: string;
  /** Process id of the supervisor. */
  pid: number;
  control(request: ControlRequest): Promise<ControlAnswer>;
  /** Stops every process and removes the network. */
  stop(): Promise<void>;
};

/** Both take as long for a question; the new one answers many at once. */
const oldArchive = { kind: 'one-at-a-time', questionMs: 80 } as const;
const newArchive = { kind: 'slow', delayMs: 80 } as const;

/** The hole of the sample bank: transfers are built with an old version of a library. */
export const sampleHole: SampleHole = {
  id: 'FSI-2026-0142',
  cve: 'CVE-2026-1234',
  component: 'openssl',
  affected: '3.0.14',
  fixed: '3.0.15',
};

/** Cve identifiers the sample patch repairs. */
export const patchFixes = [sampleHole.cve];

const builtWith = (version: string): ReleaseComponent[] => [{ name: sampleHole.component, version }];

/** Makes the bank's folder: releases, customers, secrets and the `./bankctl` script. Keeps what a former start left. */
export function makeBank(options: BankOptions): string {
  const dir = resolve(options.dir);
  if (Buffer.byteLength(dir) > 90)
    throw new Error(`the folder's path is too long for a Unix socket (90 bytes): ${dir}`);
  mkdirSync(join(dir, 'ledger'), { recursive: true, mode: 0o700 });
  for (const service of serviceNames) {
    const fragile = service === 'statement' && options.archive !== 'new';
    const behaviour = fragile ? oldArchive : service === 'statement' ? newArchive : ({ kind: 'good' } as const);
    const components = builtWith(service === 'transfer' ? sampleHole.affected : sampleHole.fixed);
    buildRelease(dir, { service, version: 'v1', fixes: [], behaviour, components });
  }
  buildRelease(dir, {
    service: 'transfer',
    version: 'v2',
    fixes: patchFixes,
    behaviour: parseBehaviour(options.behaviour),
    components: builtWith(sampleHole.fixed),
  });
  if (!existsSync(join(dir, 'customers.jsonl')))
    writeCustomers(dir, makeCustomers(options.customers ?? 200, options.seed ?? 1));
  if (!existsSync(join(dir, 'secrets.json'))) {
    const secret = (): string => randomBytes(32).toString('base64url');
    writeFileSync(join(dir, 'secrets.json'), `${JSON.stringify({ session: secret(), office: secret() })}\n`, {
      mode: 0o600,
    });
  }
  const words = [process.execPath, join(import.meta.dirname, 'bankctl.ts'), join(dir, controlSocket)].map(shellWord);
  writeFileSync(join(dir, 'bankctl'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(join(dir, 'bankctl'), 0o755);
  return dir;
}

/** Makes and serves a bank. It ends with the calling process, whatever that one dies of. Rejects with the reason when it does not come up. */
export async function startBank(options: BankOptions): Promise<Bank> {
  const dir = makeBank(options);
  const words = ['serve', '--dir', dir, '--name', options.name, '--until-eof'];
  if (options.privileged !== undefined) words.push(options.privileged ? '--privileged' : '--loopback');
  if (options.basePort !== undefined) words.push('--base-port', String(options.basePort));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<void>((done) => void child.once('exit', () => done()));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
  child.stdin.on('error', () => undefined);
  const ready = await new Promise<{ level: Bank['level']; reason?: string; urls: Bank['urls'] }>((done, failed) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line)));
    void gone.then(() => failed(new Error(`the bank did not start: ${complaint.trim()}`)));
  });
  const ctl = join(dir, controlSocket);
  const secrets = JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8')) as { office: string };
  return {
    name: options.name,
    dir,
    level: ready.level,
    reason: ready.reason ?? null,
    urls: ready.urls,
    ctl,
    officeToken: secrets.office,
    pid: child.pid ?? -1,
    control: (request) => control(ctl, request),
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
