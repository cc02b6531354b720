/**
 * Which cases of a fault scenario run. `npm test` runs one seeded case a fault kind; `npm run scenarios` runs the whole
 * product and can be stopped and resumed: a case that passed on the same source is not run again.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seed } from '../scripts/seed.ts';

/** A fault of one `kind` (`kill-9 supervisor`) at one place (`boundary`: `after step.begin of switch`). */
export interface FaultCase {
  readonly kind: string;
  readonly boundary: string;
}

const root = join(import.meta.dirname, '..');

/** Where the full run notes what passed, a line a case; `npm run scenarios` sets it. */
export const passedLog = process.env['BREAKWATER_SCENARIOS_PASSED'];

const keyOf = (scenario: string, each: FaultCase): string => `${scenario}: ${each.kind}, ${each.boundary}`;

function passedBefore(): ReadonlySet<string> {
  return new Set(passedLog !== undefined && existsSync(passedLog) ? readFileSync(passedLog, 'utf8').split('\n') : []);
}

/** The cases to run now, in the order given. */
export function casesToRun<C extends FaultCase>(scenario: string, cases: readonly C[]): readonly C[] {
  if (passedLog !== undefined) {
    const passed = passedBefore();
    return cases.filter((each) => !passed.has(keyOf(scenario, each)));
  }
  const kinds = [...new Set(cases.map(({ kind }) => kind))];
  return kinds.flatMap((kind, at) => {
    const ofKind = cases.filter((each) => each.kind === kind);
    return ofKind.slice((seed * 7919 + at * 104_729) % ofKind.length).slice(0, 1);
  });
}

/** Notes that a case passed; call it as the last statement of the case. */
export function notePassed(scenario: string, each: FaultCase): void {
  if (passedLog === undefined) return;
  mkdirSync(join(root, '.breakwater'), { recursive: true });
  appendFileSync(passedLog, `${keyOf(scenario, each)}\n`);
}
