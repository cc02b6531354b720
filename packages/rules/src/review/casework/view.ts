/**
 * What of a case is shown to whom. Whoever looks gets a view of a level; nothing else leaves the server.
 *
 * `member`: everything but ballots that are still sealed. `redacted`: no person is told apart by name, and only texts of
 * that level or more open. `public`: that there is a case, its dates and its result, and texts that were written for all.
 */
import { type DisclosureLevel, type Opinion, disclosureLevels, opinions } from './event.ts';
import { type Case, sitting } from './fold.ts';
import { boundary } from '../edition/persons.ts';
import type { CaseView } from './view-shape.ts';
import { isLate, windowClocks } from './window.ts';

/** Said wherever a result stands. */
export const notBinding = {
  ko: '이 결과는 구속력이 없습니다. 제재심의위원회는 이를 존중하되 따르지 않을 수 있으며, 최종 조치는 감독당국이 정합니다.',
  en: 'This result is not binding: the sanctions committee respects it and may decide otherwise, and the authority decides on measures.',
} as const;

/** Said wherever the reply to an inquiry stands. */
export const inquiryNotBinding = {
  ko: '이 질의와 회신은 구속력이 없으며, 개별 사안에 대한 판단은 심의위원회가 합니다.',
  en: 'Neither inquiry nor reply is binding; the committee judges the single case.',
} as const;

/** The view of a case at a level, for `viewer` (a pseudonym; null: a machine), at `now` (epoch ms). */
export function viewOf(one: Case, level: DisclosureLevel, viewer: string | null, now: number): CaseView {
  const names = level === 'member' ? (person: string) => person : pseudonyms(one);
  const reaches = (needed: DisclosureLevel): boolean =>
    disclosureLevels.indexOf(needed) <= disclosureLevels.indexOf(level);
  const words = (text: string, needed: DisclosureLevel = 'member'): string | null =>
    reaches(needed) ? without(text, one, level === 'member' ? null : names) : null;
  const beyondPublic = level !== 'public';
  const { applicant } = one;
  return {
    level,
    kind: one.kind,
    authority: one.authority,
    state: one.state,
    title: words(one.title, 'redacted'),
    run: beyondPublic ? one.run : null,
    plan: beyondPublic ? one.plan : null,
    applicant: {
      individual: applicant.person !== null,
      person: applicant.person === null || !beyondPublic ? null : names(applicant.person),
      left: beyondPublic && applicant.left,
    },
    openedAt: one.openedAt,
    windows: beyondPublic ? windowClocks(one, now) : [],
    filing:
      one.filing === null
        ? null
        : {
            filedAt: one.filing.filedAt,
            window: one.filing.window,
            reference: beyondPublic ? one.filing.reference : null,
            late: beyondPublic ? isLate(one) : null,
          },
    members: beyondPublic
      ? one.members.map(({ person, seat, recused }) => ({
          person: names(person),
          seat,
          recused: recused === null ? null : { at: recused.at, reason: words(recused.reason) },
        }))
      : [],
    versions: one.versions.map(({ manifest, at, first, end, changed }, i) => ({
      number: i + 1,
      manifest,
      sealedAt: at,
      first,
      end,
      changed: beyondPublic ? changed : null,
    })),
    questions: one.questions
      .filter((question) => beyondPublic || reaches(question.level))
      .map(({ number, by, at, level: needed, text, answers }) => ({
        number,
        by: names(by),
        at,
        level: needed,
        text: words(text, needed),
        answers: answers.map((answer) => ({
          by: names(answer.by),
          at: answer.at,
          level: answer.level,
          text: words(answer.text, answer.level),
          records: reaches(answer.level) ? answer.records : [],
        })),
      })),
    positions: one.positions
      .filter((position) => beyondPublic || reaches(position.level))
      .map(({ topic, reading, text, level: needed, by, at }) => ({
        topic,
        reading,
        text: words(text, needed),
        level: needed,
        by: names(by),
        at,
      })),
    vote: one.kind === 'prior-inquiry' ? null : voteOf(one, { level, viewer, names, words }),
    result:
      one.result === null
        ? null
        : {
            result: one.result.result,
            toldAt: one.result.toldAt,
            reference: beyondPublic ? one.result.reference : null,
            text: words(one.result.text),
            binding: false,
            note: notBinding,
          },
    reply:
      one.reply === null
        ? null
        : {
            reply: one.reply.reply,
            toldAt: one.reply.toldAt,
            reference: beyondPublic ? one.reply.reference : null,
            text: words(one.reply.text),
            binding: false,
            note: inquiryNotBinding,
          },
    withdrawal: one.withdrawal === null ? null : { at: one.withdrawal.at, reason: words(one.withdrawal.reason) },
  };
}

type Names = (person: string) => string;

function voteOf(
  one: Case,
  how: { level: DisclosureLevel; viewer: string | null; names: Names; words: (text: string) => string | null },
): NonNullable<CaseView['vote']> {
  const { level, viewer, names, words } = how;
  const { opening, ballots } = one;
  const isOpen = opening !== null;
  const tally = Object.fromEntries(
    opinions.map((opinion) => [opinion, ballots.filter((ballot) => ballot.opinion === opinion).length]),
  ) as Record<Opinion, number>;
  const most = Math.max(...Object.values(tally));
  const leading = opinions.filter((opinion) => tally[opinion] === most);
  const majority = isOpen && most > 0 && leading.length === 1 ? (leading[0] ?? null) : null;
  const shown = level === 'public' ? [] : ballots.filter(({ by }) => isOpen || (by === viewer && level === 'member'));
  return {
    cast: ballots.length,
    sitting: sitting(one).length,
    openedAt: opening?.at ?? null,
    tally: isOpen ? tally : null,
    majority,
    ballots: shown.map(({ by, opinion, reasons }) => ({
      person: names(by),
      opinion,
      reasons: reasons === null ? null : words(reasons),
      minority: majority !== null && opinion !== majority,
    })),
  };
}

/** Everybody whom the case names, in the order in which it came to name them. */
function persons(one: Case): string[] {
  const { applicant, openedBy, members, questions, positions } = one;
  return [
    ...new Set([
      ...(applicant.person === null ? [] : [applicant.person]),
      openedBy,
      ...members.map(({ person }) => person),
      ...questions.flatMap(({ by, answers }) => [by, ...answers.map((answer) => answer.by)]),
      ...positions.map(({ by }) => by),
      ...one.ballots.map(({ by }) => by),
    ]),
  ];
}

/** Names of a redacted view: the same person has the same within a case, and it says nothing of them in another. */
function pseudonyms(one: Case): Names {
  const known = persons(one);
  return (person) => `person-${known.indexOf(person) + 1}`;
}

/** The text with every person whom the case names replaced, where a name stands for itself. */
function without(text: string, one: Case, names: Names | null): string {
  if (names === null) return text;
  return persons(one)
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, person) => left.replaceAll(boundary(person), names(person)), text);
}
