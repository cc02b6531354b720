/** Testers by the kind that a plan names. */
import type { TesterSpec } from '@breakwater/rules/plan';
import { acpTester } from './acp/index.ts';
import { agentTester } from './agent/index.ts';
import { commandTester } from './command.ts';
import { mcpTester } from './mcp/index.ts';
import { nmapTester } from './nmap/index.ts';
import { nucleiTester } from './nuclei/index.ts';
import { serverArgv, serverMounts } from './mcp/served.ts';
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
 * what the cage must be opened with, and the words to start in it.
 */
export function probeServer(context: TesterContext): { argv: readonly string[]; mounts: readonly CageMount[] } {
  return { argv: serverArgv(context), mounts: serverMounts(context) };
}
