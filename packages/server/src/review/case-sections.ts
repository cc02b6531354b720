/** What a case says besides its own course: open questions, gross negligence, letters, the files of its versions. */
import { BreakwaterError } from '@breakwater/rules';
import {
  type InquiredWork,
  type NegligenceSection,
  caseLetter,
  negligenceOf,
  openQuestions,
} from '@breakwater/rules/review';
import { z } from 'zod';
import { assessmentsOf, packFor, sealedRun } from '#criteria';
import { findPlan } from '#plan';
import type { Platform } from '#platform';
import type { KnownCase } from './cases.ts';
import { dossierBytes } from './workflow.ts';

const range = z.object({ low: z.number(), high: z.number().nullable() });
const answer = z.boolean().nullable();

export const sectionsAnswer = z
  .object({
    version: z.int().nullable().describe('The sealed version that the numbers are of; null: of the newest assessment.'),
    questions: z.array(
      z.object({
        id: z.string(),
        ko: z.string(),
        en: z.string(),
        raised: z.boolean().describe('Whether the answer could change a finding.'),
        criteria: z.array(z.string()),
        readings: z.array(
          z.object({
            criterion: z.string(),
            name: z.string(),
            value: range,
            unit: z.string().nullable(),
            bound: z.object({ operator: z.string(), value: z.number() }).nullable(),
            standing: z.enum(['inside', 'beyond', 'straddling']).nullable(),
          }),
        ),
        grounds: z.array(z.object({ criterion: z.string(), rule: z.string(), status: z.string() })),
        applicant: z
          .object({ reading: z.string().nullable(), text: z.string(), by: z.string(), at: z.string() })
          .nullable()
          .describe('The applicant’s own reading; a statement, not evidence.'),
      }),
    ),
    negligence: z.object({
      presumption: z.enum(['stands', 'contested', 'open']),
      statements: z.array(
        z.object({
          index: z.int(),
          subject: z.string(),
          intent: answer,
          grossNegligence: answer,
          privateInterest: answer,
          proceduralDefect: answer,
          by: z.string(),
          at: z.string(),
        }),
      ),
      procedure: z.array(z.object({ step: z.string(), records: z.array(z.int()) })),
      against: z.array(z.object({ kind: z.string(), index: z.int(), at: z.string() })),
      applicant: z.object({ text: z.string(), by: z.string(), at: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'CaseSections' });

/** Throws BreakwaterError `case.no-run` for a case about no run, `case.not-assessed` before the first assessment. */
export async function caseSections(
  { db, config, clock }: Platform,
  { one }: KnownCase,
): Promise<z.infer<typeof sectionsAnswer>> {
  if (one.run === null) throw new BreakwaterError('case.no-run', 'the case is about no run: nothing is measured');
  const version = one.versions.at(-1);
  const made = await assessmentsOf(db, config.institution, one.run);
  const judged = made.find(({ digest }) => digest === version?.assessment) ?? made.at(-1);
  if (judged === undefined)
    throw new BreakwaterError('case.not-assessed', 'the run was not assessed yet: seal a version, or assess it');
  const { facts, assessment } = judged;
  const pack = await packFor(db, config.institution, assessment.pack.digest, facts, clock.now());
  const { records } = await sealedRun(db, config.institution, one.run, version?.end);
  const position = (topic: string) => one.positions.find((known) => known.topic === topic) ?? null;
  const section: NegligenceSection = negligenceOf(records, facts.work.start);
  return {
    version: version === undefined ? null : one.versions.length,
    questions: openQuestions(pack, assessment).map((question) => {
      const said = position(question.id);
      return {
        ...question,
        criteria: [...question.criteria],
        readings: [...question.readings],
        grounds: [...question.grounds],
        applicant: said === null ? null : { reading: said.reading, text: said.text, by: said.by, at: said.at },
      };
    }),
    negligence: {
      presumption: section.presumption,
      statements: [...section.statements],
      procedure: section.procedure.map(({ step, records: shown }) => ({ step, records: [...shown] })),
      against: section.against.map(({ kind, index, at }) => ({ kind, index, at })),
      applicant: position('gross-negligence'),
    },
  };
}

const inquired = z.object({
  title: z.object({ ko: z.string(), en: z.string() }),
  kind: z.string(),
  activity: z.string(),
  window: z.object({ start: z.string(), end: z.string() }),
  services: z.array(z.string()).default([]),
  advisories: z.array(z.string()).default([]),
  fixes: z.array(z.string()).default([]),
});

/** The letter of a case, its inquiry filled from the plan. */
export async function letterOf(
  { db, config, clock }: Platform,
  { one }: KnownCase,
): Promise<{ ko: string; en: string }> {
  const plan = one.plan === null ? null : await findPlan(db, config.institution, one.plan);
  const work: InquiredWork | null = inquired.safeParse(plan?.document).data ?? null;
  return caseLetter(one, config.institution, work, clock.now().getTime());
}

/** The bytes of a sealed version. Throws BreakwaterError `case.version-not-found`, or as `dossierBytes`. */
export async function versionBytes(platform: Platform, { one }: KnownCase, version: number): Promise<Uint8Array> {
  const known = one.versions[version - 1];
  if (known === undefined) {
    const text = `the case has ${one.versions.length} sealed versions: there is no version ${version}`;
    throw new BreakwaterError('version.not-found', text, '/version');
  }
  return dossierBytes(platform, known.manifest);
}
