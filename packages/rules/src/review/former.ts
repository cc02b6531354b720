/** What changed since the dossier before: the earlier assessment made again from the earlier records, beside the new one. */
import { type Assessment, type Facts, type PolicyPack, assess, factsFromRecords, packDigest } from '#criteria';
import { assessed } from '#criteria/record';
import type { EvidenceRecord } from '#evidence/record';
import { dossierSealed } from './record.ts';
import { cited } from './live.ts';

type Finding = Assessment['findings'][number];
type Duty = Assessment['duties'][number];

export type AssessmentChange =
  | { readonly kind: 'finding'; readonly id: string; readonly before: Finding | null; readonly after: Finding | null }
  | { readonly kind: 'duty'; readonly id: string; readonly before: Duty | null; readonly after: Duty | null }
  | {
      readonly kind: 'carve-out';
      readonly id: 'personalCredit';
      readonly before: Assessment['carveOut']['personalCredit'];
      readonly after: Assessment['carveOut']['personalCredit'];
    };

/** An assessment with the facts that it was made of. */
export type Judged = { readonly facts: Facts; readonly assessment: Assessment };

/** What of two assessments differs in what it finds, and which parts of the facts do. */
export function changesBetween(
  before: Judged,
  after: Judged,
): { readonly changes: AssessmentChange[]; readonly facts: (keyof Facts)[] } {
  const ids = (of: readonly { id: string }[], and: readonly { id: string }[]): string[] => [
    ...new Set([...of, ...and].map(({ id }) => id)),
  ];
  const findings = ids(before.assessment.findings.map(named), after.assessment.findings.map(named)).flatMap(
    (id): AssessmentChange[] => {
      const [was, is] = [before, after].map(
        ({ assessment }) => assessment.findings.find(({ criterion }) => criterion === id) ?? null,
      ) as [Finding | null, Finding | null];
      return same(told(was), told(is)) ? [] : [{ kind: 'finding', id, before: was, after: is }];
    },
  );
  const duties = ids(before.assessment.duties, after.assessment.duties).flatMap((id): AssessmentChange[] => {
    const [was, is] = [before, after].map(
      ({ assessment }) => assessment.duties.find((duty) => duty.id === id) ?? null,
    ) as [Duty | null, Duty | null];
    const unchanged = same([was?.status, was?.due], [is?.status, is?.due]);
    return unchanged ? [] : [{ kind: 'duty', id, before: was, after: is }];
  });
  const [was, is] = [before.assessment.carveOut.personalCredit, after.assessment.carveOut.personalCredit];
  const carveOut: AssessmentChange[] =
    was === is ? [] : [{ kind: 'carve-out', id: 'personalCredit', before: was, after: is }];
  const parts = [...new Set([...Object.keys(before.facts), ...Object.keys(after.facts)])] as (keyof Facts)[];
  return {
    changes: [...findings, ...carveOut, ...duties],
    facts: parts.filter((part) => !same(before.facts[part], after.facts[part])),
  };
}

const named = ({ criterion }: Finding): { id: string } => ({ id: criterion });
const told = (finding: Finding | null): unknown =>
  finding === null ? null : [finding.status, finding.value, finding.margin];
/** Left out and null are the same: not known. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined && part !== null);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** The dossier before, as the records of a later one tell it. `judged` null: they no longer give what was assessed then. */
export interface FormerDossier {
  readonly manifest: string;
  readonly sealedAt: string;
  /** The range of the log that it was over. */
  readonly range: { readonly first: number; readonly end: number };
  readonly judged: Judged | null;
}

/** The newest dossier of the run that the records tell of; null = there was none. */
export function formerDossier(
  records: readonly EvidenceRecord[],
  run: string,
  packs: readonly PolicyPack[],
): FormerDossier | null {
  const sealed = cited(records, dossierSealed).findLast(
    ({ payload }) => payload.run === run && payload.edition === undefined,
  )?.payload;
  if (sealed === undefined) return null;
  const { manifest, at: sealedAt, firstIndex: first, endIndex: end } = sealed;
  return { manifest, sealedAt, range: { first, end }, judged: judgedThen(records, run, packs, { first, end }) };
}

function judgedThen(
  records: readonly EvidenceRecord[],
  run: string,
  packs: readonly PolicyPack[],
  { first, end }: { first: number; end: number },
): Judged | null {
  const then = records.filter(({ index }) => index >= first && index < end);
  const made = cited(then, assessed).findLast(({ payload }) => payload.run === run)?.payload;
  const pack = packs.find((known) => packDigest(known) === made?.pack.digest);
  if (made === undefined || pack === undefined) return null;
  const facts = factsFromRecords(then);
  const assessment = assess(facts, pack, made.asOf);
  return assessment.facts === made.facts ? { facts, assessment } : null;
}
