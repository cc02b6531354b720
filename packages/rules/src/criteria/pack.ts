/** Policy packs: the criteria of one authority as effective-dated data (`breakwater.pack/1`). */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { canonicalJson, digestOf } from '#evidence';
import { duration } from '../duration.ts';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';
import { type MeasureKind, type ParametersOf, measureKinds, measures } from './measure.ts';
import { operators } from './range.ts';
import { offsetMinutes, time } from './time.ts';
import { units } from './wording.ts';

const text = z.string().min(1).max(4000);
const words = z.strictObject({ ko: text, en: text });
const word = z
  .string()
  .regex(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/, { error: 'not a word of small letters, digits, - and .' });
const day = z.iso.date();

/** Where a rule comes from. `article` is null where the text itself was not read. */
export const clause = z.strictObject({ document: text, date: day, article: text.nullable(), source: text });
export type Clause = z.infer<typeof clause>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const scalars = z.union([scalar, z.array(scalar).max(500)]);
/** The value of a parameter: at most lists by name, so that no pack can nest without end. */
export const parameterValue = z.union([scalars, z.record(z.string(), scalars)]);
const parameter = z.strictObject({ value: parameterValue, clause, note: words.nullish() });
const parameters = z.record(z.string(), parameter);

const bound = z.strictObject({
  operator: z.enum(operators),
  value: z.int().min(0),
  unit: z.enum(units),
  /** The bound in the words of the source. */
  wording: words,
  /** Other values that were reported: shown, never judged by. */
  variants: z.array(z.strictObject({ value: z.int().min(0), clause })),
});

const criterion = z.strictObject({
  id: word,
  title: words,
  measure: z.enum(measureKinds),
  clause,
  bound: bound.nullable(),
  /** Overrides of the pack's parameters for this criterion. */
  parameters,
  /** Ways of looking at the measure, by name; the measure says their shape. */
  readings: z.record(z.string(), z.record(z.string(), scalars)),
  /** Question by rule, or by `reading:` and the name of a reading that differs. */
  asks: z.record(z.string(), z.string()),
});
export type Criterion = z.infer<typeof criterion>;

const trigger = z.discriminatedUnion('kind', [
  /** A disruption of one service, of any cause, unbroken for at least `lasts` (with at least so many subscribers). */
  z.strictObject({
    kind: z.literal('episode'),
    anyOf: z.array(z.strictObject({ lasts: duration, subscribers: z.int().min(1).nullable() })).min(1),
  }),
  /** Data leaked: of these classes, unclassified records making it possible; with so many persons or one of the flags. */
  z.strictObject({
    kind: z.literal('leak'),
    classes: z.array(z.enum(['personalCredit', 'other'])).min(1),
    persons: z.int().min(1),
    orFlags: z.array(z.enum(['sensitiveOrUniqueId', 'illegalExternalAccess'])),
  }),
  z.strictObject({ kind: z.literal('transaction-error') }),
]);
export type Trigger = z.infer<typeof trigger>;

const duty = z.strictObject({ id: word, trigger, within: duration, clause, title: words });
export type Duty = z.infer<typeof duty>;

export const packSchema = z
  .strictObject({
    schema: z.literal('breakwater.pack/1'),
    id: word,
    version: text,
    title: words,
    authority: words,
    /** ISO 3166-1 country code. */
    jurisdiction: z.string().regex(/^[A-Z]{2}$/),
    /** What the pack rests on; printed with every assessment. */
    basis: text,
    /** In force from `from` until just before `to`. */
    effective: z.strictObject({ from: time, to: time.nullable(), decidedOn: day, announcedOn: day.nullable() }),
    timezone: z.strictObject({
      name: text,
      offset: z
        .string()
        .refine((offset) => offsetMinutes(offset) !== null, { error: 'not an offset: write it as +09:00' }),
    }),
    /** Choices the text leaves open, and numbers that are ours: printed with every assessment. */
    parameters,
    criteria: z.array(criterion).min(1).max(500),
    /** A law that applies besides, whatever the criteria give; null: none. */
    carveOut: z.strictObject({ id: word, clause, effect: words, ask: z.string() }).nullable(),
    questions: z.array(z.strictObject({ id: z.string().min(1), ...words.shape })).max(500),
    duties: z.array(duty).max(100),
  })
  .meta({ id: 'breakwater.pack/1', title: 'Policy pack' });

export type PolicyPack = z.infer<typeof packSchema>;

/**
 * Reads a pack. Besides its shape: ids stand once, every criterion has exactly the parameters, the bound and the
 * readings that its measure takes, every question that is asked exists, and nothing is given that nothing reads.
 *
 * Throws BreakwaterError `pack.*` with the JSON Pointer of the place; with `place`, its message begins with line and column.
 */
