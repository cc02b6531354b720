import { z } from 'zod';
import type { Platform } from '#platform';
import { errorAnswers, evidenceActorOf, type Http } from '#platform/http';
import { trustOf } from './compose.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'letters, digits, dashes, underscores');
const request = z
  .string()
  .max(8192)
  .describe('Certificate request (PKCS #10, PEM) of a P-256 key that stays where it was made.');
const issued = z
  .object({
    certificate: z.string(),
    authority: z.string().describe('PEM of who signed it.'),
    digest: z.string().describe('SHA-256 of that certificate, base64url.'),
  })
  .meta({ id: 'IssuedCertificate' });

const certificate = z
  .object({
    serial: z.string(),
    role: z
      .enum(['server', 'host', 'lever'])
      .describe('`server` plans, works and stops; `host` is a guardd; `lever` stops.'),
    name: z.string(),
    issuedBy: z.string(),
    issuedAt: z.string(),
    notAfter: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'HostCertificate' });

/** Adds what makes hosts of other machines trusted: invitation, enrolment, certificates of levers, rotation, revocation. */
export function trustRoutes(app: Http, platform: Platform): void {
  app.post(
    '/hosts/:host/invitation',
    {
      config: { action: 'host.enrol', secret: true },
      schema: {
        summary: 'A one-time code by which a host on another machine enrols itself, within an hour',
        params: z.object({ host: name }),
        response: { 200: z.object({ host: z.string(), code: z.string(), until: z.string() }), ...errorAnswers },
      },
    },
    async (request) => {
      const { host } = request.params;
      const { code, until } = await trustOf(platform).trust.invite(host, evidenceActorOf(request));
      return { host, code, until: until.toISOString() };
    },
  );

  app.post(
    '/host-enrolments',
    {
      config: { open: true, rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: {
        summary: 'Enrol a host by its one-time code: its key that signs journals, and a certificate for TLS',
        body: z.strictObject({
          host: name,
          secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
          request,
          publicKey: z.string().max(1024),
        }),
        response: { 200: issued, ...errorAnswers },
      },
    },
    async ({ body }) => trustOf(platform).trust.enrol(body),
  );

  app.post(
    '/hosts/:host/rotate',
    {
      config: { action: 'host.enrol' },
      schema: {
        summary:
          'Give a host on another machine a new key and certificate now; they are renewed by themselves otherwise',
        params: z.object({ host: name }),
        response: { 200: z.object({ host: z.string() }), ...errorAnswers },
      },
    },
    async ({ params: { host } }) => {
      await trustOf(platform).hosts.rotate(host);
      return { host };
    },
  );

  app.get(
    '/host-certificates',
    {
      config: { action: 'read' },
      schema: {
        summary: 'Certificates of servers, levers and hosts on other machines that have not run out',
        response: { 200: z.object({ certificates: z.array(certificate) }), ...errorAnswers },
      },
    },
    async () => ({
      certificates: (await trustOf(platform).trust.list()).map(({ issuedAt, notAfter, revokedAt, ...one }) => ({
        ...one,
        issuedAt: issuedAt.toISOString(),
        notAfter: notAfter.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
      })),
    }),
  );

  app.post(
    '/host-certificates',
    {
      config: { action: 'host.enrol', secret: true },
      schema: {
        summary: 'A certificate for somebody who may stop runs on hosts of other machines, and nothing else',
        body: z.strictObject({ name, request }),
        response: { 200: issued, ...errorAnswers },
      },
    },
    async (asked) => trustOf(platform).trust.lever(asked.body.name, asked.body.request, evidenceActorOf(asked)),
  );

  app.post(
    '/host-certificates/:serial/revoke',
    {
      config: { action: 'host.enrol' },
      schema: {
        summary: 'Revoke a certificate; every host that answers hears of it at once',
        params: z.object({ serial: z.string().regex(/^[0-9a-f]{32}$/) }),
        body: z.strictObject({ reason: z.string().min(1).max(500).describe('It stays in the evidence: no names.') }),
        response: {
          200: z.object({
            serial: z.string(),
            untold: z
              .array(z.string())
              .describe('Hosts that did not answer: they hear of it within a minute of coming back.'),
          }),
          ...errorAnswers,
        },
      },
    },
    async (asked) => {
      const { serial } = asked.params;
      const { trust, hosts } = trustOf(platform);
      await trust.revoke(serial, asked.body.reason, evidenceActorOf(asked));
      return { serial, ...(await hosts.refresh()) };
    },
  );
}
