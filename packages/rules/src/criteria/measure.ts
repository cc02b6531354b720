/**
 * The measures a policy pack can use: what each takes from the pack (parameters, readings, a bound) and which of its
 * rules and readings an open question can hang on. How a measure judges is in `judge/`, keyed by the same words.
 *
 * Another authority's pack differs in these data, never in code.
 */
import { z } from 'zod';
import { duration } from '../duration.ts';
import { activities, channels, measures as measureWords, noticeFields, workKinds } from './facts.ts';
import { time, windowLength } from './time.ts';
import type { Unit } from './wording.ts';

/** How disruptions are looked at to become one number. */
export const downtimeLens = z.strictObject({
  /** `union`: all services on one line. `sum` and `largest-service`: of each service's own line. `longest-episode`: one unbroken stretch over all services. */
  aggregate: z.enum(['union', 'largest-service', 'sum', 'longest-episode']),
  /** `work`: caused by the work, mixed causes as upper bound. `work-and-other`: other causes too. `any`: the cause is not asked. */
  causes: z.enum(['work', 'work-and-other', 'any']),
  extent: z.enum(['any', 'full']),
  /** `left-out`: without the windows announced for the service before the start. */
  announced: z.enum(['counted', 'left-out']),
  services: z.enum(['all', 'critical']),
  /** Earlier works count too, and the most in any stretch of this length is taken; null: this work alone. */
  window: windowLength.nullable(),
});
export type DowntimeLens = z.infer<typeof downtimeLens>;

export const damageParts = ['customer', 'company', 'thirdParty', 'goodwill', 'recourse'] as const;

/** How damage is looked at to become one amount of won. A reading with parts nobody gave is left out. */
export const damageLens = z.strictObject({
  add: z.array(z.enum(damageParts)),
  less: z.array(z.enum(damageParts)),
  window: windowLength.nullable(),
});
export type DamageLens = z.infer<typeof damageLens>;

type Measure = {
  readonly parameters: z.ZodObject;
  /** null: judged without a bound. */
  readonly unit: Unit | null;
  /** Shape of the readings a pack names; null: the measure's readings are its own. */
  readonly readings: z.ZodType | null;
  /** Rules and own readings that a pack may tie to a question. */
  readonly raises: readonly string[];
};

const ratio = z.number().min(0).max(1);
const none = z.strictObject({});
const observe = { 'attribution.observe': duration };

export const measures = {
  'covered-work': {
    parameters: z.strictObject({
      'scope.from': time,
      'scope.activities': z.partialRecord(z.enum(workKinds), z.array(z.enum(activities))),
      'scope.disseminators': z.array(z.string().min(1)),
    }),
    unit: null,
    readings: null,
    raises: ['scope.not-covered', 'scope.before-effect', 'scope.no-ai', 'scope.outside-words', 'scope.other-changes'],
  },
  intent: { parameters: none, unit: null, readings: null, raises: ['intent.present'] },
  damage: {
    parameters: z.strictObject({ 'damage.aggregate': z.string() }),
    unit: 'KRW',
    readings: damageLens,
    raises: ['damage.beyond', 'damage.unknown'],
  },
  downtime: {
    parameters: z.strictObject({ 'outage.aggregate': z.string(), ...observe }),
    unit: 'ms',
    readings: downtimeLens,
    raises: ['outage.beyond', 'outage.mixed', 'outage.unsure'],
  },
  leak: {
    parameters: z.strictObject({ 'leak.unit': z.enum(['larger', 'records', 'persons']) }),
    unit: 'records',
    readings: null,
    raises: ['leak.beyond', 'leak.unknown', 'leak.access-only', 'reading:records', 'reading:persons'],
  },
  'pre-test': { parameters: none, unit: null, readings: null, raises: ['pre-test.not-passed'] },
  'planned-measures': {
    parameters: z.strictObject({ 'measures.any-of': z.array(z.enum(measureWords)).min(1) }),
    unit: null,
    readings: null,
    raises: ['measures.none', 'measures.others-only', 'measures.single'],
  },
  'recovery-carried-out': {
    parameters: z.strictObject(observe),
    unit: null,
    readings: null,
    raises: ['recovery.none-while-down', 'recovery.not-by-measure'],
  },
  'advance-notice': {
    parameters: z.strictObject({
      'notice.coverage': ratio,
      'notice.fields': z.array(z.enum(noticeFields)).min(1),
      'notice.substitutes': z.array(z.enum(channels)),
      ...observe,
    }),
    unit: null,
    readings: null,
    raises: [
      'notice.no-website',
      'notice.no-message',
      'notice.none-delivered',
      'notice.substitute',
      'notice.coverage',
      'notice.not-covering',
    ],
  },
  'relief-prepared': { parameters: none, unit: null, readings: null, raises: ['relief.not-prepared'] },
  'relief-carried-out': {
    parameters: none,
    unit: null,
    readings: null,
    raises: ['relief.unpaid', 'relief.not-implemented'],
  },
  negligence: {
    parameters: none,
    unit: null,
    readings: null,
    raises: ['negligence.gross', 'negligence.presumption-lost'],
  },
  'consumer-loss': { parameters: none, unit: null, readings: null, raises: ['consumer-loss.possible'] },
} as const satisfies Record<string, Measure>;

export type MeasureKind = keyof typeof measures;
export const measureKinds = Object.keys(measures) as MeasureKind[];
export type ParametersOf<K extends MeasureKind> = z.infer<(typeof measures)[K]['parameters']>;
