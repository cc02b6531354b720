import { useNavigate } from '@tanstack/react-router';
import { useId, type FormEvent, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { shortCode } from '@breakwater/rules';
import { Button, Panel, Time } from '#parts';
import { paths } from '#shell';
import { useWords } from '#words';
import { Changes } from './DifferencePage.tsx';
import { planWords } from './words.ts';
import css from './tabs.module.css';

type RevisionRow = Schemas['PlanRevision'];

/** All revisions, and what the newest changed. */
export function RevisionsTab({ plan, revisions }: { plan: string; revisions: readonly RevisionRow[] }): ReactNode {
  const say = useWords(planWords);
  const [last, before] = [revisions.at(-1), revisions.at(-2)];
  return (
    <>
      <Panel
        title={say('revisions')}
        end={revisions.length > 1 ? <Compare plan={plan} revisions={revisions} /> : undefined}
        roomy
      >
        <ol className={css['rows']}>
          {revisions.toReversed().map(({ revision, planHash, submittedBy, submittedAt }) => (
            <li key={planHash}>
              <a className={css['revision']} href={paths.plan(plan, revision)} data-row>
                <b>{say('revision', { n: revision })}</b>
                <Time at={submittedAt} form="day" />
                <span>{submittedBy}</span>
                <code>{shortCode(planHash)}</code>
                <code className={css['hash']}>{planHash}</code>
              </a>
            </li>
          ))}
        </ol>
      </Panel>
      {last !== undefined && before !== undefined ? (
        <Changes plan={plan} from={before} to={last} />
      ) : (
        <p className="second">{say('onlyOne')}</p>
      )}
    </>
  );
}

function Compare({ plan, revisions }: { plan: string; revisions: readonly RevisionRow[] }): ReactNode {
  const say = useWords(planWords);
  const navigate = useNavigate();
  const [from, to] = [useId(), useId()];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void navigate({ href: paths.planDifference(plan, Number(form.get('from')), Number(form.get('to'))) });
  };
  const options = revisions.map(({ revision }) => (
    <option key={revision} value={revision}>
      {say('revision', { n: revision })}
    </option>
  ));
  return (
    <form className={css['compare']} onSubmit={submit}>
      <label htmlFor={from} className="quiet">
        {say('before')}
      </label>
      <select id={from} name="from" defaultValue={revisions.at(-2)?.revision}>
        {options}
      </select>
      <label htmlFor={to} className="quiet">
        {say('after')}
      </label>
      <select id={to} name="to" defaultValue={revisions.at(-1)?.revision}>
        {options}
      </select>
      <Button type="submit">{say('compare')}</Button>
    </form>
  );
}
