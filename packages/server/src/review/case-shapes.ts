/** Who asks about a case, and the shapes that several routes of cases share. */
import {
  type CaseActor,
  type CaseView,
  type DisclosureLevel,
  actsFor,
  caseViewSchema,
  disclosureLevels,
  permittedActs,
  viewOf,
} from '@breakwater/rules/review';
import type { Action } from '@breakwater/rules/authority';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Platform } from '#platform';
import { actorOf, requirePermission } from '#platform/http';
import { type KnownCase, findCase, takesPart } from './cases.ts';

export const person = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u);
export const caseParams = z.object({ case: z.uuid() });

export const caseAnswer = z
  .object({ case: z.string(), ...caseViewSchema.shape, acts: permittedActs })
  .meta({ id: 'Case' });

/** A case that whoever asks may open. Throws Denied as `can`, BreakwaterError `case.not-found`. */
export async function openedCase(request: FastifyRequest, platform: Platform, action: Action): Promise<KnownCase> {
  const { case: id } = request.params as { case: string };
  const known = await findCase(platform, id);
  requirePermission(request, action, { members: takesPart(known.one) });
  return known;
}

/** Who acts on a case: whoever may conduct cases does so for the company. */
export function caseActorOf(request: FastifyRequest): CaseActor {
  const actor = actorOf(request);
  if (actor.kind !== 'person') return { person: null, conducts: true };
  return { person: actor.person, conducts: actor.roles.some((role) => role === 'ciso' || role === 'compliance') };
}

/** The most that is shown to whoever asks. An auditor, and a token of a narrow scope, see nobody by name. */
function highestLevel(request: FastifyRequest, { one }: KnownCase): DisclosureLevel {
  const actor = actorOf(request);
  if (actor.kind === 'machine') return 'member';
  if (actor.kind === 'token') return actor.scope === 'all' ? 'member' : 'redacted';
  const { person: who, conducts } = caseActorOf(request);
  return conducts || (who !== null && takesPart(one).includes(who)) ? 'member' : 'redacted';
}

/** What of a case is shown to whoever asks: at most their level, and less when they ask for less. */
export function shownCase(
  request: FastifyRequest,
  known: KnownCase,
  now: number,
  asked: DisclosureLevel = 'member',
): z.infer<typeof caseAnswer> {
  const most = highestLevel(request, known);
  const level = disclosureLevels.indexOf(asked) < disclosureLevels.indexOf(most) ? asked : most;
  const actor = caseActorOf(request);
  const view: CaseView = viewOf(known.one, level, actor.person, now);
  return { case: known.id, ...view, acts: actsFor(known.one, actor) };
}
