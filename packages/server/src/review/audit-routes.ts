/** Audits over HTTP: an auditor reads; that they asked is kept. */
import { changeSources } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import { type Period, overridesOf, populationOf, sampleOf } from './audits.ts';

const instant = z.iso.datetime({ offset: true });
const host = z.string().min(1).max(128);
const text = z.string().max(16 * 1024 * 1024);
const change = z.object({
  source: z.enum(changeSources),
  reference: z.string(),
  host: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  what: z.string(),
});

const periodOf = ({ from, to }: { from: string; to: string }): Period => ({
  from: Date.parse(from),
  to: Date.parse(to),
});
const shown = <C extends { from: number; to: number }>({ from, to, ...one }: C) => ({
  ...one,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Adds the reports of auditors. */
export function auditRoutes(app: Http, platform: Platform): void {
  app.post(
    '/audit/population',
    {
      config: { action: 'read' },
      bodyLimit: 64 * 1024 * 1024,
      schema: {
        summary:
          'Hold package logs, tickets and inventory imports of a period against its runs; what matches none is listed',
        body: z.strictObject({
          from: instant,
          to: instant,
          dpkg: z
            .array(
              z.strictObject({
                host,
                offset: z
                  .string()
                  .regex(/^[+-]\d\d:\d\d$/)
                  .default('+09:00'),
                text,
              }),
            )
            .max(200)
            .default([])
            .describe('`dpkg.log` of hosts; its times have no zone, `offset` says which.'),
          rpm: z
            .array(z.strictObject({ host, text }))
            .max(200)
            .default([])
            .describe("What `rpm -qa --qf '%{INSTALLTIME} %{NAME} %{EVR}\\n'` prints."),
          itsm: text.nullable().default(null).describe('CSV with the columns id, host, start, end, summary.'),
        }),
        response: {
          200: z
            .object({
              runs: z.array(z.object({ run: z.string(), plan: z.string(), host: z.string(), record: z.int() })),
              matched: z.array(z.object({ change, runs: z.array(z.string()) })),
              unmatched: z.array(z.object({ change, why: z.enum(['no-run', 'other-host']) })),
              unseen: z.array(z.string()).describe('Runs that no source tells of.'),
            })
            .meta({ id: 'PopulationReport' }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { dpkg, rpm, itsm } = request.body;
      const actor = evidenceActorOf(request);
      const found = await populationOf(platform, periodOf(request.body), { dpkg, rpm, itsm }, actor);
      return {
        runs: found.runs.map(({ run, plan, host: on, record }) => ({ run, plan, host: on, record })),
        matched: found.matched.map(({ change: one, runs }) => ({ change: shown(one), runs: [...runs] })),
        unmatched: found.unmatched.map(({ change: one, why }) => ({ change: shown(one), why })),
        unseen: [...found.unseen],
      };
    },
  );

  app.get(
    '/audit/overrides',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The register of overrides and waivers by person, with their records',
        querystring: z.object({ from: instant, to: instant }),
        response: {
          200: z.object({
            overrides: z.array(
              z.object({ person: z.string(), rule: z.string(), of: z.string(), at: z.string(), record: z.int() }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => ({ overrides: await overridesOf(platform, periodOf(request.query)) }),
  );

  app.post(
    '/audit/samples',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Draw a sample of the live runs of a period; the same log and seed draw the same',
        body: z.strictObject({
          from: instant,
          to: instant,
          seed: z.string().min(1).max(200),
          size: z.int().min(1).max(10_000),
        }),
        response: {
          200: z.object({ seed: z.string(), population: z.string(), of: z.int(), drawn: z.array(z.string()) }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { seed, size } = request.body;
      const sample = await sampleOf(platform, periodOf(request.body), { seed, size }, evidenceActorOf(request));
      return { ...sample, drawn: [...sample.drawn] };
    },
  );
}
