/** What each lever does: the only copy, read by the daemon, the supervisor and the texts. */
import type { Lever } from './record.ts';

export interface LeverEffect {
  /** Strength: a stronger lever after a weaker one still acts, a weaker after a stronger does nothing more. */
  readonly strength: number;
  readonly stopsWork: boolean;
  readonly stopsRecovery: boolean;
  /** The plan's measures follow. */
  readonly recovers: boolean;
  /** Name of the file that pulls it. */
  readonly file: string;
  /** Signals to guardd or a supervisor that pull it. */
  readonly signals: readonly ('SIGUSR1' | 'SIGUSR2' | 'SIGTERM')[];
}

export const leverEffects: Readonly<Record<Lever, LeverEffect>> = {
  hold: { strength: 1, stopsWork: false, stopsRecovery: false, recovers: false, file: 'HOLD', signals: ['SIGUSR1'] },
  cut: {
    strength: 2,
    stopsWork: true,
    stopsRecovery: false,
    recovers: true,
    file: 'STOP',
    signals: ['SIGUSR2', 'SIGTERM'],
  },
  'abort-all': { strength: 3, stopsWork: true, stopsRecovery: true, recovers: false, file: 'ABORT-ALL', signals: [] },
};

/** All levers, the strongest first: where several are pulled at once, that one is. */
export const leversByStrength: readonly Lever[] = (['hold', 'cut', 'abort-all'] as const).toSorted(
  (a, b) => leverEffects[b].strength - leverEffects[a].strength,
);

/** Name of the file with which guardd answers that a lever has acted. */
export const stoppedFile = 'STOPPED';
/** The folder whose levers act on every run of the host and forbid new ones. */
export const allRuns = 'ALL';
