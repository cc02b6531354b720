/** The model of an agent: its broker on this host, and the socket by which the cage reaches it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationMs } from '@breakwater/rules';
import { BreakwaterError } from '@breakwater/rules/error';
import type { TesterSpec } from '@breakwater/rules/plan';
import type { CageMount } from '../cage/index.ts';
import { insideModelSocket } from '../testers/index.ts';
import type { CageSettings, ModelEndpoint } from './run-file.ts';

export interface OpenModel {
  /** The socket as it stands in the cage, which has neither a route to the model nor its key. */
  readonly mount: CageMount;
  /** Ends every exchange and keeps what is evidence of it. */
  close(): Promise<void>;
}

/** Where a plan sets no budget: enough for a long test, and an end all the same. */
const usual = { requests: 10_000, tokens: 50_000_000, bytes: 1_000_000_000, ms: 86_400_000 };

/**
 * Opens the broker of the tester's model; null where it has none. `folder` holds the socket and what was said; `bare`: the
 * cage mounts nothing.
 *
 * Throws BreakwaterError `tester.model-endpoint` when this host knows no such endpoint, and what the broker throws.
 */
export async function openModel(
  { model, budgets = {} }: TesterSpec,
  { models = {} }: CageSettings,
  { folder, bare }: { readonly folder: string; readonly bare: boolean },
): Promise<OpenModel | null> {
  if (model === undefined) return null;
  const { url, keyFile } = endpointOf(model.endpoint, models);
  const { openModelBroker } = await import('../cage/broker/index.ts');
  const place = join(folder, 'model');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  // A socket that is reached where it is needs a short path; whoever knows the path of this one may ask the model.
  const near = bare ? mkdtempSync(join(tmpdir(), 'bw-model-')) : place;
  if (bare) chmodSync(near, 0o711);
  const socketPath = join(near, 'model.sock');
  const broker = await openModelBroker({
    socketPath,
    provider: model.provider === 'anthropic' ? 'anthropic' : 'openai-compatible',
    endpoint: url,
    key: keyFile === null ? 'none' : { file: keyFile },
    budgets: {
      requests: usual.requests,
      tokens: budgets.tokens ?? usual.tokens,
      bytes: budgets.bytes ?? usual.bytes,
      ms: budgets.time === undefined ? usual.ms : durationMs(budgets.time),
    },
    folder: place,
  });
  // Only a cage that it is mounted in reaches it: its folder is ours alone.
  chmodSync(socketPath, 0o666);
  return {
    mount: { from: socketPath, at: bare ? socketPath : insideModelSocket, writable: true },
    async close() {
      await broker.close();
      if (bare) rmSync(near, { recursive: true, force: true });
    },
  };
}

function endpointOf(name: string | undefined, models: NonNullable<CageSettings['models']>): ModelEndpoint {
  const known = Object.entries(models);
  const only = known.length === 1 ? known[0]?.[1] : undefined;
  const found = name === undefined ? only : models[name];
  if (found !== undefined) return found;
  const said = name === undefined ? 'the plan names no endpoint of a model' : `this host knows no model ${name}`;
  throw new BreakwaterError('tester.model-endpoint', `${said}: start guardd with --model NAME=URL`, '/tester/model');
}
