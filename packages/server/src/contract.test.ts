import { BreakwaterError } from '@breakwater/rules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiRoutes, openApi } from './app.ts';
import { answerOf, Denied, errorAnswers, Refused } from './platform/http/answer.ts';

interface Operation {
  readonly summary?: string;
  readonly responses?: Readonly<Record<string, { content?: Record<string, { schema?: object }> }>>;
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'] as const;

async function operations(): Promise<[name: string, Operation][]> {
  const { paths } = (await openApi()) as { paths: Record<string, Partial<Record<(typeof verbs)[number], Operation>>> };
  return Object.entries(paths).flatMap(([path, of]) =>
    verbs.flatMap((verb): [string, Operation][] => {
      const operation = of[verb];
      return operation === undefined ? [] : [[`${verb.toUpperCase()} ${path}`, operation]];
    }),
  );
}

test('every operation says what it does; every answer that is JSON has a schema, and every failure is a problem', async () => {
  const all = await operations();
  expect(all.length).toBeGreaterThan(100);
  const unshaped: string[] = [];
  for (const [name, { summary, responses = {} }] of all) {
    expect(summary, name).toMatch(/\S/);
    const success = Object.entries(responses).filter(
      ([status, { content }]) => /^[23]/.test(status) && content !== undefined,
    );
    // Streams, files and redirects are what they are; whatever is written from a schema is checked by it as it leaves.
    if (success.length === 0) {
      unshaped.push(name);
      continue;
    }
    if (name === 'GET /readyz') continue;
    for (const failed of ['4XX', '5XX'])
      expect(JSON.stringify(responses[failed]?.content?.['application/problem+json']), `${name} ${failed}`).toContain(
        '#/components/schemas/Problem',
      );
  }
  expect(unshaped.length).toBeLessThan(all.length / 8);
});

test('every route of the API is in the document', async () => {
  const described = new Set(
    (await operations()).map(([name]) => name.replaceAll(/\{(\w+)\}/g, ':$1').replace('{*}', '*')),
  );
  const hidden = new Set(['GET /openapi.json']);
  const routes = (await apiRoutes()).filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/v1/'));
  const names = routes.map(({ method, url }) => `${method} ${url.slice('/v1'.length)}`);
  expect(names.filter((name) => !described.has(name) && !hidden.has(name))).toEqual([]);
});

test('whatever fails is answered by a problem that is in its own schema, without its cause', () => {
  const problem = errorAnswers['4xx'];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string().map((text) => new Error(text)),
        fc
          .tuple(fc.string(), fc.string(), fc.string())
          .map(([code, said, path]) => new BreakwaterError(code, said, path)),
        fc.string().map((reason) => new Refused({ reason }, { ko: '아니요', en: 'no' })),
        fc.string().map((reason) => new Denied({ reason }, { ko: '아니요', en: 'no' })),
        fc
          .integer({ min: 400, max: 499 })
          .map((statusCode) => Object.assign(new Error('x'), { statusCode, code: 'FST_X' })),
        fc.anything(),
      ),
      (error) => {
        const { status, body } = answerOf(error, 'r-1');
        expect(problem.parse(body)).toEqual(body);
        expect([status, body.status]).toEqual([body.status, status]);
        if (status === 500) expect(body.detail).toBe('the server failed; its log has the cause under the request id');
      },
    ),
    { numRuns: 100 },
  );
});
