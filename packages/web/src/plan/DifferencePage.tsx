import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { stringify } from 'yaml';
import { Empty, Loaded, Notice, Panel } from '#parts';
import { Page, paths } from '#shell';
import { useWords } from '#words';
import { differences, type Change } from './difference.ts';
import { usePlan, useRevisions } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './difference.module.css';

type RevisionRow = Schemas['PlanRevision'];

/** `/plans/a-plan/diff/2..3`. */
export function DifferencePage(): ReactNode {
  const say = useWords(planWords);
  const { plan = '', range = '' } = useParams({ strict: false }) as { plan?: string; range?: string };
  const [, first, second] = /^(\d{1,6})\.\.(\d{1,6})$/.exec(range) ?? [];
  const revisions = useRevisions(plan);
  const of = (number: string | undefined): RevisionRow | undefined =>
    revisions.data?.revisions.find(({ revision }) => revision === Number(number));
  const [from, to] = [of(first), of(second)];
  return (
    <Page
      title={say('difference', { from: first ?? '?', to: second ?? '?' })}
      about={<a href={paths.plan(plan, undefined, 'differences')}>{plan}</a>}
    >
      <Loaded query={revisions} what={say('revisionsObject')}>
        {() =>
          from === undefined || to === undefined ? (
            <Notice icon="attention" title={say('badRange')} alert />
          ) : (
            <Changes plan={plan} from={from} to={to} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** Two revisions, change by change. */
export function Changes({ plan, from, to }: { plan: string; from: RevisionRow; to: RevisionRow }): ReactNode {
  const say = useWords(planWords);
  const [before, after] = [usePlan(from.planHash), usePlan(to.planHash)];
  return (
    <Panel
      title={
        <a href={paths.planDifference(plan, from.revision, to.revision)}>
          {say('difference', { from: from.revision, to: to.revision })}
        </a>
      }
      about={say('voided')}
      roomy
    >
      <Loaded query={before} what={say('planObject')}>
        {(old) => (
          <Loaded query={after} what={say('planObject')}>
            {(now) => <Rows changes={differences(old.document, now.document)} />}
          </Loaded>
        )}
      </Loaded>
    </Panel>
  );
}

function Rows({ changes }: { changes: readonly Change[] }): ReactNode {
  const say = useWords(planWords);
  if (changes.length === 0) return <Empty>{say('noDifference')}</Empty>;
  return (
    <ul className={css['changes']}>
      {changes.map(({ path, is, before, after }) => (
        <li key={path}>
          <p>
            <code>{path}</code> <b>{say(is)}</b>
          </p>
          <Side mark="−" label={say('before')} value={before} />
          <Side mark="+" label={say('after')} value={after} />
        </li>
      ))}
    </ul>
  );
}

/** The sign says which side it is; colour says nothing. */
function Side({ mark, label, value }: { mark: string; label: string; value: unknown }): ReactNode {
  if (value === undefined) return <span className={css['nothing']} />;
  return (
    <pre className={mark === '−' ? css['before'] : css['after']}>
      <span aria-hidden="true">{mark} </span>
      <span className="spoken">{label}: </span>
      {stringify(value, { lineWidth: 0 }).trimEnd()}
    </pre>
  );
}
