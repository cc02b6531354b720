import { BreakwaterError } from '@breakwater/rules';
import type { FastifyRequest } from 'fastify';
import { isLocal } from '#platform/http';

/**
 * Who acts. `machine`: whoever may use the Unix socket of the API, the administrator of the installation. `token`: whoever
 * holds its token. `person`: the holder of an operator key, by a signature over what is done.
 */
export type ActorKind = 'machine' | 'token' | 'person';

/** What may be done, by whom: the only copy. What is not listed is denied. */
const permissions = {
  read: ['machine', 'token'],
  'plan.submit': ['machine', 'token'],
  'plan.decide': ['person'],
  'advisory.record': ['machine', 'token'],
  'run.request': ['machine', 'token'],
  'run.stop': ['machine', 'token', 'person'],
  'run.rollback': ['machine', 'token', 'person'],
  'run.resume': ['person'],
  'run.waive': ['person'],
  'notice.submit': ['machine', 'token'],
  'notice.publish': ['machine', 'token'],
  'notice.send': ['machine', 'token'],
  'notice.erase': ['machine'],
  'claim.open': ['machine', 'token'],
  'claim.decide': ['machine', 'token'],
  'claim.contact': ['machine'],
  'claim.erase': ['machine'],
  'relief.record': ['machine', 'token'],
  'pack.import': ['machine', 'token'],
  'pack.decide': ['person'],
  'run.assess': ['machine', 'token'],
  'review.declare': ['machine', 'token'],
  'dossier.export': ['machine', 'token'],
  'finding.import': ['machine', 'token'],
  'finding.restricted': ['person'],
  'key.found': ['machine'],
  'key.enrol': ['person'],
  'key.revoke': ['person'],
  'host.enrol': ['machine'],
} as const satisfies Record<string, readonly ActorKind[]>;

export type Permission = keyof typeof permissions;

/** Whether `actor` may. Unknown actions are denied. */
export function can(actor: ActorKind, action: string): boolean {
  return (
    Object.hasOwn(permissions, action) && (permissions[action as Permission] as readonly ActorKind[]).includes(actor)
  );
}

/** How a request came in. A request that reached a route has passed the access check of the API. */
export function actorOf(request: FastifyRequest): Exclude<ActorKind, 'person'> {
  return isLocal(request) ? 'machine' : 'token';
}

/** Throws BreakwaterError `request.forbidden` when whoever sent the request may not do `action` without a signature. */
export function requirePermission(request: FastifyRequest, action: Permission): void {
  const actor = actorOf(request);
  if (can(actor, action)) return;
  throw new BreakwaterError(
    'request.forbidden',
    `${action} is not for the ${actor}: use the Unix socket of the server, or sign`,
  );
}
