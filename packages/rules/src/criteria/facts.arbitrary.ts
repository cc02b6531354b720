/** Arbitrary facts for property tests: well-formed, crowded around the bounds, with anything left out or null. */
import fc from 'fast-check';
import { type Facts, activities, channels, measures, noticeFields, workKinds } from './facts.ts';

const BASE = Date.parse('2026-08-12T02:00:00+09:00');
const HOUR = 3_600_000;

const stamp = (offset: number): string => new Date(BASE + offset).toISOString();

/** Offsets from the start of the work that fall on and right beside the bounds. */
const offset = fc.oneof(
  fc.constantFrom(
    -1,
    0,
    1,
    HOUR / 6,
    HOUR / 2,
    HOUR,
    4 * HOUR - 1,
    4 * HOUR,
    4 * HOUR + 1,
    24 * HOUR,
    -HOUR,
    -7 * 24 * HOUR,
  ),
  fc.integer({ min: -48 * HOUR, max: 72 * HOUR }),
);
const moment = offset.map(stamp);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 6 });
const part = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });
const flag = maybe(fc.boolean());
const count = fc.oneof(
  fc.constantFrom(0, 1, 999, 1000, 9999, 10_000, 99_999_999, 100_000_000),
  fc.integer({ min: 0, max: 200_000_000 }),
);
const quantity = fc.oneof(
  count,
  fc.tuple(count, count).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
  count.map((low) => ({ low, high: null })),
);
const list = <T>(member: fc.Arbitrary<T>, maxLength = 4) => maybe(fc.array(member, { maxLength }));
const service = fc.constantFrom('transfer', 'cards');

/** A row with its times in order, of any cause, certain or not. */
const disruption = fc
  .tuple(
    offset,
    fc.constantFrom(0, 1, HOUR / 6, HOUR / 2, 4 * HOUR - 1, 4 * HOUR, 4 * HOUR + 1, 9 * HOUR),
    part({
      service: maybe(service),
      cause: maybe(fc.constantFrom('work' as const, 'mixed' as const, 'other' as const)),
      evidence: list(fc.constantFrom('log-1', 'log-2'), 2),
      extent: maybe(fc.constantFrom('full' as const, 'partial' as const)),
      announced: flag,
    }),
    fc.record({
      open: fc.boolean(),
      startKnown: fc.constantFrom(true, true, true, false),
      before: maybe(fc.integer({ min: 0, max: HOUR })),
      beyond: maybe(fc.integer({ min: 0, max: HOUR })),
    }),
  )
  .map(([start, lasts, fields, { open, startKnown, before, beyond }]) => ({
    ...fields,
    start: startKnown ? stamp(start) : null,
    end: open ? null : stamp(start + lasts),
    earliestStart: before === null ? null : stamp(start - before),
    latestEnd: beyond === null || open ? null : stamp(start + lasts + beyond),
  }));

const leak = maybe(fc.oneof(quantity, part({ records: maybe(quantity), persons: maybe(quantity) })));
const fault = part({
  subject: maybe(fc.constantFrom('bank', 'p-9')),
  intent: flag,
  grossNegligence: flag,
  privateInterest: flag,
  proceduralDefect: flag,
});
const damage = maybe(
  fc.oneof(
    quantity,
    part({
      customer: maybe(quantity),
      company: maybe(quantity),
      thirdParty: maybe(quantity),
      goodwill: maybe(quantity),
      recourse: maybe(quantity),
    }),
  ),
);
const announced = fc
  .tuple(offset, fc.integer({ min: 0, max: 12 * HOUR }), list(service))
  .map(([start, lasts, services]) => ({
    start: stamp(start),
    end: stamp(start + lasts),
    services,
  }));
