/** The door of relief: its acts, each a change and its evidence in one commit. */
import { BreakwaterError } from '@breakwater/rules';
import { reliefPrepared } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { createArrivals, type ArrivalOptions, type Arrivals } from './arrivals.ts';
import { caseActs, type CaseActs } from './casework.ts';
import { claimActs, type ClaimActs } from './claims.ts';
import { remind, type Reminded } from './clock.ts';
import { ledgerActs, type LedgerActs } from './ledgers.ts';
import { changedRuns } from './ledger-store.ts';
import { createResults, type ResultNotices, type Results } from './results.ts';
import { insertPreparation, readPreparation } from './store.ts';
import { createWorkflow, type ReliefOptions } from './workflow.ts';

export type Preparation = { plan: string; preparedAt: string; claimsUntil: string; contact: string };

export type ReliefDoor = ClaimActs &
  LedgerActs &
  CaseActs &
  Arrivals &
  Results & {
    /** Says, before the work, until when and where claims are taken. The first preparation of a plan stands. */
    prepare(preparation: { plan: string; claimsUntil: string; contact: string; by: string }): Promise<Preparation>;
    preparation(plan: string): Promise<Preparation | null>;
    /** Looks at every clock now. */
    remind(): Promise<Reminded>;
    /** Runs of which a fact came since they were last looked at, at least `quietMs` ago and not within `everyMs`. */
    changedRuns(of: { quietMs: number; everyMs: number }): Promise<{ run: string; changedAt: Date }[]>;
  };

export type DoorOptions = ReliefOptions & Omit<ArrivalOptions, 'notices'> & { notices: ResultNotices };

/** Opens the domain. */
export function createRelief(options: DoorOptions): ReliefDoor {
  const workflow = createWorkflow(options);
  const { db, clock, institution, proof } = workflow;
  const ledgers = ledgerActs(workflow);

  return {
    ...claimActs(workflow),
    ...ledgers,
    ...caseActs(workflow, ledgers.reclassify),
    ...createArrivals(workflow, options),
    ...createResults(workflow, options),

    async prepare({ plan, claimsUntil, contact, by }) {
      const preparedAt = clock.now();
      const until = new Date(claimsUntil);
      if (!(until > preparedAt)) {
        throw new BreakwaterError('relief.claims-until', 'claims are taken until a time in the future', '/claimsUntil');
      }
      await inTransaction(db, async (tx) => {
        if (
          !(await insertPreparation(tx, institution, { plan, preparedAt, claimsUntil: until, contact, preparedBy: by }))
        )
          return;
        const payload = { plan, at: preparedAt.toISOString(), claimsUntil: until.toISOString(), contact };
        await append(tx, proof(reliefPrepared.type, { plan }, by, preparedAt, payload));
      });
      const stands = await readPreparation(db, institution, plan);
      if (stands === null) throw new Error('a preparation that was made is there');
      return {
        plan,
        preparedAt: stands.preparedAt.toISOString(),
        claimsUntil: stands.claimsUntil.toISOString(),
        contact: stands.contact,
      };
    },

    async preparation(plan) {
      const row = await readPreparation(db, institution, plan);
      return row === null
        ? null
        : {
            plan,
            preparedAt: row.preparedAt.toISOString(),
            claimsUntil: row.claimsUntil.toISOString(),
            contact: row.contact,
          };
    },

    remind: () => remind(workflow),

    changedRuns: ({ quietMs, everyMs }) => {
      const now = clock.now().getTime();
      return changedRuns(db, institution, new Date(now - quietMs), new Date(now - everyMs));
    },
  };
}
