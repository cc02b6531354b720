/** The levers of the console's plain forms, by the names they have there. Their route lets in who may stop. */
import { BreakwaterError } from '@breakwater/rules';
import { startsReasons } from '@breakwater/rules/runner';
import type { FastifyRequest } from 'fastify';
import { evidenceActorOf, requirePermission } from '#platform/http';
import type { Runner } from './runner.ts';
import type { Why } from './starts.ts';

/** In place of a run: all of them. */
const allRuns = 'all';

/** What became of a lever: until the work stood still, ms (null: nothing was running, or no host confirmed it), and who did not answer. */
export interface Pulled {
  readonly latencyMs: number | null;
  readonly unreachable: readonly string[];
}

/**
 * Pulls the lever that a form names: `stop` cuts the work, `hold` lets no further step begin, `rollback` turns back.
 * Throws BreakwaterError `run.no-lever` for any other, `run.*`, and Denied.
 */
export async function pullLever(runner: Runner, request: FastifyRequest, run: string, lever: string): Promise<Pulled> {
  const by = evidenceActorOf(request);
  if (lever === 'rollback') {
    requirePermission(request, 'run.rollback');
    await runner.rollback(run, by);
    return { latencyMs: null, unreachable: [] };
  }
  const pulled = lever === 'stop' ? 'cut' : lever;
  if (pulled !== 'cut' && pulled !== 'hold') {
    throw new BreakwaterError(
      'run.no-lever.not-found',
      `a run has no lever ${lever}: stop, hold or rollback`,
      '/lever',
    );
  }
  const { answers, unreachable } =
    run === allRuns ? await runner.stopAll(pulled, by, whyIn(request.body)) : await runner.stop(run, pulled, by);
  const latencies = answers.flatMap(({ latencyMs }) => latencyMs ?? []);
  return { latencyMs: latencies.length === 0 ? null : Math.max(...latencies), unreachable };
}

/** The reason that a form gives; whatever else stands there is no reason to refuse to stop. */
function whyIn(body: unknown): Why {
  const given = body instanceof URLSearchParams ? body.get('reason') : null;
  return { reason: startsReasons.find((reason) => reason === given) ?? null, note: null };
}
