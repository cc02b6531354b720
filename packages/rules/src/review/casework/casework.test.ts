import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CaseAct,
  type CaseBody,
  type CaseEvent,
  actsFor,
  caseActNames,
  caseActs,
  caseBodies,
  caseDigest,
  caseLetter,
  caseStates,
  caseViewSchema,
  disclosureLevels,
  foldCase,
  judgeAct,
  judgeSaying,
  opinions,
  viewOf,
} from './index.ts';
import { isLate, windowClocks } from './window.ts';

const at = (minute: number): string => new Date(Date.parse('2026-12-01T00:00:00Z') + minute * 60_000).toISOString();
const now = Date.parse('2026-12-02T00:00:00Z');

type Step = { [A in CaseAct]: readonly [A, CaseBody<A>, string] }[CaseAct];
const eventsOf = (steps: readonly Step[]): CaseEvent[] =>
  steps.map(([act, body, by], i) => ({ seq: i + 1, act, body, by, at: at(i) }) as CaseEvent);
const caseOf = (...steps: readonly Step[]) => foldCase(eventsOf(steps));

const opened = (more: Partial<CaseBody<'opened'>> = {}): Step => [
  'opened',
  {
    kind: 'application',
    authority: 'FSS',
    applicant: { person: null, left: false },
    run: 'r-1',
    plan: 'plan-1',
    title: 'p-17의 작업',
    ...more,
  },
  'p-07',
];
const sealed: Step = [
  'version-sealed',
  {
    manifest: `sha256:${'1'.repeat(64)}`,
    assessment: `sha256:${'2'.repeat(64)}`,
    first: 10,
    end: 20,
    caseDigest: `sha256:${'3'.repeat(64)}`,
    changed: null,
  },
  'p-07',
];
const filed: Step = ['filed', { filedAt: at(30), window: 'opinion', reference: 'FSS-1' }, 'p-07'];
const seat = (person: string, as: 'chair' | 'member' = 'member'): Step => [
  'member-seated',
  { person, seat: as },
  'p-07',
];
const ballot = (by: string, opinion: (typeof opinions)[number]): Step => [
  'ballot-cast',
  { opinion, reasons: `${by}의 이유, p-170은 다른 사람`, nonce: '0'.repeat(64) },
  by,
];
const company = { person: 'p-07', conducts: true };
const member = (person: string) => ({ person, conducts: false });

