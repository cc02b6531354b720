/** The relief of a run over HTTP: its preparation and its two ledgers. */
import {
  damageStates,
  damageTypes,
  evidenceItem,
  leakClasses,
  leakDutyNames,
  leakEntrySchema,
} from '@breakwater/rules/relief';
import { z } from 'zod';
import { noticeOf } from '#notice';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { reliefOf } from './compose.ts';
import type { Leak } from './ledgers.ts';
import { id, instant, person, range, reason, shownDamage, shownRange, won } from './shapes.ts';

const figures = z.object({
  count: z.int(),
  open: z.int(),
  accepted: z.int(),
  refused: z.int(),
  paid: z.int(),
  estimatedLow: won,
  estimatedHigh: won.nullable(),
  openLow: won,
  openHigh: won.nullable(),
  acceptedAmount: won,
  paidAmount: won,
  unpaidAmount: won,
});

const leakBody = z
  .object({
    id: z.string(),
    run: z.string(),
    revision: z.int(),
    entry: leakEntrySchema,
    class: z.enum(leakClasses),
    fields: z.array(z.object({ field: z.string(), class: z.string() })),
    duties: z.array(
      z.object({
        duty: z.enum(leakDutyNames),
        title: z.object({ ko: z.string(), en: z.string() }),
        status: z.enum(['due', 'possible', 'lapsed']),
        dueAt: z.string(),
        doneAt: z.string().nullable(),
        reference: z.string().nullable(),
      }),
    ),
    by: z.string(),
    at: z.string(),
  })
  .meta({ id: 'Leak' });

