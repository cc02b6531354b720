/** What follows on a work that runs: the state of its services on the public site, and notices that lie ready after a trip. */
import { draftSuccessor, type Notice, type NoticeKind, type ObservedService } from '@breakwater/rules/notice';
import { inTransaction } from '#platform/db';
import { listVersions, readServices, writeServices } from './chain-store.ts';
import { beginDraft, system, type DraftOptions } from './drafts.ts';

/** A live run as the notices need it. The runner knows it; the notices do not know the runner. */
export type RunInSight = {
  run: string;
  plan: string;
  /** Epoch ms of what is told of its services. */
  readAt: number;
  tripped: boolean;
  ended: boolean;
  /** What its probes say now. */
  services: ReadonlyMap<string, ObservedService['state']>;
  /** Epoch ms; `until` null = still down. */
  disruptions: readonly { service: string; since: number; until: number | null }[];
};

const listed = 100;
/** What a draft of an extension proposes; whoever sends it knows better. */
const extendedMs = 3_600_000;
/** How much newer a reading must be before it is written again, when it says the same. */
const rereadMs = 15_000;

/** Takes in what is seen of runs. Works that announced nothing to the public are passed over. */
export async function followRuns(options: DraftOptions, runs: readonly RunInSight[]): Promise<void> {
  const { db, institution } = options;
  const seen = await readServices(db, institution);
  for (const run of runs) {
    const versions = await listVersions(db, institution, { plan: run.plan, limit: listed });
    const newest = versions.at(-1);
    if (newest === undefined) continue;
    const named = new Set(newest.document.services);
    const states = new Map([...run.services].filter(([service]) => named.has(service)));
    const isNews = [...states].some(([service, state]) => {
      const before = seen.get(service);
      return before?.state !== state || run.readAt - before.at > rereadMs;
    });
    if (!run.ended && isNews) {
      await inTransaction(db, (tx) => writeServices(tx, institution, run.plan, states, new Date(run.readAt)));
    }
    if (run.tripped) await prefill(options, run, newest.document);
  }
}

/** Leaves the notices that a trip may call for, once a run: what happened, that it takes longer, that it is over. */
async function prefill(options: DraftOptions, run: RunInSight, newest: Notice): Promise<void> {
  const { db, clock } = options;
  const hit = [...new Set(run.disruptions.map(({ service }) => service))].filter((one) =>
    newest.services.includes(one),
  );
  const since = Math.min(...run.disruptions.map((one) => one.since));
  const until = run.disruptions.some((one) => one.until === null)
    ? null
    : Math.max(...run.disruptions.map((one) => one.until ?? 0));
  const disrupted = run.disruptions.length === 0 ? undefined : { since, until };
  const end = new Date(Math.max(Date.parse(newest.window.end), clock.now().getTime()) + extendedMs).toISOString();
  const ready: [NoticeKind, Notice][] = [
    [
      'disruption',
      draftSuccessor(newest, {
        kind: 'disruption',
        ...(hit.length === 0 ? {} : { services: hit }),
        ...(disrupted === undefined ? {} : { disrupted }),
      }),
    ],
    ['extension', draftSuccessor(newest, { kind: 'extension', window: { start: newest.window.start, end } })],
    ['end', draftSuccessor(newest, { kind: 'end' })],
  ];
  await inTransaction(db, async (tx) => {
    for (const [kind, document] of ready) {
      const draft = { id: `${run.run}-${kind}`, plan: run.plan, run: run.run, document, origin: 'trip' as const };
      await beginDraft(tx, options, { ...draft, by: system });
    }
  });
}
