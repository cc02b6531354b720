import { BreakwaterError } from '@breakwater/rules';
import { can, denialText, type Action, type Actor, type Resource } from '@breakwater/rules/authority';
import type { Actor as EvidenceActor } from '@breakwater/rules/evidence/record';
import type { FastifyRequest } from 'fastify';
import { systemClock } from '#platform/clock';
import { Denied } from '#platform/http';

/** Who sent the request. Throws BreakwaterError `request.not-signed-in` where nobody did. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor !== null) return request.actor;
  throw new BreakwaterError('request.not-signed-in', 'sign in, or send the token of this server');
}

/** Who sent the request, as evidence names them. */
export function evidenceActorOf(request: FastifyRequest): EvidenceActor {
  const actor = actorOf(request);
  return actor.kind === 'person' ? { kind: 'person', id: actor.person } : { kind: 'system', id: actor.kind };
}

/**
 * Throws Denied when whoever sent the request may not do `action` to `resource`. `signed`: the request hands in a
 * signed statement, whose signature is judged by whoever takes it. Every decision is logged.
 */
export function requirePermission(
  request: FastifyRequest,
  action: Action,
  resource: Resource = {},
  { signed = false }: { signed?: boolean } = {},
): void {
  const actor = actorOf(request);
  const answer = can(actor, action, resource, { now: systemClock.now().getTime(), signed });
  const by = actor.kind === 'person' ? actor.person : actor.kind;
  if (answer.allowed) {
    request.log.debug({ action, by }, 'permitted');
    return;
  }
  request.log.warn({ action, by, reason: answer.denial.reason }, 'denied');
  throw new Denied(answer.denial, denialText(answer.denial));
}
