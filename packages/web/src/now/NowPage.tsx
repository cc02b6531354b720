import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, listen } from '#api';
import { BudgetBar, Duration, Empty, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useText, useWords } from '#words';
import { StopAll } from './StopAll.tsx';
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
  return (
    <Page
      title={say('now')}
      about={
        open === null || plans.data === undefined
          ? '···'
          : say('about', { runs: count(open.length), next: count(plans.data.plans.length) })
      }
      skip={{ to: '#stop', words: say('toStopAll') }}
      sideFirst
      side={
        <>
          <StopAll live />
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
      <Panel title={say('next')} roomy>
        <Loaded
          query={plans}
          what={say('plansObject')}
          isEmpty={(data) => data.plans.length === 0}
          empty={<Empty>{say('nothingNext')}</Empty>}
        >
          {(data) => (
            <ul>
              {data.plans.map((plan) => (
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
  const left = hostState?.pnrRemainingMs ?? null;
  const attempts = hostState?.test?.attempts ?? 0;
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
        <p className={css['budget']}>
          <span className="second">{say('outage')}</span>{' '}
          <b>{outageMs === null ? say('unknown') : <Duration ms={outageMs} rounding="used" />}</b> /{' '}
          <Duration ms={limits.outageMs} rounding="left" />
          {attempts > 0 && (
            <>
              {' · '}
              <Icon name="attention" /> <b>{say('outsideScope', { n: count(attempts) })}</b>
            </>
          )}
        </p>
        <BudgetBar low={(outageMs ?? 0) / Math.max(1, limits.outageMs)} limit={null} slim />
      </div>
      <div className={css['left']}>
        <b>{left === null ? say('still') : <Duration ms={Math.max(0, left)} rounding="left" />}</b>
        <span className="quiet">{say('leftToPnr')}</span>
      </div>
    </a>
  );
}

function NextPlan({ plan }: { plan: Schemas['PlanRevision'] }): ReactNode {
  const say = useWords(nowWords);
  const text = useText();
  const query = useQuery({
    queryKey: ['plan', plan.planHash],
    queryFn: () => answer(client.GET('/plans/{plan}', { params: { path: { plan: plan.planHash } } })),
  });
  const document = query.data?.document as
    | { title?: { ko: string; en: string }; window?: { start?: string } }
    | undefined;
  const start = document?.window?.start;
  return (
    <li>
      <a className={css['plan']} href={paths.plan(plan.plan)} data-row>
        <span>{start === undefined ? '···' : <Time at={start} form="day" />}</span>
        <span className={css['title']}>
          {document?.title === undefined ? plan.plan : text(document.title)} <span className="quiet">{plan.plan}</span>
        </span>
        <span>{say('rehearsed', { n: query.data?.rehearsals.length ?? '·' })}</span>
        <span>{say('approvals', { n: query.data?.approvals.approvedBy.length ?? '·' })}</span>
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
