/** A case as its events add up to it. */
import { canonicalJson, digestOf } from '#evidence';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { BreakwaterError } from '../../error.ts';
import type { CaseAct, CaseBody, CaseEvent, CaseWindow } from './event.ts';

export const caseStates = ['draft', 'filed', 'voted', 'told', 'withdrawn'] as const;
/** `voted`: the ballots are open. `told`: the result, or the reply, is known. */
export type CaseState = (typeof caseStates)[number];

type Kept<A extends CaseAct> = CaseBody<A> & { readonly by: string; readonly at: string };

export interface Question extends Kept<'question-asked'> {
  readonly number: number;
  readonly answers: readonly Kept<'question-answered'>[];
}

export interface Seated extends Kept<'member-seated'> {
  readonly recused: Kept<'recused'> | null;
}

/** A whole case, as nobody but the company's own store sees it: what may be shown is made by `viewOf`. */
export interface Case extends CaseBody<'opened'> {
  readonly state: CaseState;
  readonly openedAt: string;
  readonly openedBy: string;
  readonly windows: Readonly<Partial<Record<CaseWindow, Kept<'window-set'>>>>;
  readonly filing: Kept<'filed'> | null;
  readonly members: readonly Seated[];
  readonly versions: readonly Kept<'version-sealed'>[];
  readonly questions: readonly Question[];
  /** The newest of each topic. */
  readonly positions: readonly Kept<'position-stated'>[];
  /** The newest of each member. */
  readonly ballots: readonly Kept<'ballot-cast'>[];
  readonly opening: Kept<'ballots-opened'> | null;
  readonly result: Kept<'result-told'> | null;
  readonly reply: Kept<'reply-told'> | null;
  readonly withdrawal: Kept<'withdrawn'> | null;
  /** Number of the newest event. */
  readonly seq: number;
}

/** Folds the events of one case, oldest first. Throws BreakwaterError `case.not-a-case` when the first does not open one. */
export function foldCase(events: readonly CaseEvent[]): Case {
  const [first, ...rest] = events;
  if (first?.act !== 'opened') throw new BreakwaterError('case.not-a-case', 'the first event of a case opens it');
  const opened: Case = {
    ...first.body,
    state: first.body.kind === 'ex-officio' ? 'filed' : 'draft',
    openedAt: first.at,
    openedBy: first.by,
    windows: {},
    filing: null,
    members: [],
    versions: [],
    questions: [],
    positions: [],
    ballots: [],
    opening: null,
    result: null,
    reply: null,
    withdrawal: null,
    seq: first.seq,
  };
  return rest.reduce((one, event) => ({ ...one, ...after(one, event), seq: event.seq }), opened);
}

function after(one: Case, { act, body, by, at }: CaseEvent): Partial<Case> {
  const kept = { ...body, by, at };
  switch (act) {
    case 'opened':
      return {};
    case 'window-set':
      return { windows: { ...one.windows, [body.window]: kept as Kept<'window-set'> } };
    case 'filed':
      return { state: 'filed', filing: kept as Kept<'filed'> };
    case 'member-seated':
      return { members: [...one.members, { ...(kept as Kept<'member-seated'>), recused: null }] };
    case 'recused':
      return {
        members: one.members.map((member) =>
          member.person === body.person ? { ...member, recused: kept as Kept<'recused'> } : member,
        ),
        ballots: one.ballots.filter((ballot) => ballot.by !== body.person),
      };
    case 'version-sealed':
      return { versions: [...one.versions, kept as Kept<'version-sealed'>] };
    case 'question-asked':
      return {
        questions: [
          ...one.questions,
          { ...(kept as Kept<'question-asked'>), number: one.questions.length + 1, answers: [] },
        ],
      };
    case 'question-answered':
      return {
        questions: one.questions.map((question) =>
          question.number === body.question
            ? { ...question, answers: [...question.answers, kept as Kept<'question-answered'>] }
            : question,
        ),
      };
    case 'position-stated':
      return {
        positions: [...one.positions.filter(({ topic }) => topic !== body.topic), kept as Kept<'position-stated'>],
      };
    case 'ballot-cast':
      return { ballots: [...one.ballots.filter((ballot) => ballot.by !== by), kept as Kept<'ballot-cast'>] };
    case 'ballots-opened':
      return { state: 'voted', opening: kept as Kept<'ballots-opened'> };
    case 'result-told':
      return { state: 'told', result: kept as Kept<'result-told'> };
    case 'reply-told':
      return { state: 'told', reply: kept as Kept<'reply-told'> };
    case 'withdrawn':
      return { state: 'withdrawn', withdrawal: kept as Kept<'withdrawn'> };
  }
}

/** Members who take part: those who were seated and are not recused. */
export function sitting({ members }: Pick<Case, 'members'>): Seated[] {
  return members.filter(({ recused }) => recused === null);
}

/** What the log holds of an event: `sha256:` over its RFC 8785 form, the number of its case with it. */
export function caseEventDigest(id: string, event: CaseEvent): string {
  return digestOf(utf8ToBytes(canonicalJson({ case: id, ...event })));
}

/** Over all events of a case up to now: what a sealed version was made of. */
export function caseDigest(id: string, events: readonly CaseEvent[]): string {
  return digestOf(utf8ToBytes(events.map((event) => `${caseEventDigest(id, event)}\n`).join('')));
}
