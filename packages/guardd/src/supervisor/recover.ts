/** Recovery, carried out: one move of the rules after another until the run can be closed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nextRecovery, type RecoveryCourse, type RecoveryMove, type RunOnHost } from '@breakwater/rules/guard';
import type { JournalEvent, StepOutcome } from '@breakwater/rules/guard/record';
import { monoNow } from '../clock.ts';
import type { Watch } from '../watch/watch.ts';
import type { Actions, ActionSite } from './actions.ts';
import type { Appended } from './journal.ts';

export interface RecoveryHost {
  readonly actions: Actions;
  readonly watch: Watch;
  readonly course: RecoveryCourse;
  readonly site: ActionSite;
  /** How long services may take to come back after an effect, ms. */
  readonly patienceMs: number;
  run(): RunOnHost;
  append(event: JournalEvent): Appended;
}

export type Closing = Omit<Extract<RecoveryMove, { move: 'close' }>, 'move'>;

/** Probes are looked at this often while services come back, ms. */
const lookMs = 25;

/** Carries the recovery through and answers how the run is to be closed. Rejects when the journal takes no more entries. */
export async function recover(host: RecoveryHost): Promise<Closing> {
  const began = new Map<string, number>();
  let effectAt = monoNow();
  host.watch.beginVerification();
  const afterEffect = (): void => {
    effectAt = monoNow();
    host.watch.beginVerification();
  };
  for (;;) {
    if (host.site.cut.aborted) return { outcome: 'stopped', serviceRestored: restoredNow(host.watch) };
    const verified = host.watch.verification(host.patienceMs);
    const move = nextRecovery(host.run(), host.course, verified);
    switch (move.move) {
      case 'begin-rollback':
        began.set('', monoNow());
        await host.append(beginning(null)).durable;
        break;
      case 'undo':
        began.set(move.step, began.get(move.step) ?? monoNow());
        await undo(host, move.step, began);
        afterEffect();
        break;
      case 'check':
        await perform(host, move.step, 'check');
        break;
      case 'count-undone':
        await host.actions.end(move.step, 'undo', 'already-done', 0);
        await endOf(host, move.step, 'done', began);
        break;
      case 'leave':
        await endOf(host, move.step, host.run().steps[move.step]?.undone === 'failed' ? 'failed' : 'unknown', began);
        break;
      case 'end-rollback':
        await endOf(host, null, move.outcome, began);
        break;
      case 'verify':
        await sleep(lookMs);
        break;
      case 'measure':
        await host.actions.measure(move.measure, host.site);
        afterEffect();
        break;
      case 'close':
        if (host.run().mode === 'rehearsal' && verified.verdict === 'restored') {
          host.append({
            type: 'drill.measured',
            data: { drill: 'verify', durationMs: Math.round(monoNow() - effectAt) },
          });
        }
        return { outcome: move.outcome, serviceRestored: move.serviceRestored };
    }
  }
}

async function undo(host: RecoveryHost, step: string, began: Map<string, number>): Promise<void> {
  const begun = host.run().recovery.some((one) => one.measure === 'rollback' && one.step === step);
  if (!begun) host.append(beginning(step));
  if ((await perform(host, step, 'undo')) === 'done') await endOf(host, step, 'done', began);
}

async function perform(host: RecoveryHost, step: string, action: 'check' | 'undo'): Promise<StepOutcome | 'unclear'> {
  const planned = host.actions.step(step);
  if (planned === undefined) throw new Error(`the plan has no step ${step}`);
  return host.actions.perform(planned, action, host.site);
}

function beginning(step: string | null): JournalEvent {
  return { type: 'recovery.begin', data: { measure: 'rollback', step } };
}

async function endOf(
  host: RecoveryHost,
  step: string | null,
  outcome: StepOutcome,
  began: Map<string, number>,
): Promise<void> {
  const durationMs = Math.round(monoNow() - (began.get(step ?? '') ?? monoNow()));
  await host.append({ type: 'recovery.end', data: { measure: 'rollback', step, outcome, durationMs } }).durable;
}

/** What the probes say at this moment, without waiting: null when one of them does not know. */
export function restoredNow(watch: Watch): boolean | null {
  const verdicts = Object.values(watch.services());
  if (verdicts.includes('down')) return false;
  return verdicts.length === 0 || verdicts.includes('unknown') ? null : true;
}
