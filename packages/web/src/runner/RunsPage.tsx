import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { outcomeIcons } from './outcome.ts';
import { runWords } from './words.ts';
import css from './runs.module.css';
import { Icon } from '#parts';

/** The newest runs and rehearsals. */
export function RunsPage(): ReactNode {
  const say = useWords(runWords);
  const runs = useQuery({ queryKey: ['runs'], queryFn: () => answer(client.GET('/runs')), refetchInterval: 5_000 });
  return (
    <Page
      title={say('runs')}
      about={runs.data === undefined ? '···' : say('runsAbout', { n: count(runs.data.runs.length) })}
    >
      <Panel title={say('runs')} roomy>
        <Loaded
          query={runs}
          what={say('runsObject')}
          isEmpty={(data) => data.runs.length === 0}
          empty={<Empty action={<a href={paths.plans()}>{say('toPlans')}</a>}>{say('noRuns')}</Empty>}
        >
          {(data) => (
            <ul className={css['runs']}>
              {data.runs.map(({ run, plan, mode, host, requestedAt, requestedBy, outcome }) => (
                <li key={run}>
                  <a href={paths.run(run)} data-row>
                    <Icon
                      name={outcomeIcons[outcome ?? 'open'] ?? 'unknown'}
                      className={outcome === null ? 'running' : ''}
                    />
                    <span className={css['name']}>
                      <b>{plan}</b>
                      <span className="quiet">{run}</span>
                    </span>
                    <span>{say(mode)}</span>
                    <span>{host}</span>
                    <span>{requestedBy}</span>
                    <span>{outcome === null ? say('open') : say(outcome as 'completed')}</span>
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
