/** Claims over HTTP: opened, listed, decided, paid. */
import { claimDecisionStatement, signature } from '@breakwater/rules';
import { evidenceItem, failedTransactionSchema, readFailedTransactions } from '@breakwater/rules/relief';
import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, type Http } from '#platform/http';
import { reliefOf } from './compose.ts';
import { formDesk } from './form/desk.ts';
import { alternatives, bases } from './form/filled-form.ts';
import { code, decision, id, instant, person, range, reason, shownRange, won } from './shapes.ts';

const states = z.enum(['open', 'accepted', 'refused', 'paid']);
const sources = z.enum(['proactive', 'filed']);

const claim = z
  .object({
    id: z.string(),
    run: z.string().nullable(),
    source: sources,
    service: z.string(),
    occurredAt: z.string(),
    amount: shownRange,
    openedAt: z.string(),
    state: states,
    proposal: z
      .object({
        decision,
        amount: won,
        code: code.nullable(),
        reason: z.string().nullable(),
        by: z.string(),
        at: z.string(),
      })
      .nullable()
      .describe('A decision that waits for the signature of a second person.'),
    decided: z
      .object({
        amount: won,
        by: z.string(),
        second: z.string().nullable(),
        at: z.string(),
        code: code.nullable(),
        reason: z.string().nullable(),
      })
      .nullable(),
    paidAmount: won,
    paidAt: z.string().nullable(),
    toldAt: z.string().nullable(),
    appeals: z.int(),
  })
  .meta({ id: 'Claim' });

const disruption = z.strictObject({ service: z.string(), start: z.number(), end: z.number().nullable() });

const transactionsBytes = 64 * 1024 * 1024;

/** Adds claims to the API. */
export function claimRoutes(app: Http, platform: Platform): void {
  const relief = reliefOf(platform);

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
          once: id.optional().describe('Names this filing: the same name again, however late, gives the same claim.'),
          basis: z.enum(bases).default('other').describe('The kind of loss.'),
          alternative: z.enum(alternatives).default('not-tried').describe('Whether another announced way was tried.'),
          evidence: z
            .array(evidenceItem)
            .max(50)
            .default([])
            .describe('What it is shown by, by digest; never the document.'),
        }),
        response: { 200: z.object({ claim: z.string(), merged: z.boolean() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { basis, alternative, evidence, once, ...claim } = request.body;
      const said = { basis, alternative, evidence };
      return relief.file({ ...claim, said, ...(once === undefined ? {} : { once }) });
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
          unmatched: z.stringbool().optional().describe('Of no run yet.'),
          proposed: z.stringbool().optional().describe('Waiting for the signature of a second person.'),
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

  app.get(
    '/claims/:id',
    {
      config: { action: 'read' },
      schema: {
        summary: 'One claim, without who claims',
        params: z.object({ id }),
        response: { 200: claim, ...errorAnswers },
      },
    },
    async (request) => {
      return relief.claim(request.params.id);
    },
  );

  app.post(
    '/claims/:id/decision',
    {
      config: { action: 'claim.decide' },
      schema: {
        summary: 'Accept or refuse an open claim; above the limit of the policy it then waits for a second person',
        params: z.object({ id }),
        body: z.strictObject({
          decision,
          amount: won,
          by: person,
          code: code.nullable().default(null),
          reason: z.string().max(2000).nullable(),
        }),
        response: { 200: z.object({ claim: z.string(), state: z.enum(['decided', 'waiting']) }), ...errorAnswers },
      },
    },
    async (request) => {
      const { state } = await relief.decide({ claim: request.params.id, ...request.body });
      return { claim: request.params.id, state };
    },
  );

  app.post(
    '/claims/second-decisions',
    {
      config: { action: 'claim.second', signed: true },
      schema: {
        summary: 'Hand in the signed word of the second person on a decision that waits for it',
        description: 'The signature is the permission: who hands it in does not matter.',
        body: claimDecisionStatement.extend(signature.shape),
        response: { 200: z.object({ claim: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { key, signature: signed, ...statement } = request.body;
      await relief.second(statement, { key, signature: signed });
      return { claim: statement.claim };
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

  app.post(
    '/claims/:id/contact',
    {
      config: { action: 'claim.contact', secret: true },
      schema: {
        summary: 'Read the telephone numbers that a consumer gave with a claim; who reads them, and why, is kept',
        params: z.object({ id }),
        body: z.strictObject({ by: person, reason }),
        response: { 200: z.object({ numbers: z.array(z.string()) }), ...errorAnswers },
      },
    },
    async (request) => {
      return { numbers: await formDesk(platform).contacts(request.params.id, request.body) };
    },
  );

  app.post(
    '/claims/:id/payee',
    {
      config: { action: 'claim.payee', secret: true },
      schema: {
        summary: 'Read whom a claim is about: pseudonym and transaction; who reads them, and why, is kept',
        params: z.object({ id }),
        body: z.strictObject({ by: person, reason }),
        response: {
          200: z.object({ subject: z.string().nullable(), reference: z.string().nullable() }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      return (await relief.payee(request.params.id, request.body)) ?? { subject: null, reference: null };
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
