/** What a copy for an individual says: their own acts, and what is found or stated about their own fault. */
import type { EvidenceRecord } from '#evidence/record';
import { type AdverseFact, adverseFacts } from '../adverse.ts';
import { cited } from '../live.ts';
import { faultDeclared } from '../record.ts';
import { type TimelineRow, timelineOf } from '../timeline.ts';
import { namedIn } from './persons.ts';

export interface PersonalFindings {
  /** Everything that they did, or that names them. */
  readonly acts: readonly TimelineRow[];
  /** What was stated about their own fault; null = not stated. */
  readonly statements: readonly {
    readonly index: number;
    readonly intent: boolean | null;
    readonly grossNegligence: boolean | null;
    readonly privateInterest: boolean | null;
    readonly proceduralDefect: boolean | null;
    readonly by: string;
    readonly at: string;
  }[];
  /** Adverse facts of which they are the person. A lever that was pulled is no fault: it is an act and never stands here. */
  readonly adverse: readonly AdverseFact[];
}

/** The findings about one person, from the records of their copy or of the whole run. */
export function personalFindings(records: readonly EvidenceRecord[], person: string): PersonalFindings {
  const own = records.filter((record) => 'leaf' in record && namedIn(record).has(person));
  return {
    acts: timelineOf(own),
    statements: cited(own, faultDeclared).flatMap(({ index, payload }) => {
      const { subject, intent, grossNegligence, privateInterest, proceduralDefect, by, at } = payload;
      return subject === person ? [{ index, intent, grossNegligence, privateInterest, proceduralDefect, by, at }] : [];
    }),
    adverse: adverseFacts(own).filter((fact) => isOf(fact, person)),
  };
}

function isOf(fact: AdverseFact, person: string): boolean {
  if (fact.kind === 'override') return fact.by === person;
  return fact.kind === 'author-approval' && fact.person === person;
}
