/** The model's tools: our safe probes and a place to report, and nothing else. */
import { findingOf, gradeOf, type Scope, type TesterEvent } from '@breakwater/rules/containment';
import { tool, type ToolSet } from 'ai';
import { z } from 'zod';
import { findingEvent, logEvent, stamp } from '../events.ts';
import { plainText } from '../plain.ts';
import { hostInput, portInput } from '../probes/connect.ts';
import { approve, makeProbe, safeProbes, tellDenied } from '../probes/index.ts';
import type { Hands } from '../probes/probe.ts';
import { addressOf, approveHost, type Reach } from '../reach.ts';

/** Findings that one model may claim. */
const mostClaims = 500;

export interface AgentTools {
  readonly tools: ToolSet;
  /** The first gate: asked before each call. A tool that is not ours is denied. */
  approval(name: string, input: unknown): Reach;
}

const claim = z.strictObject({
  host: hostInput,
  port: portInput.nullable(),
  rule: z.string().min(1).max(100).describe('a short id of the kind of weakness, such as directory-listing'),
  title: z.string().min(1).max(500),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
});

/** Names as models may write them: letters, digits and underscores. */
const nameOf = (name: string): string => name.replaceAll('-', '_');

/** Tools over the probes. `spent` is asked first: with no budget left, nothing is approved. */
export function agentTools(hands: Hands, spent: () => string | null, tell: (event: TesterEvent) => void): AgentTools {
  let claims = 0;
  const probes = new Map(safeProbes.map((probe) => [nameOf(probe.name), probe]));
  const probeTools = [...probes].map(([name, probe]) => [
    name,
    tool({
      description: probe.description,
      inputSchema: probe.input,
      // What came back is words of a stranger; it is handed over as data under a name that says so.
      execute: async (input: unknown) => {
        const { result, said } = await makeProbe(probe, input, hands, tell);
        return { result, untrusted: said };
      },
    }),
  ]);
  const report = tool({
    description: 'Reports one weakness that the probes showed, for a person to judge.',
    inputSchema: claim,
    execute: ({ host, port, rule, title, severity }) => {
      if (++claims > mostClaims) return { reported: false, reason: 'too many reports' };
      tell(
        findingEvent(
          findingOf({
            rule: plainText(rule, 100) || '-',
            asset: addressOf(hands.scope, host) ?? host,
            protocol: 'tcp',
            port,
            title: plainText(title, 500),
            severity: gradeOf(severity),
            tool: 'agent',
            seenAt: stamp(),
          }),
        ),
      );
      return { reported: true };
    },
  });
  return {
    tools: { ...Object.fromEntries(probeTools), report },
    approval(name, input) {
      const budget = spent();
      if (budget !== null) return { allowed: false, reason: budget };
      const probe = probes.get(name);
      if (probe !== undefined) {
        const answer = approve(probe, input, hands.scope);
        if (!answer.allowed) tellDenied(probe, input, answer.reason, tell);
        return answer;
      }
      const answer =
        name === 'report'
          ? approveClaim(input, hands.scope)
          : { allowed: false as const, reason: 'there is no such tool' };
      if (!answer.allowed) tell(logEvent('warn', `a call of ${plainText(name, 64)} was denied: ${answer.reason}`));
      return answer;
    },
  };
}

/** A claim about something outside the scope is none that this test could have seen. */
function approveClaim(input: unknown, scope: Scope): Reach {
  const parsed = claim.safeParse(input);
  if (!parsed.success) return { allowed: false, reason: 'these are not the arguments of a report' };
  return approveHost(scope, parsed.data.host, parsed.data.port);
}
