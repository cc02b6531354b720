/** The shape of what is shown of a case (`breakwater.case/1`). */
import { z } from 'zod';
import {
  caseActNames,
  caseAuthorities,
  caseKinds,
  caseWindows,
  disclosureLevels,
  opinions,
  replies,
  seats,
} from './event.ts';
import { caseStates } from './fold.ts';

const level = z.enum(disclosureLevels);
const opinion = z.enum(opinions);
/** null: of a level that the view does not reach. */
const text = z.string().nullable();
const words = z.object({ ko: z.string(), en: z.string() });

const windowClock = z.object({
  window: z.enum(caseWindows),
  from: z.string(),
  until: z.string().nullable().describe('null: no letter has named the end yet.'),
  state: z.enum(['ahead', 'open', 'over']),
  remainingMs: z.number().nullable().describe('To the end, negative when it is over; null: the end is not known.'),
  source: z.string(),
});
export type WindowClock = z.infer<typeof windowClock>;

const answer = z.object({ by: z.string(), at: z.string(), level, text, records: z.array(z.int()) });

export const caseViewSchema = z
  .object({
    level: level.describe('What the view was made for.'),
    kind: z.enum(caseKinds),
    authority: z.enum(caseAuthorities),
    state: z.enum(caseStates),
    title: text,
    run: z.string().nullable(),
    plan: z.string().nullable(),
    applicant: z.object({
      individual: z.boolean(),
      person: z.string().nullable(),
      left: z.boolean().describe('The individual works for the company no more.'),
    }),
    openedAt: z.string(),
    windows: z.array(windowClock),
    filing: z
      .object({
        filedAt: z.string(),
        window: z.string().nullable(),
        reference: text,
        late: z.boolean().nullable().describe('Whether it lay outside its window; null: not known.'),
      })
      .nullable(),
    members: z.array(
      z.object({
        person: z.string(),
        seat: z.enum(seats),
        recused: z.object({ at: z.string(), reason: text }).nullable(),
      }),
    ),
    versions: z.array(
      z.object({
        number: z.int(),
        manifest: z.string(),
        sealedAt: z.string(),
        first: z.int(),
        end: z.int(),
        changed: z.array(z.string()).nullable().describe('What differs from the version before; null for the first.'),
      }),
    ),
    questions: z.array(
      z.object({ number: z.int(), by: z.string(), at: z.string(), level, text, answers: z.array(answer) }),
    ),
    positions: z.array(
      z.object({ topic: z.string(), reading: z.string().nullable(), text, level, by: z.string(), at: z.string() }),
    ),
    vote: z
      .object({
        cast: z.int(),
        sitting: z.int(),
        openedAt: z.string().nullable(),
        tally: z.record(opinion, z.int()).nullable().describe('null until the chair opened the ballots.'),
        majority: opinion.nullable(),
        ballots: z
          .array(z.object({ person: z.string(), opinion, reasons: text, minority: z.boolean() }))
          .describe('The own one before the opening, all after it.'),
      })
      .nullable(),
    result: z
      .object({
        result: opinion,
        toldAt: z.string(),
        reference: text,
        text,
        binding: z.literal(false),
        note: words,
      })
      .nullable(),
    reply: z
      .object({
        reply: z.enum(replies),
        toldAt: z.string(),
        reference: text,
        text,
        binding: z.literal(false),
        note: words,
      })
      .nullable(),
    withdrawal: z.object({ at: z.string(), reason: text }).nullable(),
  })
  .meta({ id: 'breakwater.case/1', title: 'A case as it is shown' });

/** @see caseViewSchema */
export type CaseView = z.infer<typeof caseViewSchema>;

/** Names of the acts that are permitted to whoever asks. */
export const permittedActs = z.array(z.enum(caseActNames));
