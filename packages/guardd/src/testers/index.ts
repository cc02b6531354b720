/** Testers by the kind that a plan names. */
import type { TesterSpec } from '@breakwater/rules/plan';
import { acpTester } from './acp/index.ts';
import { agentTester } from './agent/index.ts';
import { commandTester } from './command.ts';
import { mcpTester } from './mcp/index.ts';
import { nmapTester } from './nmap/index.ts';
import { nucleiTester } from './nuclei/index.ts';
import type { Tester } from './tester.ts';

export { adversarialScripts, lookingScript, type ScriptPlace } from './adversarial-scripts.ts';
export {
  createScriptedModel,
  type ModelScript,
  type ScriptedModel,
  type ScriptedRequest,
  type ScriptedTurn,
} from './scripted-model.ts';
export {
  insideModelSocket,
  type Tester,
  type TesterCage,
  type TesterContext,
  type TesterNeeds,
  type TesterPlaces,
} from './tester.ts';

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
