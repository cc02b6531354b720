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

type Judge<K extends MeasureKind> = {
  readonly judge: (inquiry: Inquiry, parameters: ParametersOf<K>) => Ruling;
  /** Facts the judge reads: times in them that are later than the as-of time are plans, and the reason says so. */
  readonly reads: readonly (keyof Facts)[];
};

const judges: { readonly [K in MeasureKind]: Judge<K> } = {
  'covered-work': { judge: judgeCoveredWork, reads: ['work'] },
  intent: { judge: judgeIntent, reads: ['fault'] },
  damage: { judge: judgeDamage, reads: ['damage'] },
  downtime: { judge: judgeDowntime, reads: ['disruptions'] },
  leak: { judge: judgeLeak, reads: ['leaks'] },
  'pre-test': { judge: judgePreTest, reads: ['plan'] },
  'planned-measures': { judge: judgePlannedMeasures, reads: ['plan'] },
  'recovery-carried-out': { judge: judgeRecovery, reads: ['disruptions', 'recovery'] },
  'advance-notice': { judge: judgeNotice, reads: ['notices'] },
  'relief-prepared': { judge: judgeReliefPrepared, reads: ['relief'] },
  'relief-carried-out': { judge: judgeReliefCarriedOut, reads: ['relief'] },
  negligence: { judge: judgeNegligence, reads: ['fault', 'work'] },
  'consumer-loss': { judge: judgeConsumerLoss, reads: ['consumerLoss', 'leaks'] },
};

/** Judges one criterion by its measure. */
export function judge(pack: PolicyPack, criterion: Criterion, facts: Facts, asOf: number): Ruling {
  const inquiry: Inquiry = { facts, asOf, offset: pack.timezone.offset, criterion, carvesOut: pack.carveOut !== null };
  return judgeBy(criterion.measure, pack, inquiry);
}

function judgeBy<K extends MeasureKind>(kind: K, pack: PolicyPack, inquiry: Inquiry): Ruling {
  const entry: Judge<K> = judges[kind];
  return entry.judge(inquiry, parametersOf(kind, pack, inquiry.criterion));
}

/** The parts of the facts that a measure reads. */
export function readBy(kind: MeasureKind): readonly (keyof Facts)[] {
  return judges[kind].reads;
}
