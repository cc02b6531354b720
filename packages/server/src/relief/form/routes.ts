/** The claim form on the public site: no sign-in, no script, limited by address, filed once. */
import rateLimit from '@fastify/rate-limit';
import { spellPhone } from '@breakwater/rules/notice';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { noticeOf, type Language } from '#notice';
import type { Platform } from '#platform';
import type { Http } from '#platform/http';
import { formDesk } from './desk.ts';
import { readForm, readWon } from './filled-form.ts';
import { filedPage, formPage, standingPage, waitPage, type FormSite, type NamedService } from './page.ts';
import { formWords } from './words.ts';

const formBytes = 8192;
const params = z.object({ language: z.enum(['ko', 'en']) });
const query = z.object({ service: z.string().max(128).optional() });

/** Adds the claim form to the public site. */
export function claimForm(app: Http, platform: Platform): void {
  const desk = formDesk(platform);
  const notice = noticeOf(platform);
  const now = (): number => platform.clock.now().getTime();

  const around = async (language: Language): Promise<{ site: FormSite; services: NamedService[] }> => {
    const { company, phone, services } = await notice.announced();
    const site = { language, company: company?.[language] ?? '', phone: spellPhone(phone ?? ''), now: now() };
    return { site, services: services.map(({ id, name }) => ({ id, name: name[language] })) };
  };

  void app.register(async (scope) => {
    // Counted here and not by a hook: who is over the limit keeps what was entered, and is told when to send it again.
    await scope.register(rateLimit, { global: false });
    const within = scope.createRateLimit({
      max: platform.config.site.claimsPerMinute,
      timeWindow: '1 minute',
      keyGenerator: ({ ip }) => ip,
    });
    const waitFor = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
      void reply.type('text/html').header('cache-control', 'no-store');
      const limit = await within(request);
      if (limit.isAllowed || !limit.isExceeded) return false;
      void reply.code(429).header('retry-after', String(limit.ttlInSeconds));
      return true;
    };
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytes },
      async (_request: unknown, body: string | Buffer) => new URLSearchParams(body.toString()),
    );
    const form = { schema: { params, hide: true }, bodyLimit: formBytes };
    const enteredIn = ({ body }: FastifyRequest): URLSearchParams =>
      body instanceof URLSearchParams ? body : new URLSearchParams();

    scope.get('/:language/claim/', { schema: { params, querystring: query, hide: true } }, async (request, reply) => {
      const { language } = params.parse(request.params);
      const { site, services } = await around(language);
      const entered = new URLSearchParams({ service: query.parse(request.query).service ?? '' });
      const state = { services, entered, faults: {}, told: null, token: desk.newToken() };
      return reply.type('text/html').header('cache-control', 'no-store').send(formPage(site, state));
    });

    scope.post('/:language/claim/', form, async (request, reply) => {
      const { language } = params.parse(request.params);
      const entered = enteredIn(request);
      const { site, services } = await around(language);
      const word = formWords[language];
      const again = (code: number, faults: object, told: string | null): unknown =>
        reply.code(code).send(formPage(site, { services, entered, faults, told, token: desk.newToken() }));
      if (await waitFor(request, reply)) return again(429, {}, word.tooMany);
      const token = desk.readToken(entered.get('token') ?? '');
      const read = readForm(entered, { services: services.map(({ id }) => id), now: site.now });
      if ('faults' in read) return again(422, read.faults, null);
      // A person never sees the trap, and needs some seconds; whoever fills it in, or needs none, is asked again.
      if (token === null || token.early || (entered.get('website') ?? '') !== '') return again(422, {}, word.tooFast);
      const filed = await desk.file(read.form, token.name);
      return filed === null ? again(422, {}, word.tooManyToday) : reply.send(filedPage(site, filed));
    });

    scope.post('/:language/claim/status', form, async (request, reply) => {
      const { language } = params.parse(request.params);
      const { site } = await around(language);
      if (await waitFor(request, reply)) return reply.send(waitPage(site));
      const [claim, code] = keptIn(enteredIn(request));
      const standing = await desk.standing(claim, code);
      return reply.code(standing === null ? 404 : 200).send(standingPage(site, standing, code));
    });

    scope.post('/:language/claim/appeal', form, async (request, reply) => {
      const { language } = params.parse(request.params);
      const { site } = await around(language);
      if (await waitFor(request, reply)) return reply.send(waitPage(site));
      const entered = enteredIn(request);
      const [claim, code] = keptIn(entered);
      const amount = readWon(entered.get('amount') ?? '');
      if (amount === undefined)
        return reply.code(422).send(standingPage(site, await desk.standing(claim, code), code, true));
      const isOpen = await desk.appeal(claim, code, amount);
      return reply.code(isOpen ? 200 : 404).send(standingPage(site, await desk.standing(claim, code), code));
    });
  });
}

/** The number and code that a consumer kept. */
function keptIn(entered: URLSearchParams): [claim: string, code: string] {
  return [(entered.get('number') ?? '').trim().slice(0, 64), (entered.get('code') ?? '').trim().slice(0, 16)];
}
