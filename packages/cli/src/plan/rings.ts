/** `plan rings FILE`: the steps of a draft that name a group, written out ring by ring. */
import { readDocument } from '@breakwater/rules';
import { BreakwaterError } from '@breakwater/rules/error';
import { expandRings, requirePlan } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { formatOf, mostBytes } from './read-plan.ts';
import { writeNewFile } from './write-new.ts';

/** `plan rings`. */
export function defineRings(plan: Command): void {
  const command = withJson(
    plan
      .command('rings')
      .description(
        'Write out a draft whose steps act on a group: the canary first, then as many at once as may be out.',
      )
      .argument('<file>', 'draft in YAML or JSON whose steps name a group in "on", - for standard input')
      .option('--at-once <number>', 'change at most so many at the same time; default: as many as the group may miss')
      .option('--out <file>', 'write the plan there; left out = standard output')
      .action(rings),
  );
  withExamples(command, [
    ['./breakwater plan rings draft.yaml --at-once 2 --out plan.yaml', 'the plan, each step of the group once a ring'],
  ]);
}

async function rings(
  file: string,
  { atOnce, out, json }: { atOnce?: string; out?: string; json?: boolean },
): Promise<void> {
  if (atOnce !== undefined && !/^[1-9]\d{0,3}$/.test(atOnce))
    throw new BreakwaterError('usage.at-once', `${JSON.stringify(atOnce)} is no whole number above zero`, '--at-once');
  const { value } = readDocument(await readTextFile(file, mostBytes), {}, formatOf(file));
  const expanded = writtenOut(value, atOnce === undefined ? undefined : Number(atOnce));
  requirePlan(expanded);
  const text =
    json === true || out?.endsWith('.json') === true ? `${JSON.stringify(expanded, null, 2)}\n` : stringify(expanded);
  if (out !== undefined) await writeNewFile(out, text);
  else if (json === true) printJson(expanded);
  else printText(text.trimEnd());
}

function writtenOut(value: unknown, atOnce: number | undefined): unknown {
  let expanded: unknown;
  try {
    expanded = expandRings(value, atOnce);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BreakwaterError('plan.rings', `${error.message}: lower keep of the group`, '/groups');
  }
  if (expanded === null)
    throw new BreakwaterError('plan.rings', 'no step names a group in "on": name one of groups there', '/steps');
  return expanded;
}
