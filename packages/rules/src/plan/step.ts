/** What is done to a target, and the measures that undo or limit it. One shape for each driver. */
import { z } from 'zod';
import { positiveDuration } from '../duration.ts';
import { isPatchDriver, patchActions } from './driver.ts';
import { argv, bilingual, httpUrl, identifier, jsonPointer, uniqueBy } from './field.ts';
import { on } from './target.ts';

const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Headers that carry credentials: they belong to the execution host, never into a plan, which is kept for ever. */
const credentialHeaders = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'];

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, { error: 'is no HTTP header name' })
  .refine((name) => !credentialHeaders.includes(name.toLowerCase()), {
    error: 'carries a credential: configure it on the execution host, a plan is kept for ever',
  });
const headerValue = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e]*$/, { error: 'must be printable ASCII on one line' });

const status = z.int().min(100).max(599);

/** What an answer must be. Several conditions: all of them. */
const answer = {
  status: z.union([status, z.array(status).min(1)], { error: 'must be an HTTP status or a list of them' }).optional(),
  /** Text that the body holds. */
  contains: z.string().min(1).max(4096).optional(),
  /** A value in a JSON body. */
  json: z.strictObject({ pointer: jsonPointer, equals: z.json() }).optional(),
};

/** One HTTP request and what its answer must be; `expect` left out = any 2xx status. */
const httpCall = {
  method,
  url: httpUrl,
  headers: z.record(headerName, headerValue).optional(),
  body: z.json().optional(),
};
export const httpAction = z.strictObject({ ...httpCall, expect: z.strictObject(answer).optional() });
export type HttpAction = z.infer<typeof httpAction>;

/** A request of a probe's journey: its answer must come within a time. */
export const httpProbeExpect = z.strictObject({ ...answer, within: positiveDuration });
export const httpProbeCall = z.strictObject({ ...httpCall, expect: httpProbeExpect });
export type HttpProbeCall = z.infer<typeof httpProbeCall>;

/** A program without a shell; exit 0 = yes, or done. */
export const commandAction = z.strictObject({ run: argv });
export type CommandAction = z.infer<typeof commandAction>;

/** What a person does, as a card. */
export const manualAction = z.strictObject({ card: bilingual });
export type ManualAction = z.infer<typeof manualAction>;

const stepHead = {
  id: identifier,
  title: bilingual,
  timeout: positiveDuration,
  /** How the step is brought back. Left out: `undo` when there is one. `none` declares a commit point. */
  wayBack: z.enum(['undo', 'failover', 'restore', 'forward-fix', 'none']).optional(),
  /** At a cut: let the action end (default), or kill it. */
  onStop: z.enum(['finish', 'cut']).optional(),
};

/** A step of a driver that makes check and undo itself. */
const patchStep = <D extends keyof typeof patchActions>(driver: D) => ({
  ...stepHead,
  driver: z.literal(driver),
  do: patchActions[driver],
});

/**
 * `check` answers "is it done already?", for a step that was begun and whose end nobody saw; `do` does it; `undo`
 * takes it back. A person checks a manual step, so its `check` may be left out. A patch driver has both by itself.
 */
export const stepSchema = z.discriminatedUnion('driver', [
  z.strictObject({
    ...stepHead,
    driver: z.literal('command'),
    on,
    check: commandAction,
    do: commandAction,
    undo: commandAction.optional(),
  }),
  z.strictObject({
    ...stepHead,
    driver: z.literal('http'),
    check: httpAction,
    do: httpAction,
    undo: httpAction.optional(),
  }),
  z.strictObject({
    ...stepHead,
    driver: z.literal('manual'),
    check: manualAction.optional(),
    do: manualAction,
    undo: manualAction.optional(),
  }),
  z.strictObject({ ...patchStep('apt'), on }),
  z.strictObject({ ...patchStep('dpkg'), on }),
  z.strictObject({ ...patchStep('rpm'), on }),
  z.strictObject({ ...patchStep('files'), on }),
  z.strictObject({ ...patchStep('symlink'), on }),
  z.strictObject({ ...patchStep('systemd'), on }),
  z.strictObject({ ...patchStep('haproxy'), on }),
  z.strictObject({ ...patchStep('isolate'), on }),
  z.strictObject({ ...patchStep('network-device'), on: on.unwrap() }),
  z.strictObject(patchStep('kubernetes')),
]);
export type Step = z.infer<typeof stepSchema>;

/** True when the step says how it is taken back, or its driver knows. */
export function hasUndo(step: Step): boolean {
  return isPatchDriver(step.driver) || ('undo' in step && step.undo !== undefined);
}

/** One JSON type for one tagged action: what a measure runs, by its driver. */
const measureActions = [
  { driver: z.literal('command'), on, do: commandAction, undo: commandAction.optional() },
  { driver: z.literal('http'), do: httpAction, undo: httpAction.optional() },
  { driver: z.literal('manual'), do: manualAction, undo: manualAction.optional() },
  { driver: z.literal('haproxy'), on, do: patchActions.haproxy },
  { driver: z.literal('isolate'), on, do: patchActions.isolate },
] as const;

const measureHead = {
  id: identifier.optional(),
  services: z.array(identifier).min(1).optional(),
  timeout: positiveDuration.optional(),
};

const measureWithActions = <K extends 'module-isolation' | 'failover'>(kind: K) => {
  const head = { kind: z.literal(kind), ...measureHead };
  const [command, http, manual, haproxy, isolate] = measureActions;
  return z.discriminatedUnion('driver', [
    z.strictObject({ ...head, ...command }),
    z.strictObject({ ...head, ...http }),
    z.strictObject({ ...head, ...manual }),
    z.strictObject({ ...head, ...haproxy }),
    z.strictObject({ ...head, ...isolate }),
  ]);
};

/** The five measures of recovery. `services` left out = all services of the plan. */
export const measureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kill-switch') }),
  z.strictObject({ kind: z.literal('rollback') }),
  measureWithActions('module-isolation'),
  measureWithActions('failover'),
  z.strictObject({
    kind: z.literal('manual-processing'),
    ...measureHead,
    card: bilingual,
    /** Orders a hour that can be taken by hand. */
    capacityPerHour: z.int().min(1).optional(),
  }),
]);
export type Measure = z.infer<typeof measureSchema>;

export const stepsSchema = z
  .array(stepSchema)
  .max(500)
  .check(uniqueBy((step) => step.id, ['id']));

export const measuresSchema = z
  .array(measureSchema)
  .max(100)
  .check(
    uniqueBy(
      (measure) => ('id' in measure && measure.id !== undefined ? `${measure.kind}/${measure.id}` : measure.kind),
      ['kind'],
    ),
  );
