import type { ReactNode } from 'react';
import { durationMs } from '@breakwater/rules';
import { upperTolerance } from '@breakwater/rules/guard';
import type { Schemas } from '@breakwater/client/browser';
import { Duration, Empty, Icon, Loaded, Panel, Time } from '#parts';
import { paths } from '#shell';
import { count, useWords } from '#words';
import { RollbackChart } from './RollbackChart.tsx';
import type { usePlan } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './tabs.module.css';

type Rehearsal = Schemas['Plan']['rehearsals'][number];

/** Rollback of everything that the plan does: the longest of the prefixes. */
export const wholeRollback = ({ rollbackMs }: Rehearsal): number => Math.max(0, ...Object.values(rollbackMs));

/** How long the way back took each time, and what the guard takes for the longest it may take. */
export function RehearsalsTab({ query }: { query: ReturnType<typeof usePlan> }): ReactNode {
  const say = useWords(planWords);
  return (
    <Panel title={say('rollbackTimes')} roomy>
      <Loaded
        query={query}
        what={say('rehearsalsObject')}
        isEmpty={(data) => data.rehearsals.length === 0}
        empty={<Empty>{say('noRehearsals')}</Empty>}
      >
        {({ plan, rehearsals, document }) => {
          const passed = rehearsals.filter((one) => one.passed).map(wholeRollback);
          const { limits } = document as { limits: { outage: string } };
          return (
            <>
              <RollbackChart
                times={rehearsals.map((one) => ({ ms: wholeRollback(one), passed: one.passed }))}
                bound={passed.length === 0 ? null : upperTolerance(passed)}
                limit={durationMs(limits.outage)}
              />
              <ol className={css['rows']}>
                {rehearsals.map((one, at) => (
                  <li key={one.run}>
                    <a className={css['rehearsal']} href={paths.rehearsal(plan, at + 1)} data-row>
                      <Icon name={one.passed ? 'done' : 'failed'} className={one.passed ? '' : 'attention'} />
                      <b>{say('rehearsal', { n: at + 1 })}</b>
                      <span>{say(one.passed ? 'passed' : 'failed')}</span>
                      <span>{one.host}</span>
                      <span>
                        <Duration ms={wholeRollback(one)} rounding="used" />{' '}
                        <span className="quiet">{count(wholeRollback(one))} ms</span>
                      </span>
                      <Time at={one.at} form="day" />
                    </a>
                  </li>
                ))}
              </ol>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