export function parsePack(input: unknown, place?: (pointer: string) => string): PolicyPack {
  const pack = conform(packSchema, input, place === undefined ? { name: 'pack' } : { name: 'pack', place });
  standOnce('criteria', pack.criteria);
  standOnce('questions', pack.questions);
  standOnce('duties', pack.duties);
  pack.criteria.forEach((each, i) => refuseMisfit(pack, each, `/criteria/${i}`));
  const read = new Set(pack.criteria.flatMap(({ measure }) => Object.keys(measures[measure].parameters.shape)));
  for (const name of Object.keys(pack.parameters)) {
    if (!read.has(name)) {
      throw new BreakwaterError('pack.unused-parameter', `no criterion reads "${name}"`, `/parameters/${name}`);
    }
  }
  if (pack.carveOut !== null) refuseUnknownQuestion(pack, pack.carveOut.ask, '/carveOut/ask');
  packsRead.add(pack);
  return pack;
}

const packsRead = new WeakSet<object>();

/** The value itself when {@link parsePack} gave it, else as `parsePack` reads it: a script may hand over what it likes. */
export function requirePack(value: unknown): PolicyPack {
  return typeof value === 'object' && value !== null && packsRead.has(value) ? (value as PolicyPack) : parsePack(value);
}

function standOnce(list: string, members: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  members.forEach(({ id }, i) => {
    if (seen.has(id)) throw new BreakwaterError('pack.duplicate-id', `${id} stands twice`, `/${list}/${i}/id`);
    seen.add(id);
  });
}

function refuseUnknownQuestion(pack: PolicyPack, question: string, path: string): void {
  if (!pack.questions.some(({ id }) => id === question)) {
    throw new BreakwaterError('pack.unknown-question', `there is no question ${question} in the pack`, path);
  }
}

function refuseMisfit(pack: PolicyPack, each: Criterion, path: string): void {
  const { parameters: taken, unit, readings, raises } = measures[each.measure];
  for (const name of Object.keys(each.parameters)) {
    if (!Object.hasOwn(taken.shape, name)) {
      throw new BreakwaterError(
        'pack.unused-parameter',
        `${each.measure} does not read "${name}"`,
        `${path}/parameters/${name}`,
      );
    }
  }
  const values = taken.safeParse(chosen(pack, each));
  if (!values.success) {
    const [issue] = values.error.issues;
    const name = String(issue?.path[0] ?? '');
    const at = Object.hasOwn(each.parameters, name) ? `${path}/parameters/${name}` : `/parameters/${name}`;
    throw new BreakwaterError(
      'pack.bad-parameter',
      `${each.id} reads "${name}": ${issue?.message ?? 'not usable'}`,
      at,
    );
  }
  if (each.bound?.unit !== (unit ?? undefined)) {
    const need = unit === null ? 'takes no bound' : `needs a bound in ${unit}`;
    throw new BreakwaterError('pack.bad-bound', `the measure ${each.measure} ${need}`, `${path}/bound`);
  }
  for (const [name, lens] of Object.entries(each.readings)) {
    const result = readings?.safeParse(lens);
    if (result?.success !== true) {
      throw new BreakwaterError(
        'pack.bad-reading',
        `${name} is no reading of ${each.measure}`,
        `${path}/readings/${name}`,
      );
    }
  }
  refuseUnknownAggregate(pack, each, path);
  for (const [cause, question] of Object.entries(each.asks)) {
    const known =
      raises.some((rule) => rule === cause) ||
      (cause.startsWith(READING) && Object.hasOwn(each.readings, cause.slice(READING.length)));
    if (!known)
      throw new BreakwaterError('pack.unknown-rule', `${each.measure} never raises ${cause}`, `${path}/asks/${cause}`);
    refuseUnknownQuestion(pack, question, `${path}/asks/${cause}`);
  }
}

/** What stands before the name of a reading that a question hangs on. */
const READING = 'reading:';

function refuseUnknownAggregate(pack: PolicyPack, each: Criterion, path: string): void {
  const aggregate = Object.entries(chosen(pack, each)).find(([name]) => name.endsWith('.aggregate'))?.[1];
  if (aggregate !== undefined && !(typeof aggregate === 'string' && Object.hasOwn(each.readings, aggregate))) {
    throw new BreakwaterError(
      'pack.bad-parameter',
      `there is no reading ${JSON.stringify(aggregate)} to judge by`,
      `${path}/readings`,
    );
  }
}

/** The values of the parameters that a criterion's measure reads, the criterion's own before the pack's. */
function chosen(pack: PolicyPack, each: Criterion): Record<string, unknown> {
  const names = Object.keys(measures[each.measure].parameters.shape);
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = each.parameters[name] ?? pack.parameters[name];
      return found === undefined ? [] : [[name, found.value]];
    }),
  );
}

/** The parameters of a criterion that is judged by the measure `kind`. */
export function parametersOf<K extends MeasureKind>(kind: K, pack: PolicyPack, each: Criterion): ParametersOf<K> {
  return measures[kind].parameters.parse(chosen(pack, each)) as ParametersOf<K>;
}

/** `sha256:` over the RFC 8785 form of any JSON value. */
export function canonicalDigest(value: unknown): string {
  return digestOf(utf8ToBytes(canonicalJson(value)));
}

/** The digest by which approvals and assessments name a pack: SHA-256 over its RFC 8785 form. */
export function packDigest(pack: PolicyPack): string {
  return canonicalDigest(pack);
}
