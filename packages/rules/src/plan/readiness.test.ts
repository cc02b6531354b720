import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { base, build, caseFiles, casesOf, changed, type Json } from './cases/case.ts';
import { readinessSchema } from './finding.ts';
import { checkPlan, isStartable } from './readiness.ts';
import { planRuleIds, planRules } from './rule.ts';
import { wording } from './wording.ts';

const seen = new Set<string>();

describe.each(caseFiles)('%s', (file) => {
  test.each(casesOf(file))('$note', (given) => {
    const { plan, context } = build(given);
    const readiness = checkPlan(plan, context);
    const found = readiness.findings.map(
      ({ rule, reason, severity, unknown, path }) => `${rule}/${reason} ${unknown ? 'unknown' : severity} ${path}`,
    );
    expect(found.toSorted()).toEqual(given.want.toSorted());
    expect(readiness.ready).toBe(given.ready ?? given.want.every((line) => !line.includes(' error ')));
    expect(readinessSchema.parse(readiness)).toEqual(readiness);
    for (const { rule, reason } of readiness.findings) seen.add(`${rule}/${reason}`);
  });
});

test('every way to break a rule has a case, except those that need a plan without context', () => {
  const { findings } = checkPlan(base.plan);
  for (const { rule, reason } of findings) seen.add(`${rule}/${reason}`);
  const arms = Object.entries(wording).flatMap(([rule, reasons]) =>
    Object.keys(reasons).map((reason) => `${rule}/${reason}`),
  );
  expect(arms.filter((arm) => !seen.has(arm))).toEqual([]);
});

describe('a plan without a context', () => {
  test('is ready, and every rule that needs facts says that it was not judged', () => {
    const { ready, findings } = checkPlan(base.plan);
    expect(ready).toBe(true);
    expect(findings.every(({ severity, unknown }) => severity === 'warning' && unknown)).toBe(true);
    expect(findings.map(({ rule }) => rule)).toEqual([
      'scope.undisseminated',
      'notice.missing',
      'notice.too-late',
      'limits.beyond-policy',
      'pnr.impossible',
      'approval.missing',
      'window.past',
      'window.protected-day',
      'window.conflict',
      'step.no-way-back',
      'rehearsal.missing',
      'rehearsal.unlike',
    ]);
  });

  test('may not start for all that', () => {
    expect(isStartable(checkPlan(base.plan))).toBe(false);
    const { plan, context } = build({ note: '', want: [] });
    expect(isStartable(checkPlan(plan, context))).toBe(true);
  });

  test('what nobody could judge starts only if somebody answers for it', () => {
    const start = (rule: string) => {
      const given = build({
        note: '',
        want: [],
        context: { remove: ['/vendors'] },
        remove: ['/vendors'],
        waive: { rule },
      });
      return checkPlan(given.plan, given.context);
    };
    expect(isStartable(start('relief.missing'))).toBe(false);
    expect(isStartable(start('vendor.unconfirmed'))).toBe(true);
    expect(start('vendor.unconfirmed').findings).toMatchObject([{ unknown: true, waived: { person: 'p-40' } }]);
  });

  test.each([undefined, null, {}])('nothing known is the same however it is said: %j', (nothing) => {
    expect(checkPlan(base.plan, nothing)).toEqual(checkPlan(base.plan));
  });
});

describe('the rules', () => {
  test('are those of the contract, and no other', () => {
    expect(planRuleIds.join(' ')).toBe(
      'scope.undisseminated scope.no-ai pre-test.missing kill-switch.missing isolation.missing continuity.missing notice.missing ' +
        'notice.channel notice.fields notice.too-late relief.missing limits.beyond-policy pnr.impossible approval.missing ' +
        'approval.self window.past window.protected-day window.conflict probe.missing step.no-way-back rehearsal.missing ' +
        'rehearsal.unlike vendor.unconfirmed authority.missing playbook.changed',
    );
    expect(Object.keys(wording).toSorted()).toEqual(planRuleIds.toSorted());
  });

  test.each(planRuleIds)('%s cites a dated source and weakens a criterion of the pack', (id) => {
    const { source, criterion, title } = planRules[id];
    expect(source.document).toMatch(/\S/);
    expect(source.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(source.clause === null || /\S/.test(source.clause)).toBe(true);
    expect(title.ko).toMatch(/\p{Script=Hangul}/u);
    expect(criteria).toContain(criterion);
  });

  test('say everything in Korean and in English, without a word of exemption', () => {
    const { findings } = checkPlan(
      changed(base.plan, { remove: ['/notice', '/relief', '/measures', '/probes', '/rehearse', '/advisories'] }),
    );
    for (const { message } of findings) {
      expect(message.ko).toMatch(/\p{Script=Hangul}.*(?:다|오|는다)\./u);
      expect(message.en).toMatch(/\.$/);
      expect(`${message.ko} ${message.en}`).not.toMatch(/exempt|면책됨|면책 대상/i);
    }
  });
});

const criteria = [
  'scope.work',
  'minor.intent',
  'minor.damage',
  'minor.outage',
  'minor.leak',
  'recovery.pre-test',
  'recovery.spread-prevention',
  'recovery.continuity',
  'recovery.carried-out',
  'consumer.notice',
  'consumer.relief-prepared',
  'consumer.relief-carried-out',
  'general.gross-negligence',
  'general.consumer-loss',
];

test('the limits name the criterion that each of them weakens', () => {
  const wide = changed(base.plan, {
    set: { '/limits': { outage: 'PT5H', damage: 100_000_000, records: 10_000, personalCredit: 1 } satisfies Json },
  });
  const found = checkPlan(wide).findings.filter(({ rule, unknown }) => rule === 'limits.beyond-policy' && !unknown);
  expect(found.map(({ path, criterion }) => `${path} ${criterion}`)).toEqual([
    '/limits/outage minor.outage',
    '/limits/damage minor.damage',
    '/limits/records minor.leak',
    '/limits/personalCredit minor.leak',
  ]);
});

test.each(['stepMs/drain', 'rollbackMs/drain', 'detectMs', 'stopMs', 'verifyMs'])(
  'a rehearsed %s up to 2^53 - 1 ms is answered, beyond it refused: an allowance on top could overflow',
  (name) => {
    const { plan, context } = build({ note: '', want: [] });
    const at = `/rehearsals/0/${name}`;
    const withTime = (ms: number): unknown => checkPlan(plan, changed(context ?? {}, { set: { [at]: ms } }));
    expect(withTime(Number.MAX_SAFE_INTEGER)).toMatchObject({ schema: 'breakwater.readiness/1' });
    for (const ms of [2 ** 53, 1.2e308]) expect(() => withTime(ms)).toThrow(expect.objectContaining({ path: at }));
  },
);

test('what is no plan, or no context, is refused with its place', () => {
  expect(() => checkPlan(null)).toThrow(BreakwaterError);
  expect(() => checkPlan({ ...base.plan, colour: 'red' })).toThrow(
    expect.objectContaining({ code: 'plan.unknown-key', path: '/colour' }),
  );
  expect(() => checkPlan(base.plan, { now: 'yesterday' })).toThrow(expect.objectContaining({ path: '/now' }));
  expect(() => checkPlan(base.plan, { policy: { leadTime: 'P1M' } })).toThrow(
    expect.objectContaining({ path: '/policy/leadTime' }),
  );
  expect(() => checkPlan(base.plan, [])).toThrow(expect.objectContaining({ code: 'context.wrong-type', path: '' }));
});