describe('who may do what to a case', () => {
  test('every act in every state: only those of the table, and by its side alone', () => {
    const draft = [opened(), sealed, seat('m-1', 'chair'), seat('m-2')] as const;
    const states = {
      draft,
      filed: [...draft, filed],
      voted: [...draft, filed, ['ballots-opened', { absent: ['m-1', 'm-2'] }, 'm-1']],
      told: [
        ...draft,
        filed,
        ['result-told', { result: 'accords', toldAt: at(60), reference: 'R', text: '.', document: null }, 'p-07'],
      ],
      withdrawn: [...draft, ['withdrawn', { reason: '.' }, 'p-07']],
    } as const satisfies Record<string, readonly Step[]>;
    const by = { company, party: company, member: member('m-2'), chair: member('m-1') } as const;
    for (const state of caseStates) {
      const one = caseOf(...states[state]);
      expect(one.state).toBe(state);
      for (const act of caseActNames.filter((name) => name !== 'opened')) {
        const rule = caseActs[act];
        const want =
          rule.of?.includes('application') === false ? 'case-kind' : rule.in.includes(state) ? undefined : 'case-state';
        expect(judgeAct(one, act, by[rule.by])?.reason, `${act} while ${state}`).toBe(want);
        if (rule.of?.includes('application') === false) continue;
        expect(judgeAct(one, act, member('p-99'))).toEqual({ reason: 'case-not-party', act, needed: rule.by });
      }
    }
  });

  test('an individual answers for themselves, and the company for one who left', () => {
    const own = caseOf(opened({ applicant: { person: 'p-17', left: false } }), sealed);
    expect(judgeAct(own, 'filed', member('p-17'))).toBeNull();
    expect(judgeAct(own, 'filed', company)?.reason).toBe('case-not-party');
    const left = caseOf(opened({ applicant: { person: 'p-17', left: true } }), sealed);
    expect(judgeAct(left, 'filed', company)).toBeNull();
    expect(judgeSaying(own, { act: 'member-seated', person: 'p-17', seat: 'member' })).toEqual({
      reason: 'case-applicant-sits',
      person: 'p-17',
    });
  });

  test('who is recused takes no further part, and their ballot counts no more', () => {
    const one = caseOf(opened(), sealed, filed, seat('m-1', 'chair'), seat('m-2'), ballot('m-2', 'accords'), [
      'recused',
      { person: 'm-2', reason: '이해관계' },
      'm-1',
    ]);
    expect(one.ballots).toEqual([]);
    expect(judgeAct(one, 'ballot-cast', member('m-2'))).toEqual({ reason: 'case-recused', person: 'm-2' });
    expect(actsFor(one, member('m-2'))).toEqual([]);
    expect(judgeSaying(one, { act: 'recused', person: 'm-1', by: 'm-1' })).toBeNull();
    expect(
      judgeSaying(caseOf(opened(), seat('m-1'), seat('m-2')), { act: 'recused', person: 'm-2', by: 'm-1' }),
    ).toEqual({
      reason: 'case-not-party',
      act: 'recused',
      needed: 'chair',
    });
  });

  test('what an act says must fit the case', () => {
    const one = caseOf(opened(), sealed, filed, seat('m-1', 'chair'), [
      'question-asked',
      { text: '?', level: 'member' },
      'm-1',
    ]);
    const answer = (question: number, records: number[]) =>
      judgeSaying(one, { act: 'question-answered', question, records });
    expect(answer(1, [10, 19])).toBeNull();
    expect(answer(1, [9, 12, 20])).toEqual({ reason: 'case-records-outside', records: [9, 20], first: 10, end: 20 });
    expect(answer(2, [])).toEqual({ reason: 'case-question-unknown', question: 2, asked: 1 });
    expect(judgeSaying(caseOf(opened()), { act: 'filed' })).toEqual({ reason: 'case-no-version' });
    expect(judgeSaying(caseOf(opened({ kind: 'prior-inquiry', run: null })), { act: 'filed' })).toBeNull();
    expect(judgeSaying(one, { act: 'ballots-opened', absent: [] })).toEqual({
      reason: 'case-ballots-missing',
      persons: ['m-1'],
    });
    expect(judgeSaying(one, { act: 'member-seated', person: 'm-9', seat: 'chair' })).toEqual({
      reason: 'case-chair-taken',
      person: 'm-1',
    });
  });
});

describe('the clocks of a case', () => {
  const windows = (until: string | null, ...more: readonly Step[]) =>
    caseOf(opened(), ['window-set', { window: 'inspection', from: at(0), until, source: 'FSS-1' }, 'p-07'], ...more);

  test.each([
    ['before it', at(10), at(-1), 'ahead'],
    ['at its begin', at(10), at(0), 'open'],
    ['at its end', at(10), at(10), 'open'],
    ['a minute past', at(10), at(11), 'over'],
    ['without a known end', null, at(99_999), 'open'],
  ])('%s', (_, until, when, state) => {
    expect(windowClocks(windows(until), Date.parse(when))).toMatchObject([{ state, until }]);
  });

  test('the inspection’s window ends at the latest when the advance notice begins the next', () => {
    const one = windows(null, [
      'window-set',
      { window: 'opinion', from: at(20), until: at(40), source: 'FSS-2' },
      'p-07',
    ]);
    expect(windowClocks(one, Date.parse(at(30)))).toMatchObject([
      { window: 'inspection', state: 'over', until: at(20) },
      { window: 'opinion', state: 'open', remainingMs: 600_000 },
    ]);
  });

  test.each([
    [at(40), false],
    [at(41), true],
    [at(19), true],
  ])('a filing at %s is late: %s', (filedAt, late) => {
    const one = windows(
      null,
      ['window-set', { window: 'opinion', from: at(20), until: at(40), source: 'FSS-2' }, 'p-07'],
      ['filed', { filedAt, window: 'opinion', reference: 'x' }, 'p-07'],
    );
    expect(isLate(one)).toBe(late);
  });

  test('whether a filing is late is not known while the end is not', () => {
    expect(
      isLate(windows(null, ['filed', { filedAt: at(5), window: 'inspection', reference: 'x' }, 'p-07'])),
    ).toBeNull();
    expect(isLate(caseOf(opened(), filed))).toBeNull();
  });
});

