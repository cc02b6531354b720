import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCheckpoint, sameBytes } from '@breakwater/rules/evidence';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { type Desk, appendEach, desk } from './evidence.testing.ts';
import { checkpointFolder } from './outside.ts';
import { latestCheckpoint, records } from './read.ts';
import { readRoot } from './tree.ts';

let database: TestDatabase;
let at: Desk;
const children: ChildProcess[] = [];
beforeEach(async () => {
  database = await testDatabase();
  at = desk();
  at.signer();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await at.clear();
  await database.drop();
});

const checkpoints = (): string => join(at.folder, 'checkpoints');

/** Runs the log in a process of its own until it says `line`. */
async function run(point: string, line: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('killed.testing.ts', import.meta.url));
  const child = spawn(process.execPath, [program, database.url, join(at.folder, '0.pem'), checkpoints(), point], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes(line)) break;
  }
  expect(said).toContain(line);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

test.each(['kept', 'unkept'])(
  'killed between the tree and its checkpoint (%s), the next process goes on from what was signed',
  async (point) => {
    await appendEach(database.db, 0, 5);
    const child = await run(point, `at ${point}`);
    await kill(child);
    expect(await latestCheckpoint(database.db)).toBeNull();
    const kept = await checkpointFolder(checkpoints()).read('bank.example/log');
    expect(kept === null).toBe(point === 'unkept');
    await appendEach(database.db, 5, 8);
    const log = at.log(database.url);
    await log.open();
    expect((await log.flush())?.size).toBe(8);
    if (kept !== null) {
      const signed = parseCheckpoint(kept);
      expect(sameBytes(signed.root, await readRoot(database.db, Number(signed.size)))).toBe(true);
    }
  },
);

test('killed at any time while it runs, nothing is lost, doubled or forked', async () => {
  let appended = 0;
  for (let round = 0; round < 4; round += 1) {
    const child = await run('running', 'open');
    const writing = appendEach(database.db, appended, appended + 60);
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 40));
    await kill(child);
    await writing;
    appended += 60;
  }
  const log = at.log(database.url);
  await log.open();
  expect((await log.flush())?.size).toBe(appended);
  const payloads = (await records(database.db, 0, appended)).map((record) =>
    'payload' in record ? (record.payload as { n: number }).n : -1,
  );
  expect(payloads.toSorted((a, b) => a - b)).toEqual(Array.from({ length: appended }, (_, n) => n));
}, 60_000);
