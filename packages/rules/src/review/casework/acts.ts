/** What may be done to a case, in which states, by whom: the only copy, for server, command line and console. */
import { type CaseAct, caseActNames, type caseKinds } from './event.ts';
import { type Case, type CaseState, sitting } from './fold.ts';

/**
 * `company`: whoever conducts cases for the institution. `party`: the applicant, which is the company unless an
 * individual applied. `member`: who sits on the committee and is not recused. `chair`: its chair.
 */
export type Side = 'company' | 'party' | 'member' | 'chair';

interface CaseActRule {
  readonly ko: string;
  readonly en: string;
  readonly in: readonly CaseState[];
  readonly by: Side;
  /** Kinds of case that have the act; left out: all. */
  readonly of?: readonly (typeof caseKinds)[number][];
}

const committee = ['application', 'ex-officio'] as const;
const running = ['draft', 'filed'] as const;

/** Every act on a case that is open. */
export const caseActs: Readonly<Record<Exclude<CaseAct, 'opened'>, CaseActRule>> = {
  'window-set': { ko: '신청 기간 기록', en: 'record a window', in: running, by: 'company' },
  filed: { ko: '제출', en: 'file', in: ['draft'], by: 'party', of: ['application', 'prior-inquiry'] },
  'member-seated': { ko: '심의위원 등록', en: 'seat a member', in: running, by: 'company', of: committee },
  recused: { ko: '회피·기피', en: 'recuse a member', in: running, by: 'member', of: committee },
  'version-sealed': { ko: '소명자료 봉인', en: 'seal a version', in: ['draft', 'filed', 'voted'], by: 'company' },
  'question-asked': { ko: '질의', en: 'ask a question', in: ['filed'], by: 'member', of: committee },
  'question-answered': { ko: '답변', en: 'answer a question', in: ['filed'], by: 'party', of: committee },
  'position-stated': { ko: '신청인 의견', en: 'state a reading', in: running, by: 'party' },
  'ballot-cast': { ko: '의견 제출', en: 'cast a ballot', in: ['filed'], by: 'member', of: committee },
  'ballots-opened': { ko: '의견 공개', en: 'open the ballots', in: ['filed'], by: 'chair', of: committee },
  'result-told': {
    ko: '심의 결과 기록',
    en: 'record the result',
    in: ['filed', 'voted'],
    by: 'company',
    of: committee,
  },
  'reply-told': { ko: '회신 기록', en: 'record the reply', in: ['filed'], by: 'company', of: ['prior-inquiry'] },
  withdrawn: { ko: '철회', en: 'withdraw', in: running, by: 'party', of: ['application', 'prior-inquiry'] },
};

/** Why something is not done to a case, with its numbers. */
export type CaseRefusal =
  | {
      readonly reason: 'case-state';
      readonly act: CaseAct;
      readonly state: CaseState;
      readonly permitted: readonly CaseState[];
    }
  | { readonly reason: 'case-kind'; readonly act: CaseAct; readonly kind: string }
  | { readonly reason: 'case-not-party'; readonly act: CaseAct; readonly needed: Side }
  | { readonly reason: 'case-recused'; readonly person: string }
  | { readonly reason: 'case-seated-already'; readonly person: string }
  | { readonly reason: 'case-chair-taken'; readonly person: string }
  | { readonly reason: 'case-applicant-sits'; readonly person: string }
  | { readonly reason: 'case-no-version' }
  | { readonly reason: 'case-question-unknown'; readonly question: number; readonly asked: number }
  | {
      readonly reason: 'case-records-outside';
      readonly records: readonly number[];
      readonly first: number;
      readonly end: number;
    }
  | { readonly reason: 'case-ballots-missing'; readonly persons: readonly string[] };

/** Who acts. `person` null: a machine. `conducts`: may conduct cases for the company. */
export interface CaseActor {
  readonly person: string | null;
  readonly conducts: boolean;
}

