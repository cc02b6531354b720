import { useParams } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { tripWords } from '@breakwater/rules/review';
import type { RunEvent, RunView } from '@breakwater/rules/runner';
import { useNow } from '#api';
import { buttonClass, Chip, Duration, Loaded, Notice } from '#parts';
import { HeadFigure, Page, paths } from '#shell';
import { clockTime, hms, useLanguage, useText, useWords } from '#words';
import { Budgets } from './Budgets.tsx';
import { useRunFeed } from './feed.ts';
import { countdownOf, disruptionsOf, nearness, type Countdown, type Seen } from './figures.ts';
import { Freshness, freshnessOf } from './Freshness.tsx';
import { Hero } from './Hero.tsx';
import { journalLines } from './journal.ts';
import { Journal } from './Journal.tsx';
import { Levers } from './Levers.tsx';
import { outcomeIcons } from './outcome.ts';
import type { PlanOfRun } from './plan-of-run.ts';
import { DutyPanel, EvidencePanel, GuardPanel } from './Side.tsx';
import { Steps } from './Steps.tsx';
import { Timeline } from './Timeline.tsx';
import { useLevers } from './use-levers.ts';
import { useRunGround } from './use-run-ground.ts';
import { runWords } from './words.ts';
import css from './run.module.css';

/** One run, live. */
export function RunPage(): ReactNode {
  const say = useWords(runWords);
  const text = useText();
  const language = useLanguage();
  const { run = '' } = useParams({ strict: false }) as { run?: string };
  const heard = useRunFeed(run);
  const { view, host } = heard;
  const ground = useRunGround(run, view?.planHash ?? null);
  const now = useNow();
  const { states, pull } = useLevers(run);
  const sinceMs = heard.heardAt === null ? 0 : Math.max(0, now - heard.heardAt);
  const fresh = freshnessOf(heard, sinceMs);
  const serverNow = heard.serverAt === null ? Date.now() : heard.serverAt + sinceMs;
  const limits = ground.limits.data;
  const seen: Seen | null =
    view === null || limits === undefined ? null : { view, host, limits, sinceMs: fresh === 'lost' ? 0 : sinceMs };
  const countdown = seen === null ? null : countdownOf(seen);
  const title = ground.read === null ? run : text(ground.read.title);
  const other = ground.read === null ? '' : ground.read.title[language === 'ko' ? 'en' : 'ko'];
  const over = view?.phase === 'ended' || view?.phase === 'closed';
  const began = view?.startedAt ?? null;
  const closed = view?.closedAt ?? null;
  const trip = view?.host?.trip ?? null;
  const near = over ? 'far' : nearness(countdown?.left ?? null);
  const left = countdown?.left ?? null;

  return (
    <Page
      title={
        left !== null && countdown?.running === true && !over
          ? `${say('tabLeft', { time: hms(Math.max(0, left), 'left') })} · ${title}`
          : title
      }
      heading={title}
      about={
        <>
          {other !== '' && <span lang={language === 'ko' ? 'en' : 'ko'}>{other} · </span>}
          {view === null ? run : <a href={paths.plan(view.plan)}>{view.plan}</a>} ·{' '}
          <span title={run}>{run.slice(0, 8)}</span>
          {view?.mode === 'rehearsal' && ` · ${say('rehearsal')}`}
        </>
      }
      state={view === null ? undefined : <StateChip view={view} steps={ground.read?.steps.length ?? null} />}
      figures={
        <>
          <Freshness fresh={fresh} sinceMs={sinceMs} at={heard.serverAt} />
          {began !== null && (
            <HeadFigure label={`${say('elapsed')} (${clockTime(began)} ${say('start')})`}>
              <Duration
                ms={Math.max(0, (closed === null ? serverNow : Date.parse(closed)) - Date.parse(began))}
                rounding="used"
              />
            </HeadFigure>
          )}
        </>
      }
      skip={{ to: '#levers', words: say('toLevers') }}
      sideFirst
      side={
        <>
          {over ? (
            <Over run={run} />
          ) : (
            <Levers
              run={run}
              phase={view?.phase ?? null}
              states={states}
              consequences={consequences(countdown, view, ground.read, serverNow, say)}
              pastReturn={near === 'passed'}
              pull={pull}
            />
          )}
          <GuardPanel view={view} host={host} dimmed={fresh === 'lost'} />
          <EvidencePanel />
          <DutyPanel
            view={view}
            approvedBy={ground.plan.data?.approvals.approvedBy ?? null}
            planHash={view?.planHash ?? null}
          />
        </>
      }
    >
      <div className={css['bottomed']}>
        {fresh === 'lost' && (
          <Notice icon="attention" alert title={say('lostTitle', { at: clockTime(heard.serverAt ?? Date.now()) })}>
            <p>{say('lostLevers', { run })}</p>
          </Notice>
        )}
        {heard.link === 'refused' && heard.error !== null && (
          <Loaded
            query={{
              data: undefined,
              error: heard.error,
              errorUpdatedAt: Date.now(),
              isPending: false,
              refetch: () => location.reload(),
            }}
            what={say('runObject')}
          >
            {() => null}
          </Loaded>
        )}
        {trip !== null && (
          <Notice icon="attention" crossed title={say('tripped', { why: tripWords(trip)[language] })}>
            {!over && <p>{say('trippedNow')}</p>}
          </Notice>
        )}
        {view?.phase === 'held' && (
          <Notice icon="attention" title={say('heldTitle')}>
            <p>{say('heldNow', { n: view.resumeApprovals.length })}</p>
          </Notice>
        )}
        <Hero countdown={countdown} now={serverNow} over={over} otherwise={otherwise(view, seen, say)} />
        {seen === null ? (
          <Loaded query={ground.limits} what={say('limitsObject')} meanwhile={say('guardGoesOn')}>
            {() => null}
          </Loaded>
        ) : (
          <Budgets seen={seen} />
        )}
        {seen !== null && ground.read !== null && began !== null && (
          <RunTimeline
            seen={seen}
            events={heard.events}
            plan={ground.read}
            began={began}
            now={serverNow}
            countdown={countdown}
            dimmed={fresh === 'lost'}
          />
        )}
        {view !== null && (
          <div className={css['two']}>
            {ground.read !== null && limits !== undefined ? (
              <Steps steps={ground.read.steps} view={view} limits={limits} now={serverNow} dimmed={fresh === 'lost'} />
            ) : (
              <Loaded query={ground.plan} what={say('planObject')} meanwhile={say('guardGoesOn')}>
                {() => null}
              </Loaded>
            )}
            <RunJournal events={heard.events} plan={ground.read} dimmed={fresh === 'lost'} />
          </div>
        )}
      </div>
    </Page>
  );
}

