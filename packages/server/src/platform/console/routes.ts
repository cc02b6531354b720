/** The console: its documents, its files, and the plain forms of its levers, which work before script and data. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BreakwaterError } from '@breakwater/rules';
import type { Console, DocumentRequest, LeverPulled } from '@breakwater/web';
import { Refused, type Http } from '#platform/http';
import { choicesOf } from './choices.ts';

/** Pulls a lever of a run for whoever sends the request. Throws what stands in the way. */
export type PullLever = (
  request: FastifyRequest,
  run: string,
  lever: string,
) => Promise<Pick<LeverPulled, 'latencyMs' | 'unreachable'>>;

const leverParams = z.object({ run: z.string().max(128), lever: z.string().max(32) });
const fileParams = z.object({ '*': z.string() });
const yearMs = 365 * 24 * 3_600_000;

/**
 * Adds the console. Null: it could not be built; its documents say so, with 503, and its levers work all the same.
 * Documents and files need no session: they hold nothing of anybody.
 */
export function consoleRoutes(app: Http, built: Console | null, pull: PullLever): void {
  void app.register(async (scope) => {
    scope.get('/*', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
      // A program that asks for an address that is not there is not helped by a page.
      if (!(request.headers.accept ?? '').includes('text/html')) return reply.callNotFound();
      return answerDocument(request, reply, built);
    });

    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1024 },
      async (_request: unknown, body: string | Buffer) => new URLSearchParams(body.toString()),
    );
    scope.post(
      '/levers/:run/:lever',
      { config: { action: 'run.stop' }, schema: { hide: true, params: leverParams } },
      async (request, reply) => {
        const { run, lever } = leverParams.parse(request.params);
        const pulled = await pullForForm(request, run, lever, pull);
        return answerDocument(request, reply, built, {
          page: run === 'all' ? '/' : `/runs/${encodeURIComponent(run)}`,
          pulled,
        });
      },
    );
  });
  if (built === null) return;
  void app.register(async (scope) => {
    await scope.register(fastifyStatic, { root: join(built.assets, 'assets'), serve: false });
    scope.get('/assets/*', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
      const { '*': file } = fileParams.parse(request.params);
      // Names of files hold a hash of their content.
      return reply.sendFile(file, { immutable: true, maxAge: yearMs });
    });
  });
}

async function pullForForm(request: FastifyRequest, run: string, lever: string, pull: PullLever): Promise<LeverPulled> {
  const at = new Date().toISOString();
  try {
    return { lever, at, refused: null, ...(await pull(request, run, lever)) };
  } catch (error) {
    const refused = wordsOf(error, choicesOf(request).language);
    if (refused === null) throw error;
    return { lever, at, latencyMs: null, unreachable: [], refused };
  }
}

/** What an error says to a person; null: it is our own fault, and the log has it. */
function wordsOf(error: unknown, language: 'ko' | 'en'): string | null {
  if (error instanceof Refused) return error.text[language];
  return error instanceof BreakwaterError ? error.message : null;
}

async function answerDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  built: Console | null,
  after?: { page: string; pulled: LeverPulled },
): Promise<FastifyReply> {
  const { pathname } = new URL(request.url, 'http://console');
  const nonce = randomBytes(16).toString('base64');
  const asked: DocumentRequest = {
    path: after?.page ?? pathname,
    ...choicesOf(request),
    nonce,
    pulled: after?.pulled ?? null,
  };
  void reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', contentSecurity(nonce));
  if (built === null) return reply.code(503).send(withoutConsole[asked.language]);
  return reply.code(built.isPage(asked.path) ? 200 : 404).send(built.document(asked));
}

/** What a document may load and send to: this server alone, and no script but its own. */
function contentSecurity(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

const page = (language: string, title: string, text: string): string =>
  `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${title}</title><p>${text}</p></html>`;

const withoutConsole = {
  ko: page(
    'ko',
    'Breakwater',
    '콘솔을 만들지 못했습니다. 원인은 서버 기록에 있습니다. API와 명령줄, 레버(breakwater kill)는 동작합니다.',
  ),
  en: page(
    'en',
    'Breakwater',
    'The console could not be built; the log of the server has the cause. The API, the command line and the levers (breakwater kill) work.',
  ),
} as const;