/** Why the actor may not do the act to the case as it stands; null: they may. What the act says is judged by `judgeBody`. */
export function judgeAct(one: Case, act: Exclude<CaseAct, 'opened'>, actor: CaseActor): CaseRefusal | null {
  const rule = caseActs[act];
  if (rule.of?.includes(one.kind) === false) return { reason: 'case-kind', act, kind: one.kind };
  const recused = one.members.find(({ person, recused: out }) => person === actor.person && out !== null);
  if (recused !== undefined && !isOf(one, 'company', actor)) return { reason: 'case-recused', person: recused.person };
  if (!isOf(one, rule.by, actor)) return { reason: 'case-not-party', act, needed: rule.by };
  return rule.in.includes(one.state) ? null : { reason: 'case-state', act, state: one.state, permitted: rule.in };
}

function isOf(one: Case, side: Side, { person, conducts }: CaseActor): boolean {
  const seat = sitting(one).find((member) => member.person === person)?.seat;
  switch (side) {
    case 'company':
      return conducts;
    case 'party':
      // An applicant who left the company has no account: whoever conducts cases acts on their written word.
      return one.applicant.person === null || one.applicant.left ? conducts : person === one.applicant.person;
    case 'member':
      return seat !== undefined;
    case 'chair':
      return seat === 'chair';
  }
}

/** The acts that the actor may do now: what buttons are drawn from. */
export function actsFor(one: Case, actor: CaseActor): CaseAct[] {
  return caseActNames.filter((act) => act !== 'opened' && judgeAct(one, act, actor) === null);
}

/** What an act says, as far as the case itself can refuse it. */
export type CaseSaying =
  | { readonly act: 'filed' }
  | { readonly act: 'member-seated'; readonly person: string; readonly seat: string }
  | { readonly act: 'recused'; readonly person: string; readonly by: string | null }
  | { readonly act: 'question-answered'; readonly question: number; readonly records: readonly number[] }
  | { readonly act: 'ballots-opened'; readonly absent: readonly string[] };

/** Why what is said does not fit the case; null: it fits. */
export function judgeSaying(one: Case, saying: CaseSaying): CaseRefusal | null {
  switch (saying.act) {
    case 'filed':
      // A case about a run rests on a dossier; an inquiry is asked before there is one.
      return one.run !== null && one.versions.length === 0 ? { reason: 'case-no-version' } : null;
    case 'member-seated':
      return seating(one, saying);
    case 'recused':
      return recusal(one, saying);
    case 'question-answered':
      return answering(one, saying);
    case 'ballots-opened': {
      const cast = new Set([...one.ballots.map(({ by }) => by), ...saying.absent]);
      const persons = sitting(one).flatMap(({ person }) => (cast.has(person) ? [] : [person]));
      return persons.length > 0 ? { reason: 'case-ballots-missing', persons } : null;
    }
  }
}

function seating(one: Case, { person, seat }: { person: string; seat: string }): CaseRefusal | null {
  if (person === one.applicant.person) return { reason: 'case-applicant-sits', person };
  if (one.members.some((member) => member.person === person)) return { reason: 'case-seated-already', person };
  const chair = sitting(one).find((member) => member.seat === 'chair');
  return seat === 'chair' && chair !== undefined ? { reason: 'case-chair-taken', person: chair.person } : null;
}

/** A member recuses themselves; another one is recused by the chair. */
function recusal(one: Case, { person, by }: { person: string; by: string | null }): CaseRefusal | null {
  const isChair = sitting(one).some((member) => member.person === by && member.seat === 'chair');
  if (person !== by && !isChair) return { reason: 'case-not-party', act: 'recused', needed: 'chair' };
  const sits = sitting(one).some((member) => member.person === person);
  return sits ? null : { reason: 'case-not-party', act: 'recused', needed: 'member' };
}

/** An answer cites records of the newest sealed version alone: what a member cannot open proves nothing to them. */
function answering(
  one: Case,
  { question, records }: { question: number; records: readonly number[] },
): CaseRefusal | null {
  if (question > one.questions.length) {
    return { reason: 'case-question-unknown', question, asked: one.questions.length };
  }
  const version = one.versions.at(-1);
  if (records.length === 0) return null;
  if (version === undefined) return { reason: 'case-no-version' };
  const { first, end } = version;
  const outside = records.filter((index) => index < first || index >= end);
  return outside.length > 0 ? { reason: 'case-records-outside', records: outside, first, end } : null;
}
