/** The clocks of relief: answers to claims and duties of leaks, reminded of before they end and when they have ended. */
import { z } from 'zod';
import { reminderOf } from '@breakwater/rules/relief';
import { claimReminded } from '@breakwater/rules/relief/record';
import { answerDue } from '@breakwater/rules/relief';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { queue } from '#platform/jobs';
import { markReminded, untoldClaims } from './casework-store.ts';
import { markDutyReminded, readLeak, runningLeakDuties } from './ledger-store.ts';
import type { Workflow } from './workflow.ts';

/** Looks at every clock. */
export const clockQueue = queue({
  name: 'relief.clock',
  payload: z.strictObject({ institution: z.string() }),
  expireSeconds: 600,
  retries: 3,
  retryDelaySeconds: 5,
  oncePerKey: true,
});

const dayMs = 86_400_000;
const pageSize = 500;

export type Reminded = { claims: number; duties: number };

/** Says, once a step, which claims and which duties of leaks come to their end. A claim whose result was told has none. */
export async function remind({ db, clock, institution, policy, proof, about, raise }: Workflow): Promise<Reminded> {
  const rules = await policy(db);
  const now = clock.now();
  const done = { claims: 0, duties: 0 };
  const shortest = Math.min(rules.answerWithinDays, rules.proactiveWithinDays) - (rules.remindDaysBefore[0] ?? 0);
  const openedBefore = new Date(now.getTime() - shortest * dayMs);
  for (let after: string | null = null; ;) {
    const from: string | null = after;
    const rows = await untoldClaims(db, institution, openedBefore, from, pageSize);
    const due = rows.flatMap((row) => {
      const clockOf = { source: row.source, openedAt: row.openedAt.getTime() };
      const step = reminderOf(clockOf, now.getTime(), rules);
      return step === null || String(step) === row.reminded ? [] : [{ ...row, step, due: answerDue(clockOf, rules) }];
    });
    if (due.length > 0)
      await inTransaction(db, async (tx) => {
        for (const { id, run, step, due: dueMs } of due) {
          if (!(await markReminded(tx, institution, id, String(step)))) continue;
          const payload = { claim: id, step, due: new Date(dueMs).toISOString(), at: now.toISOString() };
          await append(tx, proof(claimReminded.type, about(id, run), null, now, payload));
          const kind = step === 'overdue' ? 'claim-overdue' : 'claim-due';
          const key = `clock/${id}/${dueMs}/${step}/${now.getTime()}`;
          await raise(tx, { key, kind, run, subject: id, detail: { step, due: payload.due } });
          done.claims += 1;
        }
      });
    after = rows.at(-1)?.id ?? null;
    if (rows.length < pageSize) break;
  }
  for (const duty of await runningLeakDuties(db, institution, new Date(now.getTime() + dayMs))) {
    const step = duty.dueAt <= now ? 'overdue' : 'soon';
    if (duty.reminded === step) continue;
    const leak = await readLeak(db, institution, duty.leak);
    await inTransaction(db, async (tx) => {
      await markDutyReminded(tx, institution, duty, step);
      const detail = { duty: duty.duty, status: duty.status, due: duty.dueAt.toISOString() };
      const key = `duty/${duty.leak}/${duty.duty}/${duty.dueAt.getTime()}/${step}`;
      const kind = step === 'overdue' ? 'leak-duty-overdue' : 'leak-duty-due';
      await raise(tx, { key, kind, run: leak?.run ?? null, subject: duty.leak, detail });
    });
    done.duties += 1;
  }
  return done;
}
