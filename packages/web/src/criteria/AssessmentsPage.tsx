import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { statusOrder } from './Status.tsx';
import { criteriaWords } from './words.ts';
import css from './assessments.module.css';

/** Runs that were assessed, newest first. No score and no sum: how many criteria have each status. */
export function AssessmentsPage(): ReactNode {
  const say = useWords(criteriaWords);
  const list = useQuery({ queryKey: ['assessments'], queryFn: () => answer(client.GET('/assessments')) });
  return (
    <Page
      title={say('title')}
      about={list.data === undefined ? '···' : say('about', { n: count(list.data.assessments.length) })}
    >
      <Panel title={say('title')} roomy>
        <Loaded
          query={list}
          what={say('listObject')}
          isEmpty={(data) => data.assessments.length === 0}
          empty={<Empty action={<a href={paths.runs()}>{say('toRuns')}</a>}>{say('none')}</Empty>}
        >
          {(data) => (
            <ul>
              {data.assessments.map(({ digest, run, madeAt, pack, statuses }) => (
                <li key={digest}>
                  <a className={css['row']} href={paths.assessment(run)} data-row>
                    <Time at={madeAt} form="day" />
                    <span className={css['name']}>
                      <b>{run}</b>
                      <span className="quiet">
                        {pack.id} {say('version', { n: pack.version })}
                      </span>
                    </span>
                    <span>
                      {statusOrder
                        .filter((status) => (statuses[status] ?? 0) > 0)
                        .map((status) => say(`counts-${status}`, { n: statuses[status] ?? 0 }))
                        .join(' · ')}
                    </span>
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
