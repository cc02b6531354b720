import type { Facts } from '../facts.ts';
import type { Ruling } from '../finding.ts';
import type { MeasureKind, ParametersOf } from '../measure.ts';
import { type Criterion, type PolicyPack, parametersOf } from '../pack.ts';
import { judgeConsumerLoss, judgeIntent, judgeNegligence } from './fault.ts';
import type { Inquiry } from './inquiry.ts';
import { judgeDamage, judgeDowntime, judgeLeak } from './measured.ts';
import { judgeNotice } from './notice.ts';
import { judgePlannedMeasures, judgePreTest, judgeRecovery } from './recovery.ts';
import { judgeReliefCarriedOut, judgeReliefPrepared } from './relief.ts';
import { judgeCoveredWork } from './scope.ts';

type Judge = {
  readonly judge: (pack: PolicyPack, inquiry: Inquiry) => Ruling;
  /** Facts the judge reads: times in them that are later than the as-of time are plans, and the reason says so. */
  readonly reads: readonly (keyof Facts)[];
};

/** A judge together with the parameters that its measure takes from the pack. */
function of<K extends MeasureKind>(
  kind: K,
  judgeWith: (inquiry: Inquiry, parameters: ParametersOf<K>) => Ruling,
  ...reads: (keyof Facts)[]
): Judge {
  return { judge: (pack, inquiry) => judgeWith(inquiry, parametersOf(kind, pack, inquiry.criterion)), reads };
}

const judges: Readonly<Record<MeasureKind, Judge>> = {
  'covered-work': of('covered-work', judgeCoveredWork, 'work'),
  intent: of('intent', judgeIntent, 'fault'),
  damage: of('damage', judgeDamage, 'damage'),
  downtime: of('downtime', judgeDowntime, 'disruptions'),
  leak: of('leak', judgeLeak, 'leaks'),
  'pre-test': of('pre-test', judgePreTest, 'plan'),
  'planned-measures': of('planned-measures', judgePlannedMeasures, 'plan'),
  'recovery-carried-out': of('recovery-carried-out', judgeRecovery, 'disruptions', 'recovery'),
  'advance-notice': of('advance-notice', judgeNotice, 'notices'),
  'relief-prepared': of('relief-prepared', judgeReliefPrepared, 'relief'),
  'relief-carried-out': of('relief-carried-out', judgeReliefCarriedOut, 'relief'),
  negligence: of('negligence', judgeNegligence, 'fault', 'work'),
  'consumer-loss': of('consumer-loss', judgeConsumerLoss, 'consumerLoss', 'leaks'),
};

/** Judges one criterion by its measure. */
export function judge(pack: PolicyPack, criterion: Criterion, given: Pick<Inquiry, 'facts' | 'asOf' | 'rows'>): Ruling {
  const inquiry: Inquiry = { ...given, offset: pack.timezone.offset, criterion, carvesOut: pack.carveOut !== null };
  return judges[criterion.measure].judge(pack, inquiry);
}

/** The parts of the facts that a measure reads. */
export function readBy(kind: MeasureKind): readonly (keyof Facts)[] {
  return judges[kind].reads;
}
