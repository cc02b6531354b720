import { signature, startsStatement } from '@breakwater/rules';
import { startsReasons } from '@breakwater/rules/runner';
import { z } from 'zod';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import type { Runner } from './runner.ts';
import { releasesNeeded } from './starts.ts';

const note = z.string().max(500).nullable().default(null).describe('Names no person.');

const banAnswer = z
  .object({
    id: z.string(),
    by: z.string(),
    at: z.string(),
    reason: z.enum(startsReasons).nullable().describe('Null: not said yet.'),
    note: z.string().nullable(),
    releasedBy: z.array(z.string()).describe('Who signed that starts are allowed again.'),
  })
  .meta({ id: 'StartBan' });

const startsAnswer = z
  .object({ forbidden: banAnswer.nullable().describe('Null: starts are allowed.'), releasesNeeded: z.int() })
  .meta({ id: 'Starts' });

/** Adds whether starts are forbidden, why, and allowing them again. */
export function startsRoutes(app: Http, runner: Runner): void {
  app.get(
    '/starts',
    {
      config: { action: 'read' },
      schema: { summary: 'Whether starts are forbidden, and why', response: { 200: startsAnswer, ...errorAnswers } },
    },
    async () => ({ forbidden: bodyOf(await runner.starts()), releasesNeeded }),
  );

  app.post(
    '/starts/reason',
    {
      config: { action: 'run.stop' },
      schema: {
        summary: 'Say afterwards why starts are forbidden',
        body: z.strictObject({ reason: z.enum(startsReasons), note }),
        response: { 200: startsAnswer, ...errorAnswers },
      },
    },
    async (request) => ({
      forbidden: bodyOf(await runner.sayWhy(evidenceActorOf(request), request.body)),
      releasesNeeded,
    }),
  );

  app.post(
    '/starts/allow',
    {
      config: { action: 'starts.allow', signed: true },
      schema: {
        summary: 'Hand in one person’s signature that starts are allowed again; two persons’ are needed',
        body: z.strictObject({ statement: startsStatement, signature }),
        response: {
          200: z
            .object({
              allowed: z.boolean(),
              releasedBy: z.array(z.string()),
              held: z.array(z.string()).describe('Hosts on which a lever stays that was put there by hand.'),
              unreachable: z.array(z.string()),
            })
            .meta({ id: 'StartsReleased' }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { statement, signature: by } = request.body;
      const { allowed, releasedBy, held, unreachable } = await runner.allowStarts(statement, by);
      return { allowed, releasedBy: [...releasedBy], held: [...held], unreachable: [...unreachable] };
    },
  );
}

function bodyOf(ban: Awaited<ReturnType<Runner['starts']>>): z.infer<typeof banAnswer> | null {
  return ban === null ? null : { ...ban, releasedBy: [...ban.releasedBy] };
}