const notice = fc
  .tuple(
    fc.record(
      {
        channel: fc.constantFrom(...channels),
        at: maybe(moment),
        fields: maybe(fc.subarray([...noticeFields])),
        announced: maybe(announced),
      },
      { requiredKeys: [] },
    ),
    maybe(fc.integer({ min: 0, max: 1000 })),
    maybe(fc.integer({ min: 0, max: 1000 })),
  )
  .map(([fields, a, b]) => ({
    ...fields,
    intended: a === null || b === null ? a : Math.max(a, b),
    delivered: a === null || b === null ? b : Math.min(a, b),
  }));

const work = fc
  .tuple(
    fc.record(
      {
        kind: fc.constantFrom(...workKinds),
        activity: fc.constantFrom(...activities),
        usesAi: flag,
        otherChanges: flag,
        advisories: list(
          part({
            id: fc.constant('A-1'),
            disseminatedBy: maybe(fc.constantFrom('FSC', 'FSI', 'KISA')),
            receivedAt: maybe(moment),
            proof: maybe(fc.constantFrom('proven' as const, 'attested' as const, 'absent' as const)),
            covers: maybe(fc.constantFrom('all' as const, 'part' as const, 'none' as const)),
          }),
          2,
        ),
        approvals: list(part({ by: fc.constant('p-1'), at: maybe(moment), author: flag }), 2),
      },
      { requiredKeys: ['kind', 'activity'] },
    ),
    maybe(fc.integer({ min: 0, max: 6 * HOUR })),
    maybe(fc.integer({ min: 0, max: 60 * HOUR })),
  )
  .map(([fields, end, observed]) => ({
    ...fields,
    start: stamp(0),
    end: end === null ? null : stamp(end),
    observedUntil: observed === null ? null : stamp(observed),
  }));

export const anyFacts: fc.Arbitrary<Facts> = fc.record(
  {
    schema: fc.constant('breakwater.facts/1' as const),
    institution: fc.constant('saebyeok-bank'),
    awareAt: maybe(moment),
    transactionErrorKnownAt: maybe(moment),
    services: maybe(
      fc.constantFrom(
        [
          { id: 'transfer', critical: true, subscribers: 10_000 },
          { id: 'cards', critical: false, subscribers: 9_999 },
        ],
        [{ id: 'transfer', critical: null, subscribers: { low: 9_000, high: 11_000 } }],
        [],
      ),
    ),
    work,
    fault: maybe(fc.oneof(fault, fc.array(fault, { maxLength: 2 }))),
    disruptions: list(disruption),
    damage,
    leaks: maybe(
      part({
        personalCredit: leak,
        other: leak,
        unclassified: leak,
        discoveredAt: maybe(moment),
        accessOnly: flag,
        illegalExternalAccess: flag,
        sensitiveOrUniqueId: flag,
      }),
    ),
    plan: maybe(
      part({ preTest: maybe(part({ at: maybe(moment), passed: flag })), measures: maybe(fc.subarray([...measures])) }),
    ),
    recovery: list(part({ measure: maybe(fc.constantFrom(...measures)), at: maybe(moment), succeeded: flag }), 2),
    notices: list(notice),
    relief: maybe(
      part({
        preparedAt: maybe(moment),
        consumerDamage: flag,
        implementedAt: maybe(moment),
        claims: maybe(
          part({
            open: maybe(fc.nat(3)),
            accepted: maybe(fc.nat(3)),
            refused: maybe(fc.nat(3)),
            paid: maybe(fc.nat(3)),
            openAmount: maybe(quantity),
          }),
        ),
        claimsUntil: maybe(moment),
      }),
    ),
    consumerLoss: maybe(part({ serious: flag })),
    history: list(
      fc.record(
        {
          start: fc.integer({ min: -400 * 24, max: -1 }).map((hours) => stamp(hours * HOUR)),
          disruptions: list(disruption, 2),
          damage,
        },
        { requiredKeys: [] },
      ),
      2,
    ),
  },
  { requiredKeys: ['schema', 'work'] },
);

/** As-of times around the work. */
export const anyAsOf: fc.Arbitrary<string> = moment;
