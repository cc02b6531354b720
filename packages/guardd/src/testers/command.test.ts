import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TesterEvent } from '@breakwater/rules/containment';
import { all, beside, besideContext, loopbackScope } from './beside.testing.ts';
import { testerOf } from './index.ts';

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((step) => step()));

async function run(
  words: string[],
  budgets: { time?: string } = {},
): Promise<{ events: TesterEvent[]; folder: string }> {
  const made = besideContext(loopbackScope([8080]), { run: words, budgets });
  undo.push(made.dispose);
  const tester = testerOf({});
  tester.prepare(made.context);
  return { events: await all(tester.start(beside, made.context)), folder: made.folder };
}

test('what a program says is kept byte for byte, and told by its hash alone', async () => {
  const { events, folder } = await run(['printf', '%s', '\u001b[2Jsecret {target}']);
  expect(readFileSync(join(folder, 'command.stdout'), 'utf8')).toBe('\u001b[2Jsecret 127.0.0.1');
  expect(events).toMatchObject([{ kind: 'outcome', outcome: 'completed', exitCode: 0 }]);
  expect(JSON.stringify(events)).not.toContain('secret');
  expect(JSON.stringify(events)).toContain('command.stdout: 20 bytes, sha256:');
});

test.each([
  [['sh', '-c', 'exit 3'], 'failed', 3],
  [['sh', '-c', 'kill -9 $$'], 'stopped', null],
  [['/no/such/program'], 'failed', null],
] as const)('%j ends as %s', async (words, outcome, exitCode) => {
  const { events } = await run([...words]);
  expect(events.at(-1)).toMatchObject({ kind: 'outcome', outcome, exitCode });
});

test('a descendant that holds the pipes open does not hold the tester', async () => {
  const { events } = await run(['sh', '-c', 'sleep 20 & exit 0']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ outcome: 'completed' });
});

test('a program that takes longer than its budget is ended', async () => {
  const { events } = await run(['sleep', '30'], { time: 'PT0.5S' });
  expect(events).toMatchObject([
    { outcome: 'budget-spent', exitCode: null, detail: expect.stringContaining('the time is over') },
  ]);
});

test('a shell is never there: separators and substitutions are words', async () => {
  const { events, folder } = await run(['echo', '$(touch {out}/made); touch {out}/made']);
  expect(events.at(-1)).toMatchObject({ outcome: 'completed' });
  expect(existsSync(join(folder, 'made'))).toBe(false);
});

test('a program that floods is cut at the cap of its artefact', async () => {
  const { events, folder } = await run(['head', '-c', '70000000', '/dev/zero']);
  expect(readFileSync(join(folder, 'command.stdout'))).toHaveLength(64 * 1024 * 1024);
  expect(JSON.stringify(events)).toContain(`${70_000_000 - 64 * 1024 * 1024} bytes dropped`);
});
