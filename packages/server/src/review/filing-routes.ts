/** Regulatory clocks over HTTP. */
import { filingDuties, filingDutyIds, filingText } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { clocksOf, draftOf, fileDuty } from './filings.ts';

const id = z.string().min(1).max(128);
const duty = z.enum(filingDutyIds);
const words = z.object({ ko: z.string(), en: z.string() });
const instant = z.iso.datetime({ offset: true });

const clocks = z
  .object({
    clocks: z.array(
      z.object({
        duty,
        title: words,
        to: words,
        source: z.object({ document: z.string(), date: z.string(), clause: z.string().nullable() }),
        status: z
          .enum(['due', 'possible', 'conditional', 'unknown'])
          .describe('conditional: owed unless the work is closed before.'),
        due: z.string().nullable().describe('The earliest reading; null: no time is set, or none can be told.'),
        standing: z.enum(['open', 'filed', 'late', 'overdue']),
        filed: z.array(
          z.object({ duty, filedAt: z.string(), reference: z.string(), delayReason: z.string().nullable() }),
        ),
      }),
    ),
  })
  .meta({ id: 'FilingClocks' });

function shown(known: Awaited<ReturnType<typeof clocksOf>>): z.infer<typeof clocks> {
  return {
    clocks: known.map((clock) => {
      const { title, to, source } = filingDuties[clock.duty];
      return { ...clock, title, to, source, filed: [...clock.filed] };
    }),
  };
}

/** Adds clocks, drafts and the record that a report was filed. */
export function filingRoutes(app: Http, platform: Platform): void {
  const params = z.object({ run: id });

  app.get(
    '/runs/:run/duties',
    {
      config: { action: 'read' },
      schema: {
        summary:
          'What must be reported and told about a run: each duty with its source, its time, and whether it was done',
        params,
        response: { 200: clocks, ...errorAnswers },
      },
    },
    async (request) => shown(await clocksOf(platform, request.params.run)),
  );

  app.get(
    '/runs/:run/duties/:duty/draft',
    {
      config: { action: 'read' },
      schema: {
        summary: 'The draft of a report, filled from the evidence; what no record tells is listed as missing',
        params: params.extend({ duty }),
        response: {
          200: z
            .object({
              duty,
              title: words,
              to: words,
              parts: z.array(
                z.object({ part: z.string(), title: words, value: words.nullable(), records: z.array(z.int()) }),
              ),
              missing: z.array(z.string()),
              text: words.describe('The same to be copied into a form.'),
            })
            .meta({ id: 'FilingDraft' }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const draft = await draftOf(platform, request.params.run, request.params.duty);
      return {
        ...draft,
        parts: draft.parts.map(({ records, ...part }) => ({ ...part, records: [...records] })),
        missing: [...draft.missing],
        text: { ko: filingText(draft, 'ko'), en: filingText(draft, 'en') },
      };
    },
  );

  app.post(
    '/runs/:run/duties/:duty/filings',
    {
      config: { action: 'duty.file' },
      schema: {
        summary: 'Record that a report was filed, or that persons were told',
        params: params.extend({ duty }),
        body: z.strictObject({
          filedAt: instant,
          reference: z.string().trim().min(1).max(200).describe('The number under which it was received.'),
          document: z
            .string()
            .regex(/^sha256:[0-9a-f]{64}$/)
            .nullable()
            .default(null)
            .describe('The digest of what was handed over.'),
          delayReason: z.string().trim().min(3).max(2000).nullable().default(null),
          by: id,
        }),
        response: { 200: clocks, ...errorAnswers },
      },
    },
    async (request) => shown(await fileDuty(platform, { ...request.params, ...request.body })),
  );
}
