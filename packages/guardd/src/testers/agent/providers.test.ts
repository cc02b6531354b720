import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { TesterEvent } from '@breakwater/rules/containment';
import { openModelBroker } from '../../cage/broker/index.ts';
import { all, beside, besideContext, loopbackScope, of, service } from '../beside.testing.ts';
import { createScriptedModel } from '../scripted-model.ts';
import { agentTester } from './index.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

const key = 'sk-only-the-broker-has-this-1234';

/** Runs the agent over the real broker, which asks a model at `endpoint`. */
async function overBroker(
  endpoint: string,
  port: number,
  provider: 'anthropic' | 'openai-compatible',
  tokens = 10_000,
): Promise<{ events: TesterEvent[]; folder: string }> {
  const made = besideContext(loopbackScope([port]), { kind: 'agent', model: { provider, name: 'm' } });
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-providers-'));
  writeFileSync(join(folder, 'key'), `${key}\n`, { mode: 0o600 });
  const socketPath = join(folder, 'model.sock');
  const broker = await openModelBroker({
    socketPath,
    provider,
    endpoint,
    key: { file: join(folder, 'key') },
    budgets: { requests: 100, tokens, bytes: 1_000_000, ms: 60_000 },
    folder,
  });
  undo.push(
    made.dispose,
    () => rmSync(folder, { recursive: true, force: true }),
    () => broker.close(),
  );
  const context = { ...made.context, modelSocket: socketPath };
  return { events: await all(agentTester.start(beside, context)), folder: made.folder };
}

async function target(): ReturnType<typeof service> {
  const made = await service();
  undo.push(() => made.close());
  return made;
}

test('an OpenAI-compatible model is asked over the broker, which alone has the key', async () => {
  const { port } = await target();
  const model = await createScriptedModel([
    { calls: [{ tool: 'tcp_connect', input: { host: '127.0.0.1', port } }] },
    { text: 'Open.' },
  ]);
  undo.push(() => model.close());
  const { events, folder } = await overBroker(model.url, port, 'openai-compatible');
  expect(of(events, 'probe')).toMatchObject([{ result: 'answered' }]);
  expect(events.at(-1)).toMatchObject({ outcome: 'completed' });
  expect(model.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()))
    expect(readFileSync(join(name.parentPath, name.name), 'utf8')).not.toContain(key);
});

test('a budget that the broker keeps ends the agent as a budget does', async () => {
  const { port } = await target();
  const model = await createScriptedModel(() => ({
    calls: [{ tool: 'tcp_connect', input: { host: '127.0.0.1', port } }],
  }));
  undo.push(() => model.close());
  const { events } = await overBroker(model.url, port, 'openai-compatible', 300);
  expect(events.at(-1)).toMatchObject({ outcome: 'budget-spent' });
});

/** Answers as Anthropic's Messages API does (version 2023-06-01). */
async function messages(answers: readonly object[]): Promise<{ url: string; asked: { path: string; key: unknown }[] }> {
  const asked: { path: string; key: unknown }[] = [];
  const server = createServer((question, reply) => {
    question.resume().once('end', () => {
      const answer = answers[asked.length] ?? {};
      asked.push({ path: question.url ?? '', key: question.headers['x-api-key'] });
      const usage = { input_tokens: 100, output_tokens: 20 };
      reply.setHeader('content-type', 'application/json');
      reply.end(
        JSON.stringify({
          id: 'msg',
          type: 'message',
          role: 'assistant',
          model: 'm',
          usage,
          stop_sequence: null,
          ...answer,
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`, asked };
}

test('a model of Anthropic is asked by its own protocol', async () => {
  const { port } = await target();
  const call = { type: 'tool_use', id: 'call-1', name: 'tcp_connect', input: { host: '127.0.0.1', port } };
  const model = await messages([
    { stop_reason: 'tool_use', content: [call] },
    { stop_reason: 'end_turn', content: [{ type: 'text', text: 'Open.' }] },
  ]);
  const { events } = await overBroker(model.url, port, 'anthropic');
  expect(of(events, 'probe')).toMatchObject([{ result: 'answered' }]);
  expect(events.at(-1)).toMatchObject({ outcome: 'completed' });
  expect(model.asked).toEqual([
    { path: '/v1/messages', key },
    { path: '/v1/messages', key },
  ]);
});

test('a refusal by its stop reason is an outcome', async () => {
  const model = await messages([{ stop_reason: 'refusal', content: [] }]);
  const { events } = await overBroker(model.url, 80, 'anthropic');
  expect(events.at(-1)).toMatchObject({ outcome: 'model-refused' });
});
