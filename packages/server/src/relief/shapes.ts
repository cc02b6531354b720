/** Shapes that several routes of relief share. */
import { damageTypes, decisions, reasonCodeNames } from '@breakwater/rules/relief';
import { z } from 'zod';

export const id = z.string().min(1).max(128);
export const person = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u);
export const instant = z.iso.datetime({ offset: true });
export const won = z.int().min(0);
export const range = z
  .strictObject({ low: won, high: won.nullable() })
  .refine(({ low, high }) => high === null || low <= high, { error: 'low is at most high' });
export const reason = z.string().min(3).max(500);
export const code = z.enum(reasonCodeNames);
export const decision = z.enum(decisions);
/** A range in an answer. */
export const shownRange = z.object({ low: won, high: won.nullable() }).nullable();
/** Damage by type in an answer. */
export const shownDamage = z.object(
  Object.fromEntries(damageTypes.map((type) => [type, shownRange])) as Record<
    (typeof damageTypes)[number],
    typeof shownRange
  >,
);
