import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { applyRunEvent, brokenRunLogAt, type RunEvent, type RunLogRow, type RunView } from '@breakwater/rules/runner';
import { answer, client } from '#api';
import { Button, Icon, Loaded, Notice, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useText, useWords } from '#words';
import { Budgets } from './Budgets.tsx';
import { countdownOf, type Seen } from './figures.ts';
import { Hero } from './Hero.tsx';
import { RunJournal, RunTimeline, StateChip } from './RunPage.tsx';
import { Steps } from './Steps.tsx';
import { useRunGround } from './use-run-ground.ts';
import { runWords } from './words.ts';
import css from './replay.module.css';

/** When an event happened, ms since the epoch: on its host, where it came from one. */
function instantOf(event: RunEvent): number {
  return Date.parse(event.type === 'guard.entry' ? event.data.at : event.at);
}

function eventsOf(rows: readonly RunLogRow[]): RunEvent[] {
  return rows.map(
    ({ run, seq, epoch, type, at, data }) =>
      ({ run, seq, epoch, type, at, data: JSON.parse(data) as unknown }) as RunEvent,
  );
}

const speeds = [1, 4, 16] as const;
const tickMs = 250;

/** A run again, from its hash-chained log; the time that is shown stands in the address. */
export function ReplayPage(): ReactNode {
  const say = useWords(runWords);
  const { run = '' } = useParams({ strict: false }) as { run?: string };
  const log = useQuery({
    queryKey: ['run', run, 'log'],
    queryFn: () => answer(client.GET('/runs/{run}/log', { params: { path: { run } } })),
  });
  return (
    <Page title={say('replay')} about={<a href={paths.run(run)}>{run}</a>}>
      <Loaded query={log} what={say('logObject')}>
        {({ rows }) => <Replay run={run} rows={rows.map((row) => ({ run, ...row }))} />}
      </Loaded>
    </Page>
  );
}

function Replay({ run, rows }: { run: string; rows: readonly RunLogRow[] }): ReactNode {
  const say = useWords(runWords);
  const text = useText();
  const brokenAt = useMemo(() => brokenRunLogAt(rows), [rows]);
  const events = useMemo(() => eventsOf(rows), [rows]);
  const { t } = useSearch({ strict: false }) as { t?: number };
  const navigate = useNavigate();
  const [playing, setPlaying] = useState(false);
  // The address changes a moment later; until then the slider stays where it was put.
  const [held, setHeld] = useState<number | null>(null);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const first = events[0] === undefined ? 0 : instantOf(events[0]);
  const last = Math.max(first, ...events.map(instantOf));
  const lengthMs = last - first;
  const at = Math.min(lengthMs, Math.max(0, typeof t === 'number' ? t * 1000 : lengthMs));

  const seek = useMemo(
    () => (ms: number) => {
      const next = Math.round(Math.min(lengthMs, Math.max(0, ms)) / 100) / 10;
      void navigate({ to: '.', search: (before: object) => ({ ...before, t: next }), replace: true });
    },
    [navigate, lengthMs],
  );
  useEffect(() => setHeld(null), [at]);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      seek(at + tickMs * speed);
      if (at >= lengthMs) setPlaying(false);
    }, tickMs);
    return () => clearTimeout(timer);
  }, [playing, at, speed, seek, lengthMs]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.target instanceof Element && event.target.closest('input, button, a, select') !== null) return;
      if (event.key === ' ') {
        event.preventDefault();
        setPlaying((before) => !before);
      }
      if (event.key === 'ArrowLeft') seek(at - 10_000);
      if (event.key === 'ArrowRight') seek(at + 10_000);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [seek, at]);

  const shown = useMemo(() => events.filter((event) => instantOf(event) <= first + at), [events, first, at]);
  const view = useMemo(() => shown.reduce<RunView | null>(applyRunEvent, null), [shown]);
  const ground = useRunGround(run, view?.planHash ?? null);
  const limits = ground.limits.data;
  const now = first + at;
  const seen: Seen | null =
    view === null || limits === undefined ? null : { view, host: null, limits, sinceMs: 0, replayAt: now };
  const over = view?.phase === 'ended' || view?.phase === 'closed';
  const countdown = seen === null ? null : countdownOf(seen);

  return (
    <div className={css['replay']}>
      {brokenAt === null ? (
        <p className={css['chain']}>
          <Icon name="done" />
          {say('chainWhole', { n: count(rows.length) })}
        </p>
      ) : (
        <Notice icon="failed" crossed alert title={say('chainBroken', { seq: brokenAt })} />
      )}
      <div className={css['controls']}>
        <Button onClick={() => setPlaying(!playing)} primary>
          <Icon name={playing ? 'hold' : 'play'} />
          {playing ? say('pause') : say('play')}
        </Button>
        <Button onClick={() => seek(at - 10_000)}>{say('back10')}</Button>
        <Button onClick={() => seek(at + 10_000)}>{say('forth10')}</Button>
        <Button onClick={() => setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1)}>
          {say('speed', { n: speed })}
        </Button>
        <input
          type="range"
          min="0"
          max={Math.ceil(lengthMs / 100) / 10}
          step="0.1"
          value={(held ?? at) / 1000}
          aria-label={say('replayAt')}
          onChange={({ target }) => {
            setHeld(Number(target.value) * 1000);
            seek(Number(target.value) * 1000);
          }}
        />
        <b>
          <Time at={now} />
        </b>
        {view !== null && <StateChip view={view} steps={ground.read?.steps.length ?? null} />}
      </div>
      {ground.read !== null && <p className="second">{text(ground.read.title)}</p>}
      <Hero countdown={countdown} now={now} over={over} otherwise={say('replayNotStarted')} />
      {seen !== null && <Budgets seen={seen} />}
      {seen !== null && ground.read !== null && view !== null && view.startedAt !== null && (
        <RunTimeline
          seen={seen}
          events={shown}
          plan={ground.read}
          began={view.startedAt}
          now={now}
          countdown={countdown}
          dimmed={false}
        />
      )}
      {view !== null && ground.read !== null && limits !== undefined && (
        <div className={css['two']}>
          <Steps steps={ground.read.steps} view={view} limits={limits} now={now} dimmed={false} />
          <RunJournal events={shown} plan={ground.read} dimmed={false} />
        </div>
      )}
    </div>
  );
}
