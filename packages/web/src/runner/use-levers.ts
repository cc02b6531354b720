import { useCallback, useState } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, client } from '#api';
import { useLanguage } from '#words';
import type { LeverState } from './Levers.tsx';
import type { LeverId } from './levers.ts';

export interface Pulling {
  readonly states: Partial<Record<LeverId, LeverState>>;
  pull(lever: LeverId): void;
}

/** After this long without an answer the page says how it is done without the server. */
const answerWithinMs = 1_000;

interface Pulled {
  readonly latencyMs: number | null;
  readonly unreachable: readonly string[];
}

async function send(run: string, lever: LeverId): Promise<Pulled> {
  const params = { path: { run } };
  if (lever === 'rollback') {
    await answer(client.POST('/runs/{run}/rollback', { params, body: {} }));
    return { latencyMs: null, unreachable: [] };
  }
  const pulled = lever === 'hold' ? 'hold' : 'cut';
  const { answers, unreachable } = await answer(client.POST('/runs/{run}/stop', { params, body: { lever: pulled } }));
  const latencies = answers.flatMap(({ latencyMs }) => latencyMs ?? []);
  return { latencyMs: latencies.length === 0 ? null : Math.max(...latencies), unreachable };
}

/** What a lever that was pulled by a form left in the document, for the page that takes its place. */
function pulledByForm(): Partial<Record<LeverId, LeverState>> {
  const text = document.getElementById('root')?.dataset['pulled'];
  if (text === undefined) return {};
  const { lever, at, refused, ...pulled } = JSON.parse(text) as Pulled & {
    lever: LeverId;
    at: string;
    refused: string | null;
  };
  const when = Date.parse(at);
  return {
    [lever]: refused === null ? { is: 'confirmed', at: when, ...pulled } : { is: 'refused', at: when, why: refused },
  };
}

/** Pulls levers, and says what became of each. Pulling again is always allowed: stopping twice stops once. */
export function useLevers(run: string): Pulling {
  const language = useLanguage();
  const [states, setStates] = useState(pulledByForm);
  const pull = useCallback(
    (lever: LeverId) => {
      const at = Date.now();
      const put = (state: LeverState): void => setStates((before) => ({ ...before, [lever]: state }));
      put({ is: 'sent', at });
      const silent = setTimeout(() => put({ is: 'unanswered', at }), answerWithinMs);
      send(run, lever)
        .finally(() => clearTimeout(silent))
        .then((pulled) => put({ is: 'confirmed', at, ...pulled }))
        .catch((error: unknown) => {
          const isAnswer = error instanceof ServerError && error.status < 500;
          put(isAnswer ? { is: 'refused', at, why: error.say(language) } : { is: 'unanswered', at });
        });
    },
    [run, language],
  );
  return { states, pull };
}
