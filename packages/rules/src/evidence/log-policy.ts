import { z } from 'zod';

/**
 * `breakwater.log-policy/1`: a policy as the command line prints it with `--json`. A policy itself is no JSON: it is the
 * text format of C2SP tlog-policy, and that text is what `verify --policy` takes.
 */
export const logPolicySchema = z.strictObject({
  schema: z.literal('breakwater.log-policy/1'),
  policy: z.string().meta({
    description:
      'A C2SP tlog-policy: lines "log <vkey> [<url>]", "witness <name> <vkey> [<url>]", "group <name> <all|any|k> <name>...", and one "quorum <name>". Save it as text for verify --policy.',
  }),
});
