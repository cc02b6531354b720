/** The leak ledger: what is known of data that left, by class of its fields; the data itself has no place here. */
import { z } from 'zod';
import type { Range } from './damage.ts';
import type { ReliefPolicy } from './policy.ts';

const count = z
  .strictObject({ low: z.int().min(0), high: z.int().min(0).nullable() })
  .refine(({ low, high }) => high === null || low <= high, { error: 'low is at most high' });

const instant = z.iso.datetime({ offset: true });

/** One leak as persons record it. Counts are intervals; null = unknown. Fields are names of columns, never their content. */
export const leakEntrySchema = z.strictObject({
  /** Where it was found, such as a log review, a customer, FSI. */
  source: z.string().min(1).max(500),
  discoveredAt: instant,
  /** When the company became aware that data of persons is concerned: the clocks run from here. */
  awareAt: instant,
  cause: z.enum(['work', 'mixed', 'other']).nullable(),
  /** `access`: somebody could read it; `exfiltration`: it left. */
  kind: z.enum(['access', 'exfiltration']).nullable(),
  illegalExternalAccess: z.boolean().nullable(),
  records: count.nullable(),
  persons: count.nullable(),
  fields: z.array(z.string().min(1).max(64)).min(1).max(200),
});
export type LeakEntry = z.infer<typeof leakEntrySchema>;

export const leakClasses = ['personalCredit', 'other', 'unclassified'] as const;
export type LeakClass = (typeof leakClasses)[number];

export type ClassifiedLeak = {
  /** Of the whole entry: one field of credit information makes the row such, one unknown field leaves it unclassified. */
  readonly class: LeakClass;
  /** Whether sensitive data or data that identifies for life is in it; null = a field is unclassified. */
  readonly special: boolean | null;
  readonly fields: readonly { readonly field: string; readonly class: LeakClass }[];
};

/** Classifies an entry field by field under the company's table. */
export function classifyLeak(fields: readonly string[], table: ReliefPolicy['fields']): ClassifiedLeak {
  const rules = fields.map((field) => ({ field, rule: Object.hasOwn(table, field) ? table[field] : undefined }));
  const classes = rules.map(({ field, rule }) => ({ field, class: rule?.class ?? ('unclassified' as const) }));
  const has = (wanted: LeakClass): boolean => classes.some((one) => one.class === wanted);
  const special = rules.some(({ rule }) => rule?.special === true);
  return {
    class: has('personalCredit') ? 'personalCredit' : has('unclassified') ? 'unclassified' : 'other',
    special: special ? true : has('unclassified') ? null : false,
    fields: classes,
  };
}

type Count = Range | null;
/** A count that stands for records and persons alike, or both apart. */
export type LeakCount = Count | { readonly records: Count; readonly persons: Count };

/** The leak ledger as facts know it. */
export type LeakSummary = Record<LeakClass, LeakCount> & {
  readonly discoveredAt?: string | null;
  readonly accessOnly?: boolean | null;
  readonly illegalExternalAccess?: boolean | null;
  readonly sensitiveOrUniqueId?: boolean | null;
};

type Attested = Record<LeakClass, Count>;
type Judged = { readonly entry: LeakEntry; readonly classified: ClassifiedLeak };

/**
 * What the ledger says: what persons attested beside the entries, plus every entry. A class with entries of which nobody
 * attested the rest has no upper bound; a class with neither is unknown.
 */
export function leakSummary(attested: Attested | null, entries: readonly Judged[]): LeakSummary {
  const counts = Object.fromEntries(
    leakClasses.map((leakClass) => [leakClass, countOf(attested?.[leakClass] ?? null, entries, leakClass)]),
  ) as Record<LeakClass, LeakCount>;
  if (entries.length === 0) return counts;
  const kinds = entries.map(({ entry }) => entry.kind);
  return {
    ...counts,
    discoveredAt:
      entries.map(({ entry }) => entry.discoveredAt).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
    accessOnly: kinds.includes('exfiltration') ? false : kinds.includes(null) ? null : true,
    illegalExternalAccess: any(entries.map(({ entry }) => entry.illegalExternalAccess)),
    sensitiveOrUniqueId: any(entries.map(({ classified }) => classified.special)),
  };
}

function any(values: readonly (boolean | null)[]): boolean | null {
  return values.includes(true) ? true : values.includes(null) ? null : false;
}

function countOf(attested: Count, entries: readonly Judged[], leakClass: LeakClass): LeakCount {
  const own = entries.filter(({ classified }) => classified.class === leakClass);
  if (own.length === 0) return attested;
  const beside: Range = attested ?? { low: 0, high: null };
  const total = (of: (entry: LeakEntry) => Count): Range =>
    own.reduce<Range>((sum, { entry }) => {
      const one = of(entry) ?? { low: 0, high: null };
      return { low: sum.low + one.low, high: sum.high === null || one.high === null ? null : sum.high + one.high };
    }, beside);
  return { records: total(({ records }) => records), persons: total(({ persons }) => persons) };
}
