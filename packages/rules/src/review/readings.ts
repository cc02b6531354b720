/**
 * The questions that a policy pack leaves to the authority, each with the numbers under every reading and with the
 * applicant's own reading beside them. The stricter reading decides the margin that an assessment shows; all are printed.
 */
import { type Assessment, type Finding, type PolicyPack, standing } from '#criteria';
import type { Words } from './say.ts';

export interface Reading {
  readonly criterion: string;
  readonly name: string;
  readonly value: { readonly low: number; readonly high: number | null };
  readonly unit: string | null;
  readonly bound: { readonly operator: string; readonly value: number } | null;
  /** Where the value stands to the bound; null: the criterion has none. */
  readonly standing: 'inside' | 'beyond' | 'straddling' | null;
}

export interface OpenQuestion extends Words {
  readonly id: string;
  /** Whether the answer could change a finding of this assessment. */
  readonly raised: boolean;
  /** Criteria that ask it. */
  readonly criteria: readonly string[];
  /** Empty: the question is not about a number. */
  readonly readings: readonly Reading[];
  /** Rules by which findings depend on the answer, as they stand here. */
  readonly grounds: readonly { readonly criterion: string; readonly rule: string; readonly status: string }[];
}

/** Every question of the pack, in its order. */
export function openQuestions(pack: PolicyPack, assessment: Assessment): OpenQuestion[] {
  const judgedBy = new Set(Object.values(assessment.parameters));
  const raised = new Set(assessment.questions.map(({ id }) => id));
  return pack.questions.map(({ id, ko, en }) => {
    const asking = pack.criteria.filter(({ asks }) => Object.values(asks).includes(id));
    const findings = asking.flatMap((criterion) => {
      const finding = assessment.findings.find((one) => one.criterion === criterion.id);
      return finding === undefined ? [] : [{ criterion, finding }];
    });
    return {
      id,
      ko,
      en,
      raised: raised.has(id),
      criteria: asking.map((criterion) => criterion.id),
      readings: findings.flatMap(({ criterion, finding }) =>
        readingsOf(finding, asked(criterion.asks, id, 'reading:'), judgedBy),
      ),
      grounds: findings.flatMap(({ criterion, finding }) =>
        finding.grounds
          .filter(({ rule }) => criterion.asks[rule] === id)
          .map(({ rule, status }) => ({ criterion: criterion.id, rule, status })),
      ),
    };
  });
}

function asked(asks: Readonly<Record<string, string>>, id: string, prefix: string): string[] {
  return Object.entries(asks).flatMap(([rule, question]) =>
    question === id && rule.startsWith(prefix) ? [rule.slice(prefix.length)] : [],
  );
}

/** The reading that is judged by stands first, then those that the question is about. */
function readingsOf(
  { criterion, readings, bound, value }: Finding,
  names: readonly string[],
  judgedBy: ReadonlySet<unknown>,
): Reading[] {
  if (names.length === 0) return [];
  const base = Object.keys(readings).find((name) => judgedBy.has(name));
  const unit = bound?.unit ?? (value !== null && 'unit' in value ? value.unit : null);
  return [...new Set([...(base === undefined ? [] : [base]), ...names])].flatMap((name) => {
    const given = readings[name];
    if (given === undefined) return [];
    const range = typeof given === 'number' ? { low: given, high: given } : given;
    return [
      {
        criterion,
        name,
        value: range,
        unit,
        bound: bound === null ? null : { operator: bound.operator, value: bound.value },
        standing: bound === null ? null : standing(range, bound.operator, bound.value),
      },
    ];
  });
}
