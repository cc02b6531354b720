/** Every document of Breakwater by name, as JSON Schema: gathered from the domains' doors. */
import { z } from 'zod';
import { containmentSchema, scopeSchema } from './containment/index.ts';
import { assessmentSchema, factsSchema, packSchema } from './criteria/index.ts';
import { BreakwaterError } from './error.ts';

import { logPolicySchema } from './evidence/index.ts';
import { evidenceRecord } from './evidence/record.ts';
import { journalEntry } from './guard/record.ts';
import { lintSchema, noticeSchema } from './notice/index.ts';
import { approvalSchema, companyPolicySchema, planContextSchema, planSchema, readinessSchema } from './plan/index.ts';
import { demoSchema, keysSchema, manifestSchema, verificationSchema } from './review/index.ts';

const documents = {
  plan: { title: 'Work plan, breakwater.plan/1', schema: planSchema },
  'plan-context': { title: 'What is known around a plan, breakwater.plan-context/1', schema: planContextSchema },
  readiness: { title: 'Is a plan ready, breakwater.readiness/1', schema: readinessSchema },
  approval: { title: 'Signed decision about a plan, breakwater.approval/1', schema: approvalSchema },
  scope: { title: 'Scope of a security test, breakwater.scope/1', schema: scopeSchema },
  containment: { title: 'What a cage did and saw, breakwater.containment/1', schema: containmentSchema },
  notice: { title: 'Notice to customers, breakwater.notice/1', schema: noticeSchema },
  lint: { title: 'What the lint says of a notice, breakwater.lint/1', schema: lintSchema },
  facts: { title: 'Facts of a work, breakwater.facts/1', schema: factsSchema },
  assessment: { title: 'Facts held against criteria, breakwater.assessment/1', schema: assessmentSchema },
  pack: { title: 'Policy pack, breakwater.pack/1', schema: packSchema },
  record: { title: 'Evidence record, opened or withheld, breakwater.record/1', schema: evidenceRecord },
  journal: { title: 'Entry of the journal of an execution host, breakwater.journal/1', schema: journalEntry },
  policy: { title: 'What a company asks of its plans, breakwater.policy/1', schema: companyPolicySchema },
  'log-policy': {
    title: 'Policy of a log as JSON, breakwater.log-policy/1; verify --policy takes its text (C2SP tlog-policy)',
    schema: logPolicySchema,
  },
  demo: { title: 'What a demo prints, breakwater.demo/1', schema: demoSchema },
  keys: { title: 'Public keys of persons and hosts, breakwater.keys/1', schema: keysSchema },
  manifest: { title: 'Manifest of a dossier', schema: manifestSchema },
  verification: { title: 'Result of a verification, breakwater.verification/1', schema: verificationSchema },
} as const satisfies Record<string, { title: string; schema: z.ZodType }>;

export type SchemaName = keyof typeof documents;

/** Names that {@link jsonSchema} knows, with what each document is. */
export const schemaTitles: Readonly<Record<SchemaName, string>> = Object.fromEntries(
  Object.entries(documents).map(([name, { title }]) => [name, title]),
) as Record<SchemaName, string>;

/** Formats that draft 2020-12 defines; a strict validator refuses others, and those that we use have a pattern beside them. */
const standardFormats: ReadonlySet<string> = new Set(['date-time', 'date', 'duration', 'uri']);

/**
 * The JSON Schema (draft 2020-12) of a document as it is written, before anything is read into it. `name` is short
 * (`plan`) or what such a document says of itself (`breakwater.plan/1`).
 *
 * Throws BreakwaterError `schema.unknown` for a name that is not known.
 */
export function jsonSchema(name: string): Record<string, unknown> {
  const short = /^breakwater\.([a-z-]+)\/1$/.exec(name)?.[1] ?? name;
  const known = Object.hasOwn(documents, short) ? documents[short as SchemaName] : null;
  if (known === null) {
    throw new BreakwaterError(
      'schema.unknown',
      `there is no schema ${JSON.stringify(name)}: use one of ${Object.keys(documents).join(', ')}`,
      name,
    );
  }
  const { $schema, ...rest } = z.toJSONSchema(known.schema, {
    target: 'draft-2020-12',
    io: 'input',
    reused: 'ref',
    override: ({ jsonSchema: part }) => {
      if (part.format !== undefined && !standardFormats.has(part.format)) delete part.format;
    },
  });
  return { $schema, title: known.title, ...rest };
}
