/** What the journal of a run tells of its tests. */
import type { JournalEntry } from '@breakwater/rules/guard/record';
import { planSchema, type TesterSpec } from '@breakwater/rules/plan';
import { planOfRun } from '#plan';
import type { Tx } from '#platform/db';
import type { CageReport } from './store.ts';
import { recordAttempts, recordReport, type ContainmentOptions } from './workflow.ts';

/** Keeps attempts, those that come together as one page, and the reports of cages. Entries come once, in order. */
export async function takeJournal(
  tx: Tx,
  options: ContainmentOptions,
  run: string,
  entries: readonly JournalEntry[],
): Promise<void> {
  const seen = entries.flatMap(({ at, event }) => (event.type === 'cage.attempts' ? [{ ...event.data, at }] : []));
  await recordAttempts(tx, options, { run, seen });
  for (const { event } of entries) {
    if (event.type !== 'cage.closed') continue;
    const { step, containment, tester } = event.data;
    const { tools, names } = await testOf(tx, options.institution, run);
    // A tester that did not look to its end says nothing of what it did not find.
    await recordReport(tx, options, {
      run,
      step,
      tools: tester === 'completed' ? tools : [],
      names,
      report: containment,
    });
  }
}

/**
 * The tools and pinned names of a run's test, from its plan. A rehearsal has none: it is made on what stands in for the
 * targets, and says nothing of findings on them. Nor has an agent: what it looks at is another in each run.
 */
async function testOf(tx: Tx, institution: string, run: string): Promise<Pick<CageReport, 'tools' | 'names'>> {
  const revision = await planOfRun(tx, institution, run);
  // A plan that an older version took and this one cannot read must not keep the journal from being taken.
  const plan = planSchema.safeParse(revision?.document).data;
  if (plan?.kind !== 'security-test') return { tools: [], names: [] };
  const { kind = 'command', run: argv } = plan.tester;
  return { tools: toolsOf(kind, argv?.[0]?.split('/').at(-1)), names: plan.scope.names ?? [] };
}

function toolsOf(kind: TesterSpec['kind'], program: string | undefined): string[] {
  if (kind === 'nmap' || kind === 'nuclei') return [kind];
  // An agent of ours has the program of its plan look first.
  return (kind === 'command' || kind === 'agent') && program !== undefined ? [program] : [];
}
