import type { IconName } from '#parts';

/** The shape of how a run ended; `open`: it has not. */
export const outcomeIcons: Readonly<Record<string, IconName>> = {
  open: 'running',
  completed: 'done',
  'rolled-back': 'undo',
  stopped: 'stop',
  failed: 'failed',
  refused: 'guarded',
};
