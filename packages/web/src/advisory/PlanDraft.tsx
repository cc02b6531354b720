import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, client, useActing, useSession } from '#api';
import { Button, Icon, Loaded, Panel, Problem } from '#parts';
import { paths } from '#shell';
import { useText, useWords } from '#words';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

/** A draft of a work plan for what was chosen: what was filled in, what a person must add. Submitting it begins to follow the patch. */
export function PlanDraft({ exposures }: { exposures: readonly string[] }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const navigate = useNavigate();
  const session = useSession().data;
  // A machine drafts in a name of its own; nothing is kept of it.
  const person = session?.person ?? 'console';
  const draft = useQuery({
    queryKey: ['plan-draft', exposures, person],
    queryFn: () => answer(client.POST('/plans/drafts', { body: { by: person, exposures: [...exposures] } })),
    enabled: session !== undefined,
    retry: false,
  });
  const submit = useActing(
    'plan.submit',
    async (by) => {
      if (draft.data === undefined) throw new Error('there is no draft');
      const { plan } = await answer(client.POST('/plans', { body: { by, document: draft.data.plan } }));
      await answer(client.POST('/patches', { body: { by, plan, exposures: [...exposures] } }));
      return plan;
    },
    { after: (plan) => void navigate({ to: paths.plan(plan) }) },
  );
  return (
    <Panel title={say('draft')} about={say('draftAbout')} roomy>
      <Loaded query={draft} what={say('draft')}>
        {({ plan, rings, owners, eligibility, earlier, gaps }) => (
          <div className={css['draft']}>
            <div className={css['columns']}>
              <section>
                <h3>{say('dissemination')}</h3>
                <p>
                  <Icon
                    name={eligibility.covered === 'all' ? 'done' : 'attention'}
                    size={14}
                    className={eligibility.covered === 'all' ? '' : 'attention'}
                  />{' '}
                  {text(eligibility)} <span className="quiet">{eligibility.by.join(', ')}</span>
                </p>
                <ol>
                  {rings.map(({ ring, assets }) => (
                    <li key={ring}>
                      <b>{say('draftRing', { n: ring })}</b> {assets.join(', ')}
                    </li>
                  ))}
                </ol>
                <p className="quiet">
                  {say('colOwners')}: {owners.join(', ') || say('unknown')}
                  {earlier !== null && <> · {say('draftEarlier', { plan: earlier.plan, n: earlier.rehearsals })}</>}
                </p>
              </section>
              <section>
                <h3>{say('draftGaps')}</h3>
                {gaps.length === 0 ? (
                  <p>{say('none')}</p>
                ) : (
                  <ul>
                    {gaps.map((gap) => (
                      <li key={`${gap.path} ${gap.ko}`}>
                        <Icon name="attention" size={14} className="attention" /> {text(gap)} <code>{gap.path}</code>
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            </div>
            <details>
              <summary>{say('draftYaml')}</summary>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keyboard */}
              <pre className={css['source']} tabIndex={0}>
                {JSON.stringify(plan, null, 2)}
              </pre>
            </details>
            <Button
              onClick={() => submit.run()}
              disabled={submit.isBusy}
              reason={submit.why === null ? null : text(submit.why)}
            >
              {say('draftSubmit')}
            </Button>
            <Problem error={submit.error} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
