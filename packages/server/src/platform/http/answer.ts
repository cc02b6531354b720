import { STATUS_CODES } from 'node:http';
import { BreakwaterError } from '@breakwater/rules';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** Text for people in both languages. */
export type Text = { ko: string; en: string };

/**
 * The answer is no: what was asked is understood and not allowed now. `refusal` is the arm of the domain's union with its
 * numbers. HTTP 409; the command line ends with exit 1.
 */
export class Refused extends Error {
  readonly refusal: { readonly reason: string };
  readonly text: Text;

  constructor(refusal: { readonly reason: string }, text: Text) {
    super(text.en);
    this.name = 'Refused';
    this.refusal = refusal;
    this.text = text;
  }
}

/** Whoever asks may not do it: `refusal` is the denial. HTTP 403. */
export class Denied extends Refused {}

/** Media type of every answer that is not a success. */
export const problemType = 'application/problem+json';

/** The body of every answer that is not a success: RFC 9457, with the members that our own clients read. */
const problem = z
  .object({
    type: z.string().describe('`urn:breakwater:problem:` and the code.'),
    title: z.string().describe('The status in words.'),
    status: z.int(),
    detail: z.string().describe('What is wrong and how to mend it.'),
    code: z.string().describe('Stable and machine-readable, e.g. `plan.not-found` or `refused.would-cross-pnr`.'),
    path: z.string().describe('Where: a JSON Pointer into the request, or empty for the whole.'),
    ko: z.string().optional().describe('The detail in Korean, for refusals.'),
    refusal: z.looseObject({ reason: z.string() }).optional().describe('The refusal with its numbers.'),
    requestId: z.string().optional().describe('Quote it to the operator; the log has the cause under it.'),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: 'urn:breakwater:problem:refused.would-cross-pnr',
        title: 'Conflict',
        status: 409,
        detail: 'The step "switch" takes 120 s and the point of no return is in 80 s.',
        code: 'refused.would-cross-pnr',
        path: '',
        ko: '단계 "switch"에 120초가 걸리고 원복 결정 시한까지 80초가 남았습니다.',
        refusal: { reason: 'would-cross-pnr', step: 'switch', stepMs: 120_000, remainingMs: 80_000 },
      },
      {
        type: 'urn:breakwater:problem:request.invalid',
        title: 'Bad Request',
        status: 400,
        detail: 'Unrecognized key: "hots"',
        code: 'request.invalid',
        path: '/body',
      },
    ],
  });

type Problem = z.infer<typeof problem>;

/** Answers that every route may give besides its own: spread it into `response`. */
export const errorAnswers = { '4xx': problem, '5xx': problem } as const;

/** Status of a BreakwaterError by the last part of its code; any other code is 400, bad input. */
const statusByEnding: Readonly<Record<string, number>> = {
  'not-signed-in': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  exists: 409,
  'in-use': 409,
  changed: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
};

/** Codes of Fastify's own refusals, in our words. */
const frameworkCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.not-json',
};

/** What a failed request is answered with: the one place where errors and refusals become HTTP. */
export function answerOf(error: unknown, requestId: string): { status: number; body: Problem } {
  if (error instanceof Refused) {
    const { refusal, text } = error;
    const isDenied = error instanceof Denied;
    return answer(isDenied ? 403 : 409, {
      code: isDenied ? 'request.forbidden' : `refused.${refusal.reason}`,
      detail: text.en,
      path: '',
      ko: text.ko,
      refusal: { ...refusal },
    });
  }
  if (error instanceof BreakwaterError) {
    const ending = error.code.split('.').at(-1) ?? '';
    const status = Object.hasOwn(statusByEnding, ending) ? statusByEnding[ending] : undefined;
    return answer(status ?? 400, { code: error.code, detail: error.message, path: error.path });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = (error as FastifyError).validationContext ?? 'body';
    const first = error.validation[0];
    const path = `/${context}${first?.instancePath ?? ''}`.replace(/\/$/, '');
    return answer(400, { code: 'request.invalid', detail: first?.message ?? 'the request is not as described', path });
  }
  const { statusCode, code, message } = (error instanceof Error ? error : {}) as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return answer(statusCode, {
      code: frameworkCodes[code ?? ''] ?? 'request.refused',
      detail: message ?? '',
      path: '',
    });
  }
  return answer(500, {
    code: 'internal',
    detail: 'the server failed; its log has the cause under the request id',
    path: '',
    requestId,
  });
}

function answer(status: number, said: Omit<Problem, 'type' | 'title' | 'status'>): { status: number; body: Problem } {
  const title = STATUS_CODES[status] ?? 'Error';
  return { status, body: { type: `urn:breakwater:problem:${said.code}`, title, status, ...said } };
}

/** Fastify's error handler: answers, and logs what is our own fault. */
export async function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { status, body } = answerOf(error, request.id);
  // Who was not let in, by what: never who they said they were.
  if (status === 401) request.log.warn({ code: body.code, route: request.routeOptions.url }, 'not signed in');
  if (status >= 500) request.log.error({ error, route: request.routeOptions.url }, 'request failed');
  await reply.code(status).type(problemType).send(JSON.stringify(body));
}
