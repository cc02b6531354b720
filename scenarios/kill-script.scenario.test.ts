/** `./breakwater kill` during a real run, where the machine has a shell and no Node.js: nothing is installed, asked or waited for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuarddClient } from '@breakwater/guardd';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultsOf, find, run, Stand, standPlan, until, untilJournal } from './guardd-stand.ts';

const program = fileURLToPath(new URL('../breakwater', import.meta.url));
/** All that the lever may need. */
const tools = ['sh', 'cat', 'cksum', 'dirname', 'readlink', 'sed', 'sleep', 'tr'];

let stand: Stand;
let client: GuarddClient;
let bin: string;
beforeEach(async () => {
  stand = await Stand.open();
  client = await stand.client();
  bin = join(stand.dir, 'bin');
  mkdirSync(bin);
  for (const tool of tools) {
    const found = ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(bin, tool));
  }
});
afterEach(async () => {
  client.end();
  expect(await stand.end()).toEqual([]);
});

/** Runs the script by a link from elsewhere, with nothing but those tools on PATH. */
async function kill(...argv: string[]): Promise<{ code: number; answer: { lever: string; runs: object[] } }> {
  const link = join(stand.dir, 'bw');
  if (!existsSync(link)) symlinkSync(program, link);
  const child = spawn(link, ['kill', ...argv, '--json'], {
    cwd: '/',
    env: { PATH: bin, BREAKWATER_RUN_DIR: stand.runDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, answer: JSON.parse(stdout) };
}

async function running(): Promise<{ ended: Promise<string> }> {
  await stand.lease();
  await stand.prepare(client, standPlan(stand.url, { steps: [{ id: 'one', doing: 'sleep 60' }] }));
  const ended = client.ask({ type: 'begin', run, epoch: 1, step: 'one' }).then(({ outcome }) => outcome);
  await until('the step has begun', () => stand.effects().includes('do one'));
  return { ended };
}

test('cuts the run, which recovers by itself, and says how long the answer took', async () => {
  const { ended } = await running();
  const { code, answer } = await kill();
  expect(answer).toMatchObject({ lever: 'cut', runs: [{ run, confirmed: true, afterMs: expect.any(Number) }] });
  expect(code).toBe(0);
  expect(await ended).toBe('cut');
  const entries = await untilJournal(stand, 'the run is closed', (event) => event.type === 'run.closed');
  expect(find(entries, 'run.closed')).toMatchObject({ outcome: 'rolled-back', serviceRestored: true });
  expect(find(entries, 'lever.pulled')).toMatchObject({ lever: 'cut', through: 'file' });
  expect(stand.effects()).toEqual(['do one', 'undo one']);
  expect(faultsOf(entries)).toEqual([]);
});