describe('what is shown of a case', () => {
  const voting = [opened(), sealed, filed, seat('m-1', 'chair'), seat('m-2'), seat('m-3')] as const;
  const voted = [
    ...voting,
    ballot('m-1', 'accords'),
    ballot('m-2', 'accords'),
    ballot('m-3', 'does-not-accord'),
  ] as const;

  test('nobody sees another’s ballot, nor how many are for what, before the chair opens them', () => {
    const { vote } = viewOf(caseOf(...voted), 'member', 'm-3', now);
    expect(vote).toMatchObject({ cast: 3, sitting: 3, tally: null, majority: null });
    expect(vote?.ballots.map(({ person }) => person)).toEqual(['m-3']);
    expect(viewOf(caseOf(...voted), 'member', null, now).vote?.ballots).toEqual([]);
  });

  test('after it, minority opinions stand marked beside the others', () => {
    const one = caseOf(...voted, ['ballots-opened', { absent: [] }, 'm-1']);
    const { vote } = viewOf(one, 'member', 'm-2', now);
    expect(vote).toMatchObject({ majority: 'accords', tally: { accords: 2, 'does-not-accord': 1 } });
    expect(vote?.ballots.filter(({ minority }) => minority).map(({ person }) => person)).toEqual(['m-3']);
    expect(viewOf(one, 'public', null, now).vote?.ballots).toEqual([]);
  });

  test('a redacted view names nobody, and tells the same person apart from others all along', () => {
    const one = caseOf(
      ...voted,
      ['ballots-opened', { absent: [] }, 'm-1'],
      ['position-stated', { topic: 'Q2', reading: 'union', text: 'p-17 아닌 m-1과 m-10', level: 'redacted' }, 'p-07'],
    );
    const view = viewOf(one, 'redacted', 'm-1', now);
    expect(JSON.stringify(view)).not.toMatch(/"[mp]-\d+"/);
    expect(view.positions[0]?.text).toBe('p-17 아닌 person-2과 m-10');
    expect(view.vote?.ballots.map(({ person }) => person)).toEqual(['person-2', 'person-3', 'person-4']);
    expect(view.vote?.ballots.every(({ reasons }) => reasons === null)).toBe(true);
  });

  test('every view has its shape, and a lower level never shows what a higher one does not', () => {
    const anyBody = <A extends CaseAct>(act: A): fc.Arbitrary<CaseBody<A>> => bodies[act] as never;
    const person = fc.constantFrom('m-1', 'm-2', 'm-3', 'p-17');
    const level = fc.constantFrom(...disclosureLevels);
    const text = fc.string({ minLength: 3, maxLength: 12 }).map((said) => `secret ${said.trim()}`);
    const bodies: Partial<Record<CaseAct, fc.Arbitrary<unknown>>> = {
      'member-seated': fc.record({ person, seat: fc.constantFrom('chair', 'member') }),
      recused: fc.record({ person, reason: text }),
      'question-asked': fc.record({ text, level }),
      'question-answered': fc.record({ question: fc.constantFrom(1, 2), text, records: fc.constant([3]), level }),
      'position-stated': fc.record({ topic: fc.constantFrom('Q1', 'Q2'), reading: fc.constant(null), text, level }),
      'ballot-cast': fc.record({
        opinion: fc.constantFrom(...opinions),
        reasons: text,
        nonce: fc.constant('0'.repeat(64)),
      }),
      'ballots-opened': fc.constant({ absent: [] }),
    };
    const step = fc
      .constantFrom(...(Object.keys(bodies) as CaseAct[]))
      .chain((act) => fc.tuple(fc.constant(act), anyBody(act), person));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const one = caseOf(opened({ applicant: { person: 'p-17', left: false } }), ...(steps as unknown as Step[]));
        const [open, redacted, all] = disclosureLevels.map((each) => viewOf(one, each, 'm-1', now));
        for (const view of [open, redacted, all]) expect(caseViewSchema.parse(view)).toEqual(view);
        const texts = (view: unknown): number => JSON.stringify(view).split('secret').length;
        expect(texts(open)).toBeLessThanOrEqual(texts(redacted));
        expect(texts(redacted)).toBeLessThanOrEqual(texts(all));
        expect(JSON.stringify([open, redacted])).not.toMatch(/"(?:m-[123]|p-17|p-07)"/);
      }),
    );
  });
});

