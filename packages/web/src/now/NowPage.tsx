import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, blockersOf, client, listen } from '#api';
import { BudgetBar, Duration, Empty, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useLanguage, useText, useWords, won } from '#words';
import { Mine } from './Mine.tsx';
import { Safety } from './Safety.tsx';
import { nowWords } from './words.ts';
import css from './now.module.css';

const often = 2_000;

/** What runs, what is next, the guards, and the lever that stops everything. */
export function NowPage(): ReactNode {
  const say = useWords(nowWords);
  const runs = useQuery({ queryKey: ['runs'], queryFn: () => answer(client.GET('/runs')), refetchInterval: often });
  const plans = useQuery({ queryKey: ['plans'], queryFn: () => answer(client.GET('/plans')), refetchInterval: 10_000 });
  useAttempts();
  const open = runs.data?.runs.filter(({ outcome }) => outcome === null) ?? null;
  const coming = (plans.data?.plans ?? [])
    .filter(({ window }) => Date.parse(window.end) > Date.now())
    .toSorted((a, b) => Date.parse(a.window.start) - Date.parse(b.window.start));
  return (
    <Page
      title={say('now')}
      about={
        open === null || plans.data === undefined
          ? '···'
          : say('about', { runs: count(open.length), next: count(coming.length) })
      }
      skip={{ to: '#stop', words: say('toStopAll') }}
      sideFirst
      side={
        <>
          <Safety />
          <Guards />
        </>
      }
    >
      <Panel
        title={say('running')}
        roomy
        end={
          <a className="quiet" href={paths.runs()}>
            {say('allRuns')}
          </a>
        }
      >
        <Loaded
          query={runs}
          what={say('runsObject')}
          meanwhile={say('guardGoesOn')}
          isEmpty={() => open?.length === 0}
          empty={<Empty>{say('nothingRuns')}</Empty>}
        >
          {() => open?.map(({ run }) => <RunningRun key={run} run={run} />)}
        </Loaded>
      </Panel>
      <Mine plans={coming} runs={open ?? []} />
      <Panel title={say('next')} about={count(coming.length)} roomy>
        <Loaded
          query={plans}
          what={say('plansObject')}
          isEmpty={() => coming.length === 0}
          empty={<Empty>{say('nothingNext')}</Empty>}
        >
          {() => (
            <ul>
              {coming.map((plan) => (
                <NextPlan key={plan.plan} plan={plan} />
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

/** A test that tries to leave its scope is shown as soon as the server tells of it, and not at the next look. */
function useAttempts(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const closing = new AbortController();
    const listener = {
      heard(message: { event: string; data: unknown } | null): void {
        if (message?.event !== 'attempt') return;
        const { run } = message.data as { run: string };
        void queries.invalidateQueries({ queryKey: ['run', run] });
      },
      lost: () => undefined,
      ended: () => undefined,
    };
    void listen('/v1/containment/events', listener, closing.signal);
    return () => closing.abort();
  }, [queries]);
}

/** One run in three figures; its page has the rest. */
function RunningRun({ run }: { run: string }): ReactNode {
  const say = useWords(nowWords);
  const query = useQuery({
    queryKey: ['run', run],
    queryFn: () => answer(client.GET('/runs/{run}', { params: { path: { run } } })),
    refetchInterval: often,
  });
  return (
    <Loaded query={query} what={say('runsObject')} meanwhile={say('guardGoesOn')}>
      {(data) => <RunRow data={data} />}
    </Loaded>
  );
}

function RunRow({ data }: { data: Schemas['Run'] }): ReactNode {
  const say = useWords(nowWords);
  const { run, plan, mode, steps, outageMs, limits, hostState } = data;
  const language = useLanguage();
  const left = hostState?.pnrRemainingMs ?? null;
  const attempts = hostState?.test?.attempts ?? 0;
  const damage = hostState?.damage ?? null;
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <a className={css['run']} href={paths.run(run)} data-row>
      <div>
        <h3>
          <Icon name="running" className="running" /> {plan}{' '}
          <span className="quiet">
            {say(mode)} · {say('steps', { done, all: steps.length })}
          </span>
        </h3>
        <div className={css['budgets']}>
          <p className={css['budget']}>
            <span className="second">{say('outage')}</span>{' '}
            <b>{outageMs === null ? say('unknown') : <Duration ms={outageMs} rounding="used" />}</b> /{' '}
            <Duration ms={limits.outageMs} rounding="left" />
            <BudgetBar low={(outageMs ?? 0) / Math.max(1, limits.outageMs)} limit={null} slim />
          </p>
          <p className={css['budget']}>
            <span className="second">{say('damage')}</span>{' '}
            <b>{damage === null ? say('unknown') : won(damage.high ?? damage.low, language)}</b> /{' '}
            {won(limits.damageWon, language)}
            <BudgetBar
              low={(damage?.low ?? 0) / Math.max(1, limits.damageWon)}
              high={(damage?.high ?? damage?.low ?? 0) / Math.max(1, limits.damageWon)}
              limit={null}
              slim
            />
          </p>
        </div>
        {attempts > 0 && (
          <p className={css['budget']}>
            <Icon name="attention" className="attention" /> <b>{say('outsideScope', { n: count(attempts) })}</b>
          </p>
        )}
      </div>
      <div className={css['left']}>
        <b>{left === null ? say('still') : <Duration ms={Math.max(0, left)} rounding="left" />}</b>
        <span className="quiet">{say('leftToPnr')}</span>
      </div>
    </a>
  );
}

function NextPlan({ plan }: { plan: Schemas['ListedPlan'] }): ReactNode {
  const say = useWords(nowWords);
  const text = useText();
  const { planHash } = plan;
  const query = useQuery({
    queryKey: ['plan', planHash],
    queryFn: () => answer(client.GET('/plans/{plan}', { params: { path: { plan: planHash } } })),
  });
  const readiness = useQuery({
    queryKey: ['plan', planHash, 'readiness'],
    queryFn: () => answer(client.GET('/plans/{plan}/readiness', { params: { path: { plan: planHash } } })),
    refetchInterval: 10_000,
  });
  const blockers = readiness.data === undefined ? null : blockersOf(readiness.data);
  const [first] = blockers ?? [];
  const passed = query.data?.rehearsals.filter((one) => one.passed).length;
  return (
    <li>
      <a className={css['plan']} href={paths.plan(plan.plan)} data-row>
        <Time at={plan.window.start} form="day" />
        <span className={css['title']}>
          {text(plan.title)}
          <span className="quiet">{plan.plan}</span>
        </span>
        <span>
          <span className="quiet">{say('nextApprovals')}</span>{' '}
          {query.data === undefined ? '···' : `${query.data.approvals.approvedBy.length}/${query.data.approvalsNeeded}`}
        </span>
        <span>
          <span className="quiet">{say('nextRehearsed')}</span>{' '}
          {query.data === undefined ? '···' : `${passed}/${query.data.rehearsalsNeeded}`}
        </span>
        <span className={css['blockers']}>
          {blockers === null && '···'}
          {blockers !== null && first === undefined && (
            <>
              <Icon name="done" size={14} /> {say('readyToStart')}
            </>
          )}
          {first !== undefined && blockers !== null && (
            <>
              <Icon name="waiting" size={14} />{' '}
              {blockers.length === 1 ? text(first) : say('andMore', { first: text(first), n: blockers.length - 1 })}
            </>
          )}
        </span>
      </a>
    </li>
  );
}

function Guards(): ReactNode {
  const say = useWords(nowWords);
  const hosts = useQuery({ queryKey: ['hosts'], queryFn: () => answer(client.GET('/hosts')), refetchInterval: 10_000 });
  return (
    <Panel
      title={say('guards')}
      roomy
      end={
        hosts.data === undefined ? undefined : (
          <span className="quiet">{say('hosts', { n: hosts.data.hosts.length })}</span>
        )
      }
    >
      <Loaded
        query={hosts}
        what={say('hostsObject')}
        meanwhile={say('guardGoesOn')}
        isEmpty={(data) => data.hosts.length === 0}
        empty={<Empty>{say('noHosts')}</Empty>}
      >
        {(data) => (
          <ul className={css['hosts']}>
            {data.hosts.map(({ host, seen }) => (
              <li key={host} className={seen === null ? 'attention' : undefined}>
                <Icon name={seen === null ? 'attention' : 'done'} size={14} />
                <span>{host}</span>
                <span className="second">{seen === null ? say('silent') : seen.level}</span>
                {seen !== null && <Time at={seen.seenAt} />}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
