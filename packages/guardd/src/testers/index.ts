/** Testers by the kind that a plan names. */
import type { TesterSpec } from '@breakwater/rules/plan';
import { commandTester } from './command.ts';
import { nmapTester } from './nmap/index.ts';
import { nucleiTester } from './nuclei/index.ts';
import type { Tester } from './tester.ts';

export { insideModelSocket, type Tester, type TesterCage, type TesterContext, type TesterNeeds } from './tester.ts';

export type TesterKind = NonNullable<TesterSpec['kind']>;

const testers: Readonly<Record<string, Tester>> = {
  command: commandTester,
  nmap: nmapTester,
  nuclei: nucleiTester,
};

/** The tester of a plan; a plan that names no kind means a command. */
export function testerOf({ kind = 'command' }: Pick<TesterSpec, 'kind'>): Tester {
  return testers[kind] ?? commandTester;
}
