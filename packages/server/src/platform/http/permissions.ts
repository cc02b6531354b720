import { BreakwaterError } from '@breakwater/rules';
import { can, denialText, type Action, type Actor, type Resource } from '@breakwater/rules/authority';
import type { Actor as EvidenceActor } from '@breakwater/rules/evidence/record';
import type { FastifyRequest } from 'fastify';
import { systemClock } from '#platform/clock';
import { Denied } from './answer.ts';

/** Who sent the request. Throws BreakwaterError `request.not-signed-in` where nobody did. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor !== null) return request.actor;
  throw new BreakwaterError('request.not-signed-in', 'sign in, or send the token of this server');
}

/** Who sent the request, as evidence names them. */
export function evidenceActorOf(request: FastifyRequest): EvidenceActor {
  const actor = actorOf(request);
  return actor.kind === 'person' ? { kind: 'person', id: actor.person } : { kind: 'system', id: nameOf(actor) };
}

/** Who sends a request, for the log and for what is counted by caller. */
export function nameOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.person;
  return actor.kind === 'machine' || actor.scope === 'all' ? actor.kind : `token:${actor.id}`;
}

/**
 * Throws Denied when whoever sent the request may not do `action` to `resource`. A route's own action is asked by the
 * app before the route runs; a route asks again once it has opened the thing that is acted on. Every decision is logged.
 */
export function requirePermission(request: FastifyRequest, action: Action, resource: Resource = {}): void {
  const actor = actorOf(request);
  const signed = request.routeOptions.config.signed === true;
  const answer = can(actor, action, resource, { now: systemClock.now().getTime(), signed });
  const by = nameOf(actor);
  if (answer.allowed) {
    request.log.debug({ action, by }, 'permitted');
    return;
  }
  request.log.warn({ action, by, reason: answer.denial.reason }, 'denied');
  throw new Denied(answer.denial, denialText(answer.denial));
}

/** Throws Denied when a person in a session says that somebody else does what they ask for. */
export function requireOwnName(request: FastifyRequest): void {
  const { actor } = request;
  const { action } = request.routeOptions.config;
  if (actor?.kind !== 'person' || action === undefined) return;
  for (const part of [request.body, request.query]) {
    const by = typeof part === 'object' && part !== null ? (part as { by?: unknown }).by : undefined;
    if (by === undefined || by === actor.person) continue;
    const denial = { reason: 'other-person', action, person: actor.person } as const;
    throw new Denied(denial, denialText(denial));
  }
}
