/** Testers by the kind that a plan names. */
import type { TesterSpec } from '@breakwater/rules/plan';

export { insideModelSocket, type Tester, type TesterCage, type TesterContext, type TesterNeeds } from './tester.ts';

export type TesterKind = NonNullable<TesterSpec['kind']>;
