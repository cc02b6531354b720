/** The work plan, `breakwater.plan/1`: what, where, when, and how service comes back. */
import { z } from 'zod';
import { authoritySchema, scopeSchema } from '#containment';
import { instant, sha256Digest } from '#evidence/record';
import { alternativeChannelSchema } from '#notice';
import { noticeChannel } from '#notice/record';
import { duration, positiveDuration } from '../duration.ts';
import { argv, bilingual, count, identifier, prose, reference, uniqueBy, won } from './field.ts';
import { meterSchema, probesSchema } from './probe.ts';
import { measuresSchema, stepsSchema } from './step.ts';
import { groupsSchema, targetsOf, targetsSchema } from './target.ts';

const self = (text: string): string => text;
const identifiers = z.array(identifier).max(200).check(uniqueBy(self));
const references = z.array(reference).max(500).check(uniqueBy(self));

const windowSchema = z
  .strictObject({
    start: instant,
    end: instant,
    /** How long the services are watched after the end; default PT24H. */
    observe: duration.optional(),
  })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), {
    error: 'the window must end after it starts: correct start or end',
    path: ['end'],
  });

/** `percent` above the median response time that its probes measured before the work, held for `over`. */
const slowdownSchema = z.strictObject({
  percent: z.int().min(1, { error: 'write whole percent above the baseline, such as 50' }).max(10_000),
  over: positiveDuration,
});

const limitsSchema = z.strictObject({
  /** Outage of all services together, from the first failed probe. */
  outage: positiveDuration,
  damage: won,
  records: count,
  personalCredit: count,
  /** How long guardd waits for a new orchestrator before it recovers by itself; default PT5S. */
  takeoverGrace: duration.optional(),
  /** How long one service may be down before the guard turns back, narrower than `outage`; by service. */
  serviceDown: z.record(identifier, positiveDuration).optional(),
  /** How much slower than its baseline a service may answer before the guard stops the work; by service. */
  slowerBy: z.record(identifier, slowdownSchema).optional(),
});

const noticeSchema = z.strictObject({
  leadTime: duration.optional(),
  channels: z.array(noticeChannel).check(uniqueBy(self)).optional(),
  services: identifiers.optional(),
  alternativeChannels: z.array(alternativeChannelSchema).max(50).optional(),
});

const vendorSchema = z.strictObject({
  name: prose,
  /** When its engineers can be reached; must cover the window. */
  onCall: z.strictObject({ start: instant, end: instant }).optional(),
  /** Who confirmed it and when, with the vendor's letter or mail by its digest. */
  confirmation: z.strictObject({ by: reference, at: instant, document: sha256Digest }).optional(),
});

const planHead = {
  schema: z.literal('breakwater.plan/1'),
  id: identifier,
  institution: identifier,
  urgency: z.enum(['planned', 'emergency']).optional(),
  activity: z.enum([
    'vulnerability-scan',
    'port-scan',
    'automated-pentest',
    'os-patch',
    'software-patch',
    'equipment-change',
    'other',
  ]),
  title: bilingual,
  description: bilingual.optional(),
  author: reference,
  authority: authoritySchema.optional(),
  window: windowSchema,
  services: identifiers.min(1, { error: 'name at least one service' }),
  host: identifier,
  /** Machines that steps act on through SSH; without them everything happens on the execution host. */
  targets: targetsSchema.optional(),
  groups: groupsSchema.optional(),
  probes: probesSchema.optional(),
  meters: z.strictObject({ damage: meterSchema.optional(), records: meterSchema.optional() }).optional(),
  limits: limitsSchema,
  measures: measuresSchema.optional(),
  rehearse: z.strictObject({ host: identifier, atLeast: z.int().min(1).max(1000).optional() }).optional(),
  notice: noticeSchema.optional(),
  relief: z
    .strictObject({
      /** How long after the end claims are taken. */
      claimsUntil: positiveDuration,
      contact: z
        .string()
        .regex(/^[0-9+][0-9 -]{2,30}$/, { error: 'must be a telephone number in quotes, such as "15881234"' }),
    })
    .optional(),
  approvals: z
    .strictObject({ needed: z.int().min(1, { error: 'at least one person other than the author approves' }).max(20) })
    .optional(),
  /** Of an emergency: the approved playbook that its steps come from, and the hash it had when it was approved. */
  playbook: z.strictObject({ id: identifier, hash: sha256Digest }).optional(),
  /** Suppliers whose help the work may need; `[]` says that none is needed. */
  vendors: z.array(vendorSchema).max(50).optional(),
};

/** What gave rise to the work; of a test, what it looks for. */
const occasion = {
  /** Disseminated advisories that the work answers. */
  advisories: references.optional(),
  fixes: references.optional(),
  /** True when the work changes anything beyond what the advisories ask for; null = not known. */
  otherChanges: z.boolean().nullable().optional(),
};

const patchSchema = z.strictObject({
  ...planHead,
  ...occasion,
  kind: z.literal('emergency-patch'),
  steps: stepsSchema.min(1, { error: 'a patch has at least one step' }),
});

