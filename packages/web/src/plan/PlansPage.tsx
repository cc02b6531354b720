import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useMay } from '#api';
import { Button, Chip, Empty, Loaded, Panel, Time, buttonClass } from '#parts';
import { Page, paths } from '#shell';
import { count, useText, useWords } from '#words';
import { stateIcons } from './state.ts';
import { usePlan } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './plans.module.css';

type Listed = Schemas['ListedPlan'];

/** Plans whose window is to come, nearest first; then those whose window is over. */
export function PlansPage(): ReactNode {
  const say = useWords(planWords);
  const plans = useQuery({ queryKey: ['plans'], queryFn: () => answer(client.GET('/plans')), refetchInterval: 10_000 });
  const now = Date.now();
  const all = plans.data?.plans ?? [];
  const coming = all
    .filter(({ window }) => Date.parse(window.end) > now)
    .toSorted((a, b) => Date.parse(a.window.start) - Date.parse(b.window.start));
  const over = all
    .filter(({ window }) => Date.parse(window.end) <= now)
    .toSorted((a, b) => Date.parse(b.window.start) - Date.parse(a.window.start));
  return (
    <Page
      title={say('plans')}
      about={plans.data === undefined ? '···' : say('plansAbout', { n: count(all.length) })}
      figures={<NewPlan />}
    >
      <Panel title={say('comingPlans')} about={count(coming.length)} roomy>
        <Loaded
          query={plans}
          what={say('plansObject')}
          isEmpty={() => coming.length === 0}
          empty={<Empty action={<NewPlan />}>{say('noPlans')}</Empty>}
        >
          {() => <Rows plans={coming} />}
        </Loaded>
      </Panel>
      {over.length > 0 && (
        <Panel title={say('overPlans')} about={count(over.length)} roomy>
          <Rows plans={over} />
        </Panel>
      )}
    </Page>
  );
}

function NewPlan(): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const may = useMay()('plan.submit');
  if (may !== null) return <Button reason={text(may)}>{say('newPlan')}</Button>;
  return (
    <a className={buttonClass()} href={paths.newPlan()}>
      {say('newPlan')}
    </a>
  );
}

function Rows({ plans }: { plans: readonly Listed[] }): ReactNode {
  const say = useWords(planWords);
  return (
    <>
      <div className={`${css['row']} ${css['heading']}`} aria-hidden="true">
        <span>{say('window')}</span>
        <span>{say('plan')}</span>
        <span>{say('rehearsals')}</span>
        <span>{say('approvals')}</span>
        <span>{say('state')}</span>
      </div>
      <ul>
        {plans.map((plan) => (
          <Row key={plan.plan} plan={plan} />
        ))}
      </ul>
    </>
  );
}

function Row({ plan: { plan, planHash, title, window, kind, revision, author } }: { plan: Listed }): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const { data } = usePlan(planHash);
  return (
    <li>
      <a className={css['row']} href={paths.plan(plan)} data-row>
        <Time at={window.start} form="day" />
        <span className={css['name']}>
          <b>{text(title)}</b>
          <span className="quiet">
            {plan} · {say(kind)} · {say('revision', { n: revision })} · {author}
          </span>
        </span>
        <span>
          {data === undefined
            ? '···'
            : say('of', { n: data.rehearsals.filter(({ passed }) => passed).length, all: data.rehearsalsNeeded })}
        </span>
        <span>
          {data === undefined ? '···' : say('of', { n: data.approvals.approvedBy.length, all: data.approvalsNeeded })}
        </span>
        <span>
          {data === undefined ? '···' : <Chip icon={stateIcons[data.state]}>{say(`state-${data.state}`)}</Chip>}
        </span>
      </a>
    </li>
  );
}
