import { parsePlan, type ReadPlan } from '@breakwater/rules/plan';
import { readTextFile } from '../frame.ts';

/** Largest plan or context that is read, bytes. */
export const mostBytes = 1024 * 1024;

/** Reads a plan file; a name that ends in `.json` is held to strict JSON. Throws BreakwaterError. */
export async function readPlanFile(file: string): Promise<ReadPlan> {
  return parsePlan(await readTextFile(file, mostBytes), formatOf(file));
}

/** How the text of a file of this name is to be read. */
export function formatOf(file: string): 'yaml' | 'json' {
  return file.toLowerCase().endsWith('.json') ? 'json' : 'yaml';
}