describe('what the log holds of a case', () => {
  test('changes with every event, and with the case', () => {
    const events = eventsOf([opened(), sealed, filed]);
    const digests = [1, 2, 3].map((n) => caseDigest('c-1', events.slice(0, n)));
    expect(new Set([...digests, caseDigest('c-2', events)]).size).toBe(4);
  });

  test('is read from bodies of their shape alone', () => {
    expect(
      caseBodies['position-stated'].safeParse({ topic: 'Q0', reading: null, text: '.', level: 'member' }).success,
    ).toBe(false);
    expect(() => foldCase(eventsOf([filed]))).toThrowError(expect.objectContaining({ code: 'case.not-a-case' }));
  });
});

describe('letters', () => {
  test('the notice of a result says that it does not bind, counts opinions and prints the minority’s', () => {
    const one = caseOf(
      opened(),
      sealed,
      filed,
      seat('m-1', 'chair'),
      seat('m-2'),
      seat('m-3'),
      ballot('m-1', 'accords'),
      ballot('m-2', 'accords'),
      ballot('m-3', 'cannot-tell'),
      ['ballots-opened', { absent: [] }, 'm-1'],
      ['result-told', { result: 'accords', toldAt: at(60), reference: 'FSS-9', text: '본문', document: null }, 'p-07'],
    );
    const { ko, en } = caseLetter(one, 'hanbit-bank', null, now);
    expect(ko).toContain('구속력이 없습니다');
    expect(ko).toContain('소수의견');
    expect(en).toContain('is not binding');
    expect(`${ko}${en}`).not.toMatch(/면책됨|면책 대상|exempt/);
  });

  test('an inquiry asks about the plan before the work, and its reply stands in it once it came', () => {
    const work = {
      title: { ko: '패치', en: 'Patch' },
      kind: 'emergency-patch',
      activity: 'os-patch',
      window: { start: at(0), end: at(60) },
      services: ['transfer'],
      advisories: ['FSI-2026-0142'],
      fixes: [],
    };
    const inquiry = opened({ kind: 'prior-inquiry', authority: 'FSI', run: null });
    const asked = caseLetter(caseOf(inquiry), 'hanbit-bank', work, now);
    expect(asked.ko).toContain('FSI-2026-0142');
    expect(asked.ko).not.toContain('회신(');
    const told = caseOf(
      inquiry,
      ['filed', { filedAt: at(1), window: null, reference: 'I-1' }, 'p-07'],
      ['reply-told', { reply: 'conditional', toldAt: at(9), reference: 'FSI-7', text: '조건', document: null }, 'p-07'],
    );
    expect(told.state).toBe('told');
    expect(caseLetter(told, 'hanbit-bank', work, now).ko).toContain('조건을 붙인 회신');
  });
});
