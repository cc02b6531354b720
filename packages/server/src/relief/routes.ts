/** Relief over HTTP. Who claims is told by no listing; `payee` alone names the pseudonym. */
import { failedTransactionSchema, readFailedTransactions } from '@breakwater/rules/relief';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { reliefOf } from './compose.ts';
import { formDesk } from './form/desk.ts';

export { claimForm } from './form/routes.ts';

const id = z.string().min(1).max(128);
const person = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u);
const instant = z.iso.datetime({ offset: true });
const won = z.int().min(0);
const range = z
  .strictObject({ low: won, high: won.nullable() })
  .refine(({ low, high }) => high === null || low <= high, { error: 'low is at most high' });
const states = z.enum(['open', 'accepted', 'refused', 'paid']);
const sources = z.enum(['proactive', 'filed']);

const claim = z
  .object({
    id: z.string(),
    run: z.string().nullable(),
    source: sources,
    service: z.string(),
    occurredAt: z.string(),
    amount: z.object({ low: won, high: won.nullable() }).nullable(),
    openedAt: z.string(),
    state: states,
    decided: z.object({ amount: won, by: z.string(), at: z.string(), reason: z.string().nullable() }).nullable(),
    paidAmount: won,
    paidAt: z.string().nullable(),
  })
  .meta({ id: 'Claim' });

const disruption = z.strictObject({ service: z.string(), start: z.number(), end: z.number().nullable() });

const figures = z.object({
  count: z.int(),
  open: z.int(),
  accepted: z.int(),
  refused: z.int(),
  paid: z.int(),
  openLow: won,
  openHigh: won.nullable(),
  acceptedAmount: won,
  paidAmount: won,
  unpaidAmount: won,
});

const transactionsBytes = 64 * 1024 * 1024;

/** Adds relief to the API. */
export function reliefRoutes(app: Http, platform: Platform): void {
  const relief = reliefOf(platform);

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

  app.post(
    '/claims/import',
    {
      bodyLimit: transactionsBytes,
      config: { action: 'claim.open' },
      schema: {
        summary: 'Open a proactive claim for each failed transaction of a run',
        body: z.strictObject({
          run: id,
          by: person,
          complete: z.boolean().describe('These are all failed transactions of the run.'),
          during: z
            .array(disruption)
            .max(10_000)
            .optional()
            .describe('Only those that failed while their service was down; epoch ms.'),
          transactions: z.array(failedTransactionSchema).max(100_000),
        }),
        response: { 200: z.object({ opened: z.int(), repeated: z.int(), outside: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { run, by, complete, during, transactions } = request.body;
      readFailedTransactions({ transactions });
      return relief.openProactive({ run, by, complete, transactions, ...(during === undefined ? {} : { during }) });
    },
  );

  app.post(
    '/claims',
    {
      config: { action: 'claim.open' },
      schema: {
        summary: 'Take a claim that a consumer filed',
        body: z.strictObject({
          run: id.nullable(),
          subject: failedTransactionSchema.shape.subject,
          service: id,
          occurredAt: instant,
          reference: id.nullable(),
          amount: range.nullable(),
          by: person,
        }),
        response: { 200: z.object({ claim: z.string(), merged: z.boolean() }), ...errorAnswers },
      },
    },
    async (request) => {
      return relief.file(request.body);
    },
  );

  app.get(
    '/claims',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Claims in the order they were opened',
        querystring: z.object({
          run: id.optional(),
          state: states.optional(),
          source: sources.optional(),
          after: id.optional(),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        response: { 200: z.object({ claims: z.array(claim), next: z.string().nullable() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { after, limit, ...filter } = request.query;
      return relief.claims(filter, { after: after ?? null, limit });
    },
  );

  app.post(
    '/claims/:id/decision',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Accept or refuse an open claim',
        params: z.object({ id }),
        body: z.strictObject({
          decision: z.enum(['accepted', 'refused']),
          amount: won,
          by: person,
          reason: z.string().max(2000).nullable(),
        }),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.decide({ claim: request.params.id, ...request.body });
      return { claim: request.params.id };
    },
  );

  app.post(
    '/claims/:id/payments',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Record a payment of an accepted claim, or a part of it',
        params: z.object({ id }),
        body: z.strictObject({ amount: won, payment: z.string().min(1).max(200), by: person }),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      await relief.pay({ claim: request.params.id, ...request.body });
      return { claim: request.params.id };
    },
  );

  app.post(
    '/relief/runs/:run/acceptance',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Accept every open proactive claim of a run for its fee; one without a fee is left to a person',
        params: z.object({ run: id }),
        body: z.strictObject({ by: person }),
        response: { 200: z.object({ accepted: z.int(), amount: won }), ...errorAnswers },
      },
    },
    async (request) => {
      return relief.acceptProactive({ run: request.params.run, by: request.body.by });
    },
  );

  app.post(
    '/relief/runs/:run/payments',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Record that every accepted claim of a run was paid in full',
        params: z.object({ run: id }),
        body: z.strictObject({ by: person, payment: z.string().min(1).max(200) }),
        response: { 200: z.object({ paid: z.int(), amount: won }), ...errorAnswers },
      },
    },
    async (request) => {
      return relief.payAccepted({ run: request.params.run, ...request.body });
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
            damage: z.record(z.string(), z.object({ low: won, high: won.nullable() }).nullable()),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const { run } = request.params;
      return { figures: await relief.figures(run), damage: await relief.damage(run) };
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
          200: z.record(z.string(), z.object({ low: won, high: won.nullable() }).nullable()),
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

  app.post(
    '/claims/:id/contact',
    {
      config: { action: 'claim.contact', secret: true },
      schema: {
        summary: 'Read the telephone numbers that a consumer gave with a claim; who reads them, and why, is kept',
        params: z.object({ id }),
        body: z.strictObject({ by: person, reason: z.string().min(3).max(500) }),
        response: { 200: z.object({ numbers: z.array(z.string()) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { numbers: await formDesk(platform).contacts(request.params.id, request.body) };
    },
  );

  app.post(
    '/relief/runs/:run/erase',
    {
      config: { action: 'claim.erase' },
      schema: {
        summary: 'Erase the pseudonyms and transactions of the claims of a run',
        params: z.object({ run: id }),
        body: z.strictObject({ by: person }),
        response: { 200: z.object({ erased: z.int() }), ...errorAnswers },
      },
    },
    async (request) => {
      return { erased: await relief.erase(request.params.run, request.body.by) };
    },
  );
}

/** The members that were given; a member that is null says that the part is unknown. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
