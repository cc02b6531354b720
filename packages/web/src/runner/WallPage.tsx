import { useParams } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useNow } from '#api';
import { useText, useWords } from '#words';
import { clockTime } from '#words';
import { Budgets } from './Budgets.tsx';
import { useRunFeed } from './feed.ts';
import { countdownOf, type Seen } from './figures.ts';
import { freshnessOf, Freshness } from './Freshness.tsx';
import { Hero } from './Hero.tsx';
import { RunJournal, RunTimeline, StateChip } from './RunPage.tsx';
import { useRunGround } from './use-run-ground.ts';
import { runWords } from './words.ts';
import css from './wall.module.css';

/** How far and how often the picture moves, so that nothing burns in. */
const shiftPx = 2;
const shiftEveryMs = 60_000;

/** A run for a wall: large, dark, without input, without names. */
export function WallPage(): ReactNode {
  const say = useWords(runWords);
  const text = useText();
  const { run = '' } = useParams({ strict: false }) as { run?: string };
  const heard = useRunFeed(run);
  const { view, host } = heard;
  const ground = useRunGround(run, view?.planHash ?? null);
  const now = useNow();
  const [shift, setShift] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setShift((before) => (before + 1) % 4), shiftEveryMs);
    return () => clearInterval(timer);
  }, []);
  const sinceMs = heard.heardAt === null ? 0 : Math.max(0, now - heard.heardAt);
  const fresh = freshnessOf(heard, sinceMs);
  const serverNow = heard.serverAt === null ? Date.now() : heard.serverAt + sinceMs;
  const limits = ground.limits.data;
  const seen: Seen | null = view === null || limits === undefined ? null : { view, host, limits, sinceMs };
  const countdown = seen === null ? null : countdownOf(seen);
  const over = view?.phase === 'ended' || view?.phase === 'closed';
  const [x, y] = [(shift % 2) * shiftPx, Math.floor(shift / 2) * shiftPx];
  return (
    <main className={css['wall']} style={{ transform: `translate(${x}px, ${y}px)` }}>
      <header className={css['head']}>
        <h1>{ground.read === null ? run : text(ground.read.title)}</h1>
        {view !== null && <StateChip view={view} steps={ground.read?.steps.length ?? null} />}
        <Freshness fresh={fresh} sinceMs={sinceMs} at={heard.serverAt} />
        <b className={css['clock']}>{clockTime(serverNow)} KST</b>
      </header>
      <div className={css['count']}>
        <Hero countdown={countdown} now={serverNow} over={over} otherwise={say('noPnrHost')} />
      </div>
      {seen !== null && <Budgets seen={seen} />}
      {seen !== null && ground.read !== null && view !== null && view.startedAt !== null && (
        <RunTimeline
          seen={seen}
          events={heard.events}
          plan={ground.read}
          began={view.startedAt}
          now={serverNow}
          countdown={countdown}
          dimmed={fresh === 'lost'}
        />
      )}
      <div className={css['foot']}>
        <RunJournal events={heard.events} plan={ground.read} dimmed={fresh === 'lost'} most={5} />
        <p className="second">{say('wallLevers')}</p>
      </div>
      {fresh === 'lost' && (
        <div className={css['lost']} role="alert">
          {say('wallLost', { at: clockTime(heard.serverAt ?? Date.now()) })}
        </div>
      )}
    </main>
  );
}
