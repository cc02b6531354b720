/**
 * The section on gross negligence. The rule of 2020 presumes that there is neither intent nor gross negligence where no
 * private interest was pursued and no serious procedure was left out (barunlaw.com/barunnews/B/38153, on the FSC notice
 * 2020-12; the article was not read). So both halves stand here with what the records show for and against them.
 */
import type { EvidenceRecord } from '#evidence/record';
import { noticeDelivered, noticePublished } from '#notice/record';
import { planDecided, planRehearsed } from '#plan/record';
import { runGated } from '#runner/record';
import { type AdverseFact, type AdverseKind, adverseFacts } from './adverse.ts';
import { cited, rehearsalRuns } from './live.ts';
import { faultDeclared } from './record.ts';

export interface NegligenceSection {
  /** `stands`: both halves are stated to be absent. `contested`: a half is stated to be present. `open`: not stated. */
  readonly presumption: 'stands' | 'contested' | 'open';
  readonly statements: readonly {
    readonly index: number;
    readonly subject: string;
    readonly intent: boolean | null;
    readonly grossNegligence: boolean | null;
    readonly privateInterest: boolean | null;
    readonly proceduralDefect: boolean | null;
    readonly by: string;
    readonly at: string;
  }[];
  /** What was done as the procedure asks, each with the records that show it. */
  readonly procedure: readonly {
    readonly step: 'approved' | 'rehearsed' | 'gate-ready' | 'announced';
    readonly records: readonly number[];
  }[];
  /** What the records show against it. A lever that was pulled is no fault and never stands here. */
  readonly against: readonly AdverseFact[];
}

/** Adverse facts that tell of a procedure that was left out. What a tool, a network or a clock did is not among them. */
export const proceduralKinds: readonly AdverseKind[] = [
  'override',
  'unrehearsed-step',
  'failed-rehearsal',
  'author-approval',
];

/** The section of a run's records; `start`: of the work, RFC 3339. */
export function negligenceOf(records: readonly EvidenceRecord[], start: string): NegligenceSection {
  const newest = new Map(cited(records, faultDeclared).map((row) => [row.payload.subject, row]));
  const statements = [...newest.values()].map(({ index, payload }) => {
    const { subject, intent, grossNegligence, privateInterest, proceduralDefect, by, at } = payload;
    return { index, subject, intent, grossNegligence, privateInterest, proceduralDefect, by, at };
  });
  const rehearsals = rehearsalRuns(records);
  const numbers = (rows: readonly { index: number }[]): number[] => rows.map(({ index }) => index);
  const announced = [...cited(records, noticePublished), ...cited(records, noticeDelivered)].filter(
    ({ payload }) => Date.parse(payload.at) < Date.parse(start),
  );
  return {
    presumption: presumptionOf(statements),
    statements,
    procedure: [
      {
        step: 'approved',
        records: numbers(
          cited(records, planDecided).filter(({ payload }) => payload.decision === 'approve' && !payload.author),
        ),
      },
      { step: 'rehearsed', records: numbers(cited(records, planRehearsed).filter(({ payload }) => payload.passed)) },
      {
        step: 'gate-ready',
        records: numbers(
          cited(records, runGated).filter(
            ({ payload }) => payload.ready && payload.overrides.length === 0 && !rehearsals.has(payload.run),
          ),
        ),
      },
      {
        step: 'announced',
        records: numbers(announced),
      },
    ],
    against: adverseFacts(records).filter(({ kind }) => proceduralKinds.includes(kind)),
  };
}

function presumptionOf(
  statements: readonly { readonly privateInterest: boolean | null; readonly proceduralDefect: boolean | null }[],
): NegligenceSection['presumption'] {
  const said = statements.flatMap(({ privateInterest, proceduralDefect }) => [privateInterest, proceduralDefect]);
  if (said.includes(true)) return 'contested';
  return said.length === 0 || said.includes(null) ? 'open' : 'stands';
}
