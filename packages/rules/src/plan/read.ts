/** Reading plans and plan contexts from text and from values. */
import { readDocument, type SourceDocument } from '../document.ts';
import { conform } from '../shape.ts';
import { planContextSchema, type PlanContext } from './context.ts';
import { planSchema, type Plan } from './schema.ts';

/** A plan that was read. `document` is what was written: hashes are over it. */
export interface ReadPlan {
  readonly plan: Plan;
  readonly document: unknown;
  /** `line:column` of a JSON Pointer. */
  readonly place: SourceDocument['place'];
}

/**
 * Reads a plan written in YAML 1.2 or JSON (`format: 'json'` takes strict JSON only): at most 1 MiB, 32 levels.
 *
 * Throws BreakwaterError: `document.*` with `path` = `line:column` for text that cannot be read, `plan.*` with
 * `path` = JSON Pointer for a document that is no plan; the message begins with `line:column`.
 */
export function parsePlan(text: string, format?: 'yaml' | 'json'): ReadPlan {
  const { value, place } = readDocument(text, {}, format);
  return { plan: conform(planSchema, value, { name: 'plan', place }), document: value, place };
}

/** Reads a `breakwater.plan-context/1` written in YAML 1.2 or JSON. Throws as {@link parsePlan}, with `context.*`. */
export function parsePlanContext(text: string, format?: 'yaml' | 'json'): PlanContext {
  const { value, place } = readDocument(text, {}, format);
  return conform(planContextSchema, withoutNulls(value), { name: 'context', place });
}

/** The value as a plan. Throws BreakwaterError `plan.*` with the JSON Pointer of the fault. */
export function requirePlan(value: unknown): Plan {
  return conform(planSchema, value, { name: 'plan' });
}

/** The value as a plan context; left out or null = nothing is known. Throws BreakwaterError `context.*`. */
export function requirePlanContext(value: unknown): PlanContext | null {
  return value === undefined || value === null
    ? null
    : conform(planContextSchema, withoutNulls(value), { name: 'context' });
}

/** How deep a context's own members lie: the context, a list, a row, a map in it. */
const deepest = 4;

/** In a context, null says what leaving out says: not known. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member, depth + 1)]),
  );
}
