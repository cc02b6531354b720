/** Machines that steps act on through SSH, and groups of them of which some must always be up. */
import { z } from 'zod';
import { absolutePath } from './driver.ts';
import { identifier, uniqueBy } from './field.ts';

const hostKey = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, {
  error: 'must be the fingerprint of the host key, as ssh-keygen -lf prints it: SHA256: and 43 characters',
});

const reached = {
  ssh: z
    .string()
    .regex(/^ssh:\/\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@(?:\[[0-9a-fA-F:]{2,45}\]|[A-Za-z0-9.-]{1,253})(?::\d{1,5})?$/, {
      error: 'must be ssh://USER@HOST or ssh://USER@HOST:PORT, without password',
    }),
  /** Keys by which it is known; any other is refused. */
  hostKeys: z
    .array(hostKey)
    .min(1, { error: 'pin at least one host key' })
    .max(10)
    .check(uniqueBy((key) => key)),
  /** The private key, a file on the execution host that guardd alone can read. */
  keyFile: absolutePath,
};

/** A machine, and what stands in for it in a rehearsal. */
const targetSchema = z.strictObject({ id: identifier, ...reached, standIn: z.strictObject(reached).optional() });
type Target = z.infer<typeof targetSchema>;

/** How a target is reached. */
export type SshAddress = Omit<Target, 'id' | 'standIn'>;

export const targetsSchema = z
  .array(targetSchema)
  .max(500)
  .check(uniqueBy(({ id }) => id, ['id']));

const groupSchema = z.strictObject({
  id: identifier,
  members: z
    .array(identifier)
    .min(2, { error: 'a group has at least two members' })
    .max(500)
    .check(uniqueBy((member) => member)),
  /** So many members are never out at the same time. */
  keep: z.int().min(1, { error: 'at least one member stays up' }),
  /** The member that is changed first, alone. */
  canary: identifier.optional(),
});
export const groupsSchema = z
  .array(groupSchema)
  .max(100)
  .check(uniqueBy(({ id }) => id, ['id']));

/** Where a step acts: one target, or several at the same time. Left out = the execution host itself. */
export const on = z
  .union(
    [
      identifier,
      z
        .array(identifier)
        .min(1)
        .max(100)
        .check(uniqueBy((target) => target)),
    ],
    {
      error: 'must be the id of a target, or a list of ids',
    },
  )
  .optional();

/** The targets of a step or a measure, in the order in which they are named; none = the execution host itself. */
export function targetsOf(part: object): readonly string[] {
  const named: unknown = 'on' in part ? part.on : [];
  return [named].flat().filter((one) => typeof one === 'string');
}
