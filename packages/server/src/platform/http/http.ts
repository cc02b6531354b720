import { timingSafeEqual } from 'node:crypto';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { BreakwaterError } from '@breakwater/rules';
import type { Action, Actor } from '@breakwater/rules/authority';
import { Counter, Histogram } from 'prom-client';
import { beginSpan, requestId, type Log, type Metrics } from '#platform/telemetry';
import type { AnswerStore } from './answer-store.ts';
import { handleError } from './answer.ts';
import { parseJsonBody } from './body.ts';
import { addIdempotency } from './idempotency.ts';
import { addLimits } from './limits.ts';
import { isLocal } from './listen.ts';
import { apiVersion, createDescriber } from './openapi.ts';
import { requireOwnOrigin } from './origin.ts';
import { requireOwnName, requirePermission } from './permissions.ts';
import { endStreams } from './stream.ts';

/** The app that a domain's routes are added to: Fastify with zod schemas. */
export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type HttpOptions = {
  log: Log;
  metrics: Metrics;
  /**
   * Who may call. `token`: everyone through the Unix socket, and over TCP whoever shows this token or is found by
   * `identify`, except for routes with `config: { open: true }`. `public`: everyone.
   */
  access: { token: string; identify?: Identify; publicUrl?: string | undefined } | 'public';
  bodyLimitBytes: number;
  requestTimeoutSeconds: number;
  /** Most requests of one caller in a minute. Default: no limit. */
  requestsPerMinute?: number;
  /** Keeps answers to requests with an idempotency key. Default: the header is not heeded. */
  answers?: AnswerStore;
  /** Networks whose word about the address of a client is taken. Left out: nobody's. */
  trustedProxies?: readonly string[];
  /** Title and version of the OpenAPI document; without it there is none. */
  openapi?: { title: string; version: string; description: string };
};

/** Finds out who sends a request by what it carries; null when nobody is known by it. */
export type Identify = (request: FastifyRequest) => Promise<Actor | null>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; null on open routes and the public site. */
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    /** What the route does: whoever may not do it is refused before the route runs. Every route has one, or is `open`. */
    action?: Action;
    /** The body is a signed statement, whose signature the route judges. */
    signed?: boolean;
    /** Anybody may call it, signed in or not: health, metrics, signing in. */
    open?: boolean;
    /** The answer holds what is shown once, or what reading is logged: it is never kept to be answered again. */
    secret?: boolean;
  }
}

/** A route as it was added. `action` null: open to anybody. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly action: Action | null;
  readonly signed: boolean;
}

const declared = new WeakMap<object, DeclaredRoute[]>();

/** Every route that was added to an app with access control. */
export function declaredRoutes(app: Http): readonly DeclaredRoute[] {
  return declared.get(app.server) ?? [];
}

/** Makes an app with everything that is the same for all routes: security headers, access, limits, errors, metrics. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const log: FastifyBaseLogger = options.log;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: options.requestTimeoutSeconds * 1000,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    genReqId: (request) => requestId(request.headers['x-request-id']),
    return503OnClosing: true,
    trustProxy:
      options.trustedProxies === undefined || options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: 256 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request) => {
    throw new BreakwaterError('request.not-found', `there is no ${request.method} of this address`);
  });
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, text: string) =>
    parseJsonBody(text),
  );
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurity(options.access === 'public') },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // With `no-referrer` a browser says `Origin: null` of its own forms too, and the levers of plain forms would be refused.
    referrerPolicy: { policy: options.access === 'public' ? 'no-referrer' : 'same-origin' },
  });
  if (options.openapi !== undefined) {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: options.openapi, servers: [{ url: apiVersion }] },
      ...createDescriber(),
    });
  }
  app.decorateRequest('actor', null);
  trace(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    requireNoNul(request);
    if (options.access === 'public') return;
    requireOwnOrigin(request, options.access.publicUrl);
    request.actor = await callerOf(request, options.access);
    const { action } = request.routeOptions.config;
    if (action !== undefined) requirePermission(request, action);
  });
  const routes: DeclaredRoute[] = [];
  declared.set(app.server, routes);
  if (options.access !== 'public') {
    app.addHook('onRoute', ({ method, url, config }) => {
      const { action = null, signed = false, open = false } = config ?? {};
      for (const verb of [method].flat()) routes.push({ method: verb, url, action, signed });
      if (action !== null || open) return;
      throw new Error(`the route ${String(method)} ${url} does not say what it does: give it config: { action }`);
    });
    app.addHook('preHandler', async (request) => requireOwnName(request));
    if (options.requestsPerMinute !== undefined) await addLimits(app, options.requestsPerMinute);
    if (options.answers !== undefined) addIdempotency(app, options.answers);
  }
  app.addHook('preClose', async () => endStreams(app.server));
  measure(app, options.metrics);
  return app;
}

/** No text of ours holds a NUL character, and PostgreSQL takes none. */
function requireNoNul(request: FastifyRequest): void {
  if (request.url.includes('%00')) {
    throw new BreakwaterError('request.nul', 'an address holds no NUL character (%00)', '/querystring');
  }
}

/** An API has nothing to load; the public site may load and post to what is its own. Nobody may frame either. */
function contentSecurity(isSite: boolean): Record<string, string[]> {
  const nothing = {
    'default-src': [`'none'`],
    'frame-ancestors': [`'none'`],
    'base-uri': [`'none'`],
    'form-action': [`'none'`],
  };
  if (!isSite) return nothing;
  const own = [`'self'`];
  return { ...nothing, 'style-src': own, 'img-src': own, 'font-src': own, 'form-action': own };
}

async function callerOf(
  request: FastifyRequest,
  { token, identify }: Exclude<HttpOptions['access'], 'public'>,
): Promise<Actor | null> {
  if (isLocal(request)) return { kind: 'machine' };
  const offered = /^Bearer ([\x21-\x7e]{1,256})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const [a, b] = [Buffer.from(offered), Buffer.from(token)];
  if (a.length === b.length && timingSafeEqual(a, b)) return { kind: 'token', id: 'server', scope: 'all' };
  if (request.routeOptions.config.open === true) return null;
  const known = (await identify?.(request)) ?? null;
  if (known !== null) return known;
  throw new BreakwaterError(
    'request.not-signed-in',
    'sign in, send the token of this server as `Authorization: Bearer …`, or use its Unix socket',
  );
}

/** A span a request, named by its route, around everything that answers it. */
function trace(app: Http): void {
  const spans = new WeakMap<FastifyRequest, ReturnType<typeof beginSpan>>();
  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const span = beginSpan(`${request.method} ${route}`, {
      'http.request.method': request.method,
      'http.route': route,
    });
    spans.set(request, span);
    span.within(done);
  });
  app.addHook('onResponse', async (request, { statusCode }) => {
    spans.get(request)?.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
  });
}

function measure(app: Http, metrics: Metrics): void {
  const duration = new Histogram({
    name: 'breakwater_http_request_seconds',
    help: 'Duration of requests by route, never by address',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [metrics],
  });
  const failures = new Counter({
    name: 'breakwater_http_failures_total',
    help: 'Requests answered with 5xx',
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500) failures.inc();
    request.log.debug(
      { method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime },
      'request answered',
    );
  });
}
