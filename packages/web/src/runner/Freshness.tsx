import type { ReactNode } from 'react';
import { freshness } from '#api';
import { Icon } from '#parts';
import { clockTime, useWords } from '#words';
import type { RunHeard } from './feed.ts';
import { runWords } from './words.ts';
import css from './freshness.module.css';

export type Fresh = 'opening' | 'live' | 'stale' | 'lost' | 'ended';

/** How fresh the page of a run is. */
export function freshnessOf({ link, heardAt }: RunHeard, sinceMs: number): Fresh {
  if (link === 'ended') return 'ended';
  if (heardAt === null) return link === 'refused' ? 'lost' : 'opening';
  return freshness(sinceMs);
}

/** Live, stale or lost, in a shape and words. */
export function Freshness({ fresh, sinceMs, at }: { fresh: Fresh; sinceMs: number; at: number | null }): ReactNode {
  const say = useWords(runWords);
  const words: Readonly<Record<Fresh, string>> = {
    opening: say('opening'),
    live: say('fresh-live', { seconds: (sinceMs / 1000).toFixed(1) }),
    stale: say('fresh-stale', { seconds: Math.ceil(sinceMs / 1000) }),
    lost: say('fresh-lost', { at: at === null ? '' : clockTime(at) }),
    ended: say('fresh-ended'),
  };
  const old = fresh === 'stale' || fresh === 'lost';
  return (
    <span className={`${css['freshness']} ${old ? 'attention' : ''}`}>
      <Icon name={old ? 'attention' : fresh === 'opening' ? 'waiting' : 'done'} />
      {words[fresh]}
    </span>
  );
}