/** Where a model answers. Address and key belong to the execution host, which knows the endpoint by its name. */
const modelSchema = z.strictObject({
  provider: prose.optional(),
  name: prose,
  /** Left out = the host's only one. */
  endpoint: identifier.optional(),
});

/** What a test may use up before it is stopped, whatever it still wants to do. Left out = bounded by the scope, and an agent also by 500 calls of probes. */
const budgetsSchema = z.strictObject({
  /** Tool calls of an agent, or probes. */
  steps: z.int().min(1).max(1_000_000).optional(),
  /** Of the model: prompts and answers together. */
  tokens: z.int().min(1).optional(),
  /** Exchanged with the model. */
  bytes: z.int().min(1).optional(),
  time: positiveDuration.optional(),
});

/**
 * The tool of a security test. It runs in the cage. `agent` is Breakwater's own, driven by a model; `mcp` and `acp` are
 * agents of others, which get our probes through the Model Context Protocol, or are driven by the Agent Client Protocol.
 */
const testerSchema = z
  .strictObject({
    /** Left out = a command. */
    kind: z.enum(['command', 'nmap', 'nuclei', 'agent', 'mcp', 'acp']).optional(),
    /** The program in the cage; only Breakwater's own agent needs none. */
    run: argv.optional(),
    /** What an agent is asked to do. */
    task: prose.optional(),
    /** Whether the test uses AI for security purposes; null or left out = not known. */
    usesAi: z.boolean().nullish(),
    model: modelSchema.optional(),
    budgets: budgetsSchema.optional(),
  })
  .check(({ value, issues }) => {
    if (value.kind === 'agent' || value.run !== undefined) return;
    issues.push({
      code: 'custom',
      input: value,
      path: ['run'],
      message: 'is missing: name the program to run, as a list of arguments (only an agent has none)',
    });
  });
export type TesterSpec = z.infer<typeof testerSchema>;

const testSchema = z.strictObject({
  ...planHead,
  ...occasion,
  kind: z.literal('security-test'),
  scope: scopeSchema,
  tester: testerSchema,
  /** What is done to the target before and after the test itself, if anything. */
  steps: stepsSchema.optional(),
});

/** `breakwater.plan/1`. Parsing gives the document back unchanged: nothing is filled in, so its hash stays the author's. */
export const planSchema = z.discriminatedUnion('kind', [patchSchema, testSchema]).check(({ value, issues }) => {
  const misplaced = (path: (string | number)[], message: string): void => {
    issues.push({ code: 'custom', input: value, path, message });
  };
  const known = new Set(value.services);
  value.measures?.forEach((measure, i) => {
    if (!('services' in measure)) return;
    measure.services?.forEach((service, k) => {
      if (!known.has(service))
        misplaced(['measures', i, 'services', k], `${JSON.stringify(service)} is not among the plan's services`);
    });
  });
  for (const limit of ['serviceDown', 'slowerBy'] as const) {
    for (const service of Object.keys(value.limits[limit] ?? {})) {
      if (!known.has(service))
        misplaced(['limits', limit, service], `${JSON.stringify(service)} is not among the plan's services`);
    }
  }
  checkTargets(value, misplaced);
  if (value.kind === 'security-test') {
    const outside = (['start', 'end'] as const).find((edge) => {
      const at = Date.parse(value.scope.window[edge]);
      return at < Date.parse(value.window.start) || at > Date.parse(value.window.end);
    });
    if (outside !== undefined)
      misplaced(['scope', 'window', outside], "the scope's window must lie inside the plan's window");
    value.steps?.forEach(({ id }, i) => {
      if (id === testerStep)
        misplaced(['steps', i, 'id'], `${JSON.stringify(testerStep)} names the test itself: choose another id`);
    });
  }
});
export type Plan = z.infer<typeof planSchema>;

/** Whatever names a target names one that the plan has. */
function checkTargets(
  { targets = [], groups = [], steps = [], measures = [] }: z.infer<typeof patchSchema> | z.infer<typeof testSchema>,
  misplaced: (path: (string | number)[], message: string) => void,
): void {
  const known = new Set(targets.map(({ id }) => id));
  const must = (path: (string | number)[], id: string): void => {
    if (!known.has(id))
      misplaced(path, `${JSON.stringify(id)} is not among the plan's targets: add it there, or correct its name`);
  };
  const walk = (list: 'steps' | 'measures', all: readonly object[]): void =>
    all.forEach((one, i) => {
      if (!('on' in one)) return;
      const ids = targetsOf(one);
      ids.forEach((id, k) => must([list, i, 'on', ...(Array.isArray(one.on) ? [k] : [])], id));
    });
  walk('steps', steps);
  walk('measures', measures);
  groups.forEach(({ members, keep, canary }, i) => {
    members.forEach((id, k) => must(['groups', i, 'members', k], id));
    if (keep >= members.length)
      misplaced(['groups', i, 'keep'], `keeps all ${members.length} members up, so none could be changed: lower it`);
    if (canary !== undefined && !members.includes(canary))
      misplaced(['groups', i, 'canary'], `${JSON.stringify(canary)} is not a member of the group`);
  });
}

/** The name under which a security test itself stands among step digests and rehearsed times. */
export const testerStep = 'tester';
