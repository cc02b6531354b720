import { roleNames } from '@breakwater/rules/authority';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { evidenceActorOf, requirePermission, errorAnswers, type Http } from '#platform/http';
import { disablePerson, knownRoles, listPersons, registerPerson, revokeRole, type Change } from './persons.ts';
import type { KnownPerson } from './store-persons.ts';

export const pseudonym = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a pseudonym such as p-17: letters, digits, dots, dashes, underscores');

const role = z.enum(roleNames);

const personAnswer = z
  .object({
    person: z.string().describe('Pseudonym: what evidence and logs know.'),
    name: z.string().nullable().describe('For screens of the company’s own people.'),
    roles: z.array(role),
    disabledAt: z.string().nullable(),
  })
  .meta({ id: 'Person' });

/** Adds persons: who they are, their roles, and letting them in no more. */
export function personRoutes(app: Http, { db, config, clock }: Platform): void {
  const { institution } = config;
  const changeOf = (request: FastifyRequest): Change => ({
    institution,
    by: evidenceActorOf(request),
    at: clock.now(),
  });
  const params = z.object({ person: pseudonym });

  app.get(
    '/persons',
    {
      config: { action: 'person.read' },
      schema: {
        summary: 'Persons and their roles',
        response: { 200: z.object({ persons: z.array(personAnswer) }), ...errorAnswers },
      },
    },
    async () => ({ persons: (await listPersons(db, institution)).map(personBody) }),
  );

  app.post(
    '/persons',
    {
      config: { action: 'person.change' },
      schema: {
        summary: 'Register a person, or give a known one more roles or another name',
        body: z.strictObject({
          person: pseudonym,
          name: z.string().min(1).max(200).nullable().default(null),
          roles: z.array(role).max(roleNames.length).default([]),
        }),
        response: { 200: personAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { person, name, roles } = request.body;
      requirePermission(request, 'person.change', { subject: person });
      if (roles.length > 0) requirePermission(request, 'role.change', { subject: person });
      return personBody(await registerPerson(db, changeOf(request), { person, name, roles }));
    },
  );

  app.post(
    '/persons/:person/roles/:role/revoke',
    {
      config: { action: 'role.change' },
      schema: {
        summary: 'Take a role from a person, at once',
        params: params.extend({ role }),
        response: { 200: personAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { person, role: taken } = request.params;
      requirePermission(request, 'role.change', { subject: person });
      return personBody(await revokeRole(db, changeOf(request), person, taken));
    },
  );

  app.post(
    '/persons/:person/disabled',
    {
      config: { action: 'person.change' },
      schema: {
        summary: 'Let a person in no more, ending their sessions at once; or let them in again',
        params,
        body: z.strictObject({ disabled: z.boolean() }),
        response: { 200: personAnswer, ...errorAnswers },
      },
    },
    async (request) => {
      const { person } = request.params;
      requirePermission(request, 'person.change', { subject: person });
      return personBody(await disablePerson(db, changeOf(request), person, request.body.disabled));
    },
  );
}

function personBody({ person, name, roles, disabledAt }: KnownPerson): z.infer<typeof personAnswer> {
  return { person, name, roles: knownRoles(roles), disabledAt: disabledAt?.toISOString() ?? null };
}
