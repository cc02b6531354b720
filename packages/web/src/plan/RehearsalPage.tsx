import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Duration, Empty, Fact, Facts, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { wholeRollback } from './RehearsalsTab.tsx';
import { usePlan } from './use-plan.ts';
import { planWords } from './words.ts';

/** One rehearsal: how long the way back took from each step. */
export function RehearsalPage(): ReactNode {
  const say = useWords(planWords);
  const { plan = '', number = '' } = useParams({ strict: false }) as { plan?: string; number?: string };
  const query = usePlan(plan);
  return (
    <Page
      title={say('rehearsal', { n: number })}
      about={<a href={paths.plan(plan, undefined, 'rehearsals')}>{plan}</a>}
    >
      <Panel title={say('rollbackTimes')} roomy>
        <Loaded query={query} what={say('rehearsalsObject')}>
          {({ rehearsals }) => {
            const one = rehearsals[Number(number) - 1];
            if (one === undefined) return <Empty>{say('noRehearsals')}</Empty>;
            return (
              <Facts>
                <Fact label={say('rehearsedAt')} end={<a href={paths.run(one.run)}>{say('toRun')}</a>}>
                  <Time at={one.at} form="day" /> · {one.host} · {say(one.passed ? 'passed' : 'failed')}
                </Fact>
                <Fact label={say('wholeRollback')} end={`${count(wholeRollback(one))} ms`}>
                  <b>
                    <Duration ms={wholeRollback(one)} rounding="used" />
                  </b>
                </Fact>
                {Object.entries(one.rollbackMs).map(([step, ms]) => (
                  <Fact key={step} label={<code>{step}</code>} end={`${count(ms)} ms`}>
                    {say('upToStep', { step })}
                  </Fact>
                ))}
              </Facts>
            );
          }}
        </Loaded>
      </Panel>
    </Page>
  );
}