/** Adds the relief of a run to the API. */
export function ledgerRoutes(app: Http, platform: Platform): void {
  const relief = reliefOf(platform);
  const run = z.object({ run: id });

  app.post(
    '/relief/preparations',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Say, before a work, until when and where claims are taken',
        body: z.strictObject({ plan: id, claimsUntil: instant, contact: z.string().min(1).max(40), by: person }),
        response: {
          200: z.object({ plan: z.string(), preparedAt: z.string(), claimsUntil: z.string(), contact: z.string() }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return relief.prepare(request.body);
    },
  );

  app.get(
    '/relief/runs/:run',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The claims of a run summed, and its damage ledger',
        params: z.object({ run: id }),
        response: {
          200: z.object({
            figures,
            damage: shownDamage,
            lateFactsUntil: z
              .string()
              .nullable()
              .describe('Until when late facts are taken; null: its plan is not known.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { run } = request.params;
      return {
        figures: await relief.figures(run),
        damage: await relief.damage(run),
        lateFactsUntil: await relief.lateFactsUntil(run),
      };
    },
  );

  app.post(
    '/relief/runs/:run/damage',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Attest parts of the damage that no claim tells',
        params: z.object({ run: id }),
        body: z.strictObject({
          by: person,
          parts: z.strictObject({
            company: range.nullable().optional(),
            thirdParty: range.nullable().optional(),
            goodwill: range.nullable().optional(),
            recourse: range.nullable().optional(),
          }),
        }),
        response: {
          200: shownDamage,
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return relief.attestDamage({
        run: request.params.run,
        parts: withoutUndefined(request.body.parts),
        by: request.body.by,
      });
    },
  );

  app.post(
    '/relief/runs/:run/leaks',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Record leaked records by class, as measured or attested',
        params: z.object({ run: id }),
        body: z.strictObject({
          attestedBy: person.nullable(),
          leaks: z.strictObject({
            personalCredit: range.nullable(),
            other: range.nullable(),
            unclassified: range.nullable(),
          }),
        }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.recordLeaks({ run: request.params.run, ...request.body });
      return { run: request.params.run };
    },
  );

  app.get(
    '/relief/runs/:run/damage',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The damage ledger of a run: its rows as they stand, and what they come to',
        params: run,
        response: {
          200: z.object({
            rows: z.array(
              z.object({
                id: z.string(),
                revision: z.int(),
                type: z.enum(damageTypes),
                state: z.enum(damageStates),
                amount: shownRange,
                evidence: z.array(evidenceItem),
                by: z.string(),
                at: z.string(),
              }),
            ),
            totals: z.object({
              upper: z.object({ low: won, high: won.nullable() }),
              best: z.object({ low: won, high: won.nullable() }),
              settled: won,
              accepted: won,
              unknown: z.array(z.enum(damageTypes)),
            }),
            byType: shownDamage,
            step: z.int().describe('Percent of the limit that was reached, of the steps of the policy.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { rows, totals, ...rest } = await relief.damageLedger(request.params.run);
      return {
        rows: rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
        totals: { ...totals, unknown: [...totals.unknown] },
        ...rest,
      };
    },
  );

  app.post(
    '/relief/runs/:run/damage/rows',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Add a row to the damage ledger, or say what a row is now; every revision stays',
        params: run,
        body: z.strictObject({
          row: id.optional().describe('Left out: a new row.'),
          type: z.enum(damageTypes),
          state: z.enum(damageStates),
          amount: range.nullable().describe('null: nobody knows yet.'),
          evidence: z.array(evidenceItem).max(100),
          by: person,
        }),
        response: { 200: z.object({ row: z.string(), revision: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { row, ...rest } = request.body;
      return relief.recordDamage({ run: request.params.run, ...rest, ...(row === undefined ? {} : { row }) });
    },
  );

  app.post(
    '/relief/runs/:run/leaks/entries',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Enter a leak, or say what is known of one now: counts and names of fields, never the data',
        params: run,
        body: z.strictObject({
          leak: id.optional().describe('Left out: a new leak.'),
          entry: leakEntrySchema,
          by: person,
        }),
        response: { 200: leakBody, ...errorAnswers },
      },
    },
    async (request) => {
      const { leak, entry, by } = request.body;
      return shown(
        await relief.enterLeak({ run: request.params.run, entry, by, ...(leak === undefined ? {} : { leak }) }),
      );
    },
  );

  app.get(
    '/relief/runs/:run/leaks',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The leaks of a run with their classes and the duties they started',
        params: run,
        response: { 200: z.object({ leaks: z.array(leakBody) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { leaks: (await relief.leaks(request.params.run)).map(shown) };
    },
  );

  app.post(
    '/relief/leaks/:leak/duties/:duty',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Record that a duty of a leak was done',
        params: z.object({ leak: id, duty: z.enum(leakDutyNames) }),
        body: z.strictObject({ doneAt: instant, reference: z.string().min(1).max(200), by: person }),
        response: { 200: z.object({ leak: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.finishDuty({ ...request.params, ...request.body });
      return { leak: request.params.leak };
    },
  );

  app.get(
    '/relief/leaks/:leak/notice-draft',
    {
      config: { action: 'read' },
      schema: {
        summary: 'A draft of the notice to the persons whose data leaked',
        params: z.object({ leak: id }),
        response: {
          200: z.object({
            website: z.object({ ko: z.string(), en: z.string() }),
            sms: z.string(),
            missing: z.array(z.object({ ko: z.string(), en: z.string() })),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { company, phone } = await noticeOf(platform).announced();
      const { missing, ...draft } = await relief.draftLeakNotice(request.params.leak, { company, phone });
      return { ...draft, missing: [...missing] };
    },
  );

  app.post(
    '/relief/runs/:run/late-facts',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Take late facts of a run for longer',
        params: run,
        body: z.strictObject({ until: instant, reason, by: person }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.extendLateFacts({ run: request.params.run, ...request.body });
      return { run: request.params.run };
    },
  );

  app.post(
    '/relief/runs/:run/channels',
    {
      config: { action: 'relief.record' },
      schema: {
        summary: 'Attest when an alternative channel was down; a time that ends as it begins says that it never was',
        params: run,
        body: z.strictObject({
          service: id,
          start: instant,
          end: instant,
          evidence: z.array(evidenceItem).max(100),
          by: person,
        }),
        response: { 200: z.object({ run: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.attestChannel({ run: request.params.run, ...request.body });
      return { run: request.params.run };
    },
  );
}

function shown({ at, special: _special, duties, fields, ...leak }: Leak): z.infer<typeof leakBody> {
  return {
    ...leak,
    fields: fields.map((one) => ({ ...one })),
    at: at.toISOString(),
    duties: duties.map(({ duty, title, status, dueAt, doneAt, reference }) => ({
      duty,
      title,
      status,
      dueAt: dueAt.toISOString(),
      doneAt: doneAt?.toISOString() ?? null,
      reference,
    })),
  };
}

/** The members that were given; a member that is null says that the part is unknown. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
