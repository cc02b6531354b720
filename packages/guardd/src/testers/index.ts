/** Testers by the kind that a plan names. */
import type { TesterEvent } from '@breakwater/rules/containment';
import type { TesterSpec } from '@breakwater/rules/plan';
import { acpTester } from './acp/index.ts';
import { agentTester } from './agent/index.ts';
import { commandTester } from './command.ts';
import { mcpTester } from './mcp/index.ts';
import { nmapTester } from './nmap/index.ts';
import { nucleiTester } from './nuclei/index.ts';
import { listenTold, serverArgv, serverMounts, type Told } from './mcp/served.ts';
import type { CageMount } from '../cage/index.ts';
import type { Tester, TesterContext } from './tester.ts';

export { adversarialScripts, lookingScript } from './adversarial-scripts.ts';
export { insideModelSocket, type Tester, type TesterContext } from './tester.ts';

type TesterKind = NonNullable<TesterSpec['kind']>;

const testers: Readonly<Record<TesterKind, Tester>> = {
  command: commandTester,
  nmap: nmapTester,
  nuclei: nucleiTester,
  agent: agentTester,
  mcp: mcpTester,
  acp: acpTester,
};

/** The tester of a plan; a plan that names no kind means a command. */
export function testerOf({ kind = 'command' }: Pick<TesterSpec, 'kind'>): Tester {
  return testers[kind];
}

/**
 * Our probes as a server of the Model Context Protocol on its standard input and output, for an agent that is not in the cage:
 * what the cage must be opened with, the words to start in it, and what the probes tell until `end`.
 */
export function openProbeServer(
  context: TesterContext,
  tell: (event: TesterEvent) => void,
): Told & { readonly argv: readonly string[]; readonly mounts: readonly CageMount[] } {
  const mounts = serverMounts(context);
  return { argv: serverArgv(context), mounts, ...listenTold(context, tell) };
}