type RunSay = ReturnType<typeof useWords<keyof (typeof runWords)['ko']>>;

export function RunTimeline(props: {
  seen: Seen;
  events: readonly RunEvent[];
  plan: PlanOfRun;
  began: string;
  now: number;
  countdown: Countdown | null;
  dimmed: boolean;
}): ReactNode {
  const { seen, events, plan, began, now, countdown, dimmed } = props;
  const { view, host } = seen;
  const undone = useMemo(
    () =>
      events.flatMap((event) =>
        event.type === 'guard.entry' && event.data.event.type === 'step.end' && event.data.event.data.action === 'undo'
          ? [{ step: event.data.event.data.step, at: Date.parse(event.data.at) }]
          : [],
      ),
    [events],
  );
  const steps = plan.steps.map((step) => {
    const { state = 'pending', beganAt = null, endedAt = null } = view.steps[step.id] ?? {};
    return { ...step, state, beganAt, endedAt };
  });
  return (
    <Timeline
      services={plan.services}
      steps={steps}
      downs={disruptionsOf(view)}
      undone={undone}
      states={host?.services ?? null}
      start={Date.parse(began)}
      now={now}
      end={view.closedAt === null ? null : Date.parse(view.closedAt)}
      countdown={countdown}
      dimmed={dimmed}
    />
  );
}

export function RunJournal(props: {
  events: readonly RunEvent[];
  plan: PlanOfRun | null;
  dimmed: boolean;
  /** The newest lines alone, for a display that nobody touches; without what persons did. */
  most?: number;
}): ReactNode {
  const { events, plan, dimmed, most } = props;
  const say = useWords(runWords);
  const language = useLanguage();
  const lines = useMemo(() => {
    const titles = new Map((plan?.steps ?? []).map(({ id, title }) => [id, title]));
    const all = journalLines(events, say, language, (step) => titles.get(step)?.[language] ?? step);
    return most === undefined ? all : all.filter(({ who }) => who !== 'who-person').slice(0, most);
  }, [events, plan, say, language, most]);
  return <Journal lines={lines} events={events.length} dimmed={dimmed} />;
}

export function StateChip({ view, steps }: { view: RunView; steps: number | null }): ReactNode {
  const say = useWords(runWords);
  const done = Object.values(view.steps).filter(({ state }) => state === 'done').length;
  if (view.outcome !== null)
    return (
      <Chip icon={outcomeIcons[view.outcome] ?? 'unknown'}>
        <b>{say(view.outcome)}</b>
      </Chip>
    );
  const tone = view.phase === 'tripped' ? 'crossed' : view.phase === 'held' ? 'attention' : 'accent';
  return (
    <Chip
      icon={view.phase === 'tripped' ? 'attention' : view.phase === 'held' ? 'hold' : 'running'}
      tone={tone}
      running={view.phase === 'working'}
    >
      <b>{say(`phase-${view.phase}`)}</b> {steps !== null && say('stepsOf', { done, all: steps })}
    </Chip>
  );
}

function Over({ run }: { run: string }): ReactNode {
  const say = useWords(runWords);
  return (
    <section className={css['over']} id="levers" aria-label={say('ended')}>
      <h2>{say('ended')}</h2>
      <p className="second">{say('endedAbout')}</p>
      <p className={css['links']}>
        <a className={buttonClass(true)} href={paths.replay(run)}>
          {say('toReplay')}
        </a>
        <a className={buttonClass()} href={paths.assessment(run)}>
          {say('toAssessment')}
        </a>
      </p>
    </section>
  );
}

/** What each lever does now. */
function consequences(
  countdown: Countdown | null,
  view: RunView | null,
  plan: PlanOfRun | null,
  now: number,
  say: RunSay,
) {
  if (view === null || plan === null) return {};
  const current = plan.steps.findIndex(({ id }) => view.steps[id]?.state === 'begun');
  const done = plan.steps.findLastIndex(({ id }) =>
    ['done', 'begun', 'failed', 'cut', 'unresolved'].includes(view.steps[id]?.state ?? ''),
  );
  const back = countdown?.rollback ?? null;
  const by = back === null ? null : clockTime(now + back);
  if (done === -1) return { stop: say('stopNothing') };
  const steps = say('stepsBack', { from: done + 1, to: 1 });
  return {
    stop: current === -1 ? say('stopBack', { steps }) : say('stopCut', { step: current + 1, steps }),
    ...(by === null ? {} : { rollback: say('rollbackBy', { steps, by }) }),
  };
}

function otherwise(view: RunView | null, seen: Seen | null, say: RunSay): string {
  if (view?.mode === 'rehearsal') return say('noPnrRehearsal');
  if (view === null || seen === null) return '···';
  if (view.outcome === 'refused') return say('noPnrRefused');
  return say('noPnrHost');
}
