/** What happens to a case: each event is kept as it was and never changed; the case is what they add up to. */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';

export const caseKinds = ['application', 'ex-officio', 'prior-inquiry'] as const;
/** FSS: the committee inside an inspection. FSC: areas, and whether a work is one of them. FSI: whether a vulnerability was disseminated. */
export const caseAuthorities = ['FSS', 'FSC', 'FSI'] as const;
/** From the least to the most that is shown. */
export const disclosureLevels = ['public', 'redacted', 'member'] as const;
export type DisclosureLevel = (typeof disclosureLevels)[number];
/**
 * `inspection`: from the begin of the inspection to the advance notice, with the reply to the inspectors' opinion.
 * `opinion`: the period for opinions after the advance notice of the planned measure. `reply`: of an inquiry.
 */
export const caseWindows = ['inspection', 'opinion', 'reply'] as const;
export type CaseWindow = (typeof caseWindows)[number];
export const seats = ['chair', 'legal-adviser', 'rights-officer', 'member'] as const;
/** What a member, or the committee, holds of the work against the criteria. No answer of ours: it is theirs. */
export const opinions = ['accords', 'partly-accords', 'does-not-accord', 'cannot-tell'] as const;
export type Opinion = (typeof opinions)[number];
export const replies = ['within-scope', 'outside-scope', 'conditional', 'no-view'] as const;

const person = z.string().min(1).max(128);
const text = z.string().trim().min(1).max(20_000);
const level = z.enum(disclosureLevels);
const reference = z.string().trim().min(1).max(200);
const document = sha256Digest.nullable();

/** Questions that a policy pack leaves open, and the section on gross negligence. */
export const positionTopic = z.union([z.string().regex(/^Q[1-9]\d?$/), z.literal('gross-negligence')]);

const bodies = {
  opened: z.strictObject({
    kind: z.enum(caseKinds),
    authority: z.enum(caseAuthorities),
    /** `person`: an individual, also one who `left` the company; null: the institution. */
    applicant: z.strictObject({ person: person.nullable(), left: z.boolean() }),
    run: z.string().min(1).max(128).nullable(),
    plan: z.string().min(1).max(128).nullable(),
    title: z.string().trim().min(1).max(200),
  }),
  /** `until` null: not known yet. `source`: the letter that says so. */
  'window-set': z.strictObject({
    window: z.enum(caseWindows),
    from: instant,
    until: instant.nullable(),
    source: reference,
  }),
  /** Handed to the authority at `filedAt`; `window` null: no window was named. */
  filed: z.strictObject({ filedAt: instant, window: z.enum(['inspection', 'opinion']).nullable(), reference }),
  'member-seated': z.strictObject({ person, seat: z.enum(seats) }),
  /** By the member, or by the chair upon a challenge. */
  recused: z.strictObject({ person, reason: text }),
  /** A dossier was sealed for the case; `changed`: what differs from the version before, null for the first. */
  'version-sealed': z.strictObject({
    manifest: sha256Digest,
    assessment: sha256Digest,
    first: z.int().min(0),
    end: z.int().min(1),
    /** Over every event of the case before this one. */
    caseDigest: sha256Digest,
    changed: z.array(z.string().max(200)).max(200).nullable(),
  }),
  'question-asked': z.strictObject({ text, level }),
  /** `records`: numbers in the log by which the answer is shown. */
  'question-answered': z.strictObject({
    question: z.int().min(1),
    text,
    records: z.array(z.int().min(0)).max(200),
    level,
  }),
  /** The applicant's reading of an open question; `reading` null: in words only. */
  'position-stated': z.strictObject({ topic: positionTopic, reading: z.string().max(64).nullable(), text, level }),
  /** Sealed until the chair opens all: the log holds a digest over this with its nonce. */
  'ballot-cast': z.strictObject({
    opinion: z.enum(opinions),
    reasons: text.nullable(),
    nonce: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** `absent`: members who did not vote, as the chair states. */
  'ballots-opened': z.strictObject({ absent: z.array(person).max(50) }),
  /** What the committee told; it binds nobody. */
  'result-told': z.strictObject({ result: z.enum(opinions), toldAt: instant, reference, text, document }),
  'reply-told': z.strictObject({ reply: z.enum(replies), toldAt: instant, reference, text, document }),
  withdrawn: z.strictObject({ reason: text }),
} as const;

export const caseBodies = bodies;
export type CaseAct = keyof typeof bodies;
export const caseActNames = Object.keys(bodies) as [CaseAct, ...CaseAct[]];
export type CaseBody<A extends CaseAct> = z.infer<(typeof bodies)[A]>;

/** One event. `seq` counts from 1 within the case; `by` is a pseudonym, or the name of a machine. */
export type CaseEvent = {
  [A in CaseAct]: {
    readonly seq: number;
    readonly act: A;
    readonly by: string;
    readonly at: string;
    readonly body: CaseBody<A>;
  };
}[CaseAct];
