import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Fact, Facts, Loaded, Panel, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, exactWon, shortDay, useLanguage, useWords } from '#words';
import { Damage } from './Damage.tsx';
import { Leaks } from './Leaks.tsx';
import { PayFile, RunActs } from './RunActs.tsx';
import { useRuns } from './queries.ts';
import { reliefWords } from './words.ts';
import css from './ledger.module.css';

/** The ledgers of a run: damage against the limit, leaks with what they oblige to. Without a run, the runs that have them. */
export function LedgersPage(): ReactNode {
  const { run } = useParams({ strict: false }) as { run?: string };
  return run === undefined ? <Runs /> : <Ledgers run={run} />;
}

function Runs(): ReactNode {
  const say = useWords(reliefWords);
  const runs = useRuns();
  const live = runs.data?.runs.filter(({ mode }) => mode === 'live') ?? [];
  return (
    <Page title={say('ledgers')} about={say('ledgersAbout')}>
      <SectionViews section="notices" current="viewLedgers" />
      <Panel title={say('ledgers')} roomy>
        <Loaded
          query={runs}
          what={say('ledgerObject')}
          isEmpty={() => live.length === 0}
          empty={<Empty>{say('noRuns')}</Empty>}
        >
          {() => (
            <ul>
              {live.map(({ run, plan, requestedAt }) => (
                <li key={run}>
                  <a className={css['run']} href={paths.ledgers(run)} data-row>
                    <b>{plan}</b>
                    <span className="quiet">{run}</span>
                    <Time at={requestedAt} form="day" />
                  </a>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Ledgers({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  const ofRun = useQuery({
    queryKey: ['relief-run', run],
    queryFn: () => answer(client.GET('/relief/runs/{run}', { params: { path: { run } } })),
    refetchInterval: 10_000,
  });
  return (
    <Page
      title={say('ledgers')}
      about={
        <>
          <a href={paths.run(run)}>{run}</a>
        </>
      }
      side={
        <>
          <Panel title={say('figures')} roomy>
            <Loaded query={ofRun} what={say('claimsObject')}>
              {({ figures, lateFactsUntil }) => (
                <>
                  <Facts>
                    <Fact label={say('figCount')} end={<b>{say('n', { n: count(figures.count) })}</b>} />
                    <Fact label={say('figOpen')} end={say('n', { n: count(figures.open) })} />
                    <Fact label={say('figAccepted')} end={say('n', { n: count(figures.accepted) })}>
                      {exactWon(figures.acceptedAmount, language)}
                    </Fact>
                    <Fact label={say('figRefused')} end={say('n', { n: count(figures.refused) })} />
                    <Fact label={say('figPaid')} end={say('n', { n: count(figures.paid) })}>
                      {exactWon(figures.paidAmount, language)}
                    </Fact>
                  </Facts>
                  {lateFactsUntil !== null && (
                    <p className={css['note']}>{say('lateFacts', { until: shortDay(lateFactsUntil, language) })}</p>
                  )}
                </>
              )}
            </Loaded>
            <RunActs run={run} />
            <PayFile run={run} />
          </Panel>
          <Events run={run} />
        </>
      }
    >
      <SectionViews section="notices" current="viewLedgers" />
      <Damage run={run} />
      <Leaks run={run} />
    </Page>
  );
}

const known: ReadonlySet<string> = new Set([
  'claim-appealed',
  'claim-escalated',
  'assessment-reopened',
  'leak-entered',
  'result-not-delivered',
  'damage-step-reached',
  'claim-due',
  'leak-duty-due',
  'leak-duty-overdue',
  'claim-overdue',
]);

/** What people were to know of this run's relief, the newest first. */
function Events({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const events = useQuery({
    queryKey: ['relief-events', run],
    queryFn: () => answer(client.GET('/relief/events', { params: { query: { run, limit: 50 } } })),
    refetchInterval: 10_000,
  });
  return (
    <Panel title={say('events')} roomy>
      <Loaded
        query={events}
        what={say('eventsObject')}
        isEmpty={(data) => data.events.length === 0}
        empty={<Empty>{say('eventsNone')}</Empty>}
      >
        {(data) => (
          <ul className={css['events']}>
            {data.events.toReversed().map(({ id, at, kind }) => (
              <li key={id}>
                <span className="quiet">
                  <Time at={at} form="day" />
                </span>{' '}
                {known.has(kind) ? say(kind as 'leak-entered') : kind}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
