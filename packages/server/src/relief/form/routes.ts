/** The claim form on the public site: no sign-in, no script, limited by address, filed once. */
import rateLimit from '@fastify/rate-limit';
import { spellPhone } from '@breakwater/rules/notice';
import { z } from 'zod';
import { noticeOf, type Language } from '#notice';
import type { Platform } from '#platform';
import type { Http } from '#platform/http';
import { formDesk } from './desk.ts';
import { readForm } from './filled-form.ts';
import { filedPage, formPage, standingPage, type FormSite, type NamedService } from './page.ts';
import { formWords } from './words.ts';

const formBytes = 8192;
const params = z.object({ language: z.enum(['ko', 'en']) });
const query = z.object({ service: z.string().max(128).optional() });
/** Forms from one address a minute; a household or an office behind one address still gets through. */
const mostPerMinute = 10;

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
    await scope.register(rateLimit, { max: mostPerMinute, timeWindow: '1 minute', global: false });
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytes },
      async (_request: unknown, body: string | Buffer) => new URLSearchParams(body.toString()),
    );
    const limited = { config: { rateLimit: { max: mostPerMinute, timeWindow: '1 minute' } } };
    const form = { schema: { params, hide: true } };

    scope.get('/:language/claim/', { schema: { params, querystring: query, hide: true } }, async (request, reply) => {
      const { language } = params.parse(request.params);
      const { site, services } = await around(language);
      const entered = new URLSearchParams({ service: query.parse(request.query).service ?? '' });
      const state = { services, entered, faults: {}, told: null, token: desk.newToken() };
      return reply.type('text/html').header('cache-control', 'no-store').send(formPage(site, state));
    });

    scope.post('/:language/claim/', { ...form, ...limited, bodyLimit: formBytes }, async (request, reply) => {
      const { language } = params.parse(request.params);
      const entered = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const { site, services } = await around(language);
      void reply.type('text/html').header('cache-control', 'no-store');
      const again = (faults: object, told: string | null): unknown =>
        reply.code(422).send(formPage(site, { services, entered, faults, told, token: desk.newToken() }));
      const token = desk.readToken(entered.get('token') ?? '');
      const read = readForm(entered, { services: services.map(({ id }) => id), now: site.now });
      if ('faults' in read) return again(read.faults, null);
      // A person never sees the trap, and needs some seconds; whoever fills it in, or needs none, is asked again.
      if (token === null || token.early || (entered.get('website') ?? '') !== '')
        return again({}, formWords[language].tooFast);
      return reply.send(filedPage(site, await desk.file(read.form, token.name)));
    });

    scope.post('/:language/claim/status', { ...form, ...limited, bodyLimit: formBytes }, async (request, reply) => {
      const { language } = params.parse(request.params);
      const entered = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const { site } = await around(language);
      const standing = await desk.standing(entered.get('number')?.trim() ?? '', entered.get('code') ?? '');
      return reply
        .code(standing === null ? 404 : 200)
        .type('text/html')
        .header('cache-control', 'no-store')
        .send(standingPage(site, standing));
    });
  });
}
