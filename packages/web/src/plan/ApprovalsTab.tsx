import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { shortCode } from '@breakwater/rules';
import { useMay, useOwnKey } from '#api';
import { Button, Empty, Icon, Loaded, Panel, Time } from '#parts';
import { paths } from '#shell';
import { useLanguage, useText, useWords } from '#words';
import { decide } from './sign-plan.ts';
import type { usePlan } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './tabs.module.css';

type Plan = Schemas['Plan'];

/** Who signed what about this revision, and the reader's own signature. */
export function ApprovalsTab({ query }: { query: ReturnType<typeof usePlan> }): ReactNode {
  const say = useWords(planWords);
  return (
    <>
      <Panel title={say('signingCode')} roomy>
        <Loaded query={query} what={say('planObject')}>
          {(plan) => (
            <div className={css['code']}>
              <b>{shortCode(plan.planHash)}</b>
              <code className={css['hash']}>{plan.planHash}</code>
              <p className="second">{say('codeAbout')}</p>
            </div>
          )}
        </Loaded>
      </Panel>
      <Panel title={say('decisions')} roomy>
        <Loaded query={query} what={say('planObject')}>
          {(plan) => (
            <>
              {plan.decisions.length === 0 ? (
                <Empty>{say('noDecisions')}</Empty>
              ) : (
                <ol>
                  {plan.decisions.map((decision) => (
                    <Decision key={`${decision.person} ${decision.at}`} decision={decision} />
                  ))}
                </ol>
              )}
              <Sign plan={plan} />
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

function Decision({ decision }: { decision: Plan['decisions'][number] }): ReactNode {
  const say = useWords(planWords);
  const { person, role, decision: decided, at, expires, key, passkey, fault } = decision;
  const approves = decided === 'approve';
  return (
    <li className={css['decision']}>
      <Icon name={!approves ? 'undo' : fault === null ? 'done' : 'attention'} />
      <span>
        <b>{person}</b> <span className="quiet">{role}</span>
      </span>
      <span>
        {say(passkey ? 'withPasskey' : 'withKey')} <code className={css['hash']}>{key}</code>
      </span>
      <span className={fault === null || fault === 'returned' ? '' : 'attention'}>
        {fault === null ? say(approves ? 'approved' : 'returned') : say(`fault-${fault}` as 'fault-expired')}
      </span>
      <span className="quiet">
        <Time at={at} form="day" />
        <br />
        {say('until', { at: expires.slice(0, 10) })}
      </span>
    </li>
  );
}

/** Approve and Return, each in its place, with what stands in the way beside it. */
function Sign({ plan }: { plan: Plan }): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const language = useLanguage();
  const may = useMay();
  const key = useOwnKey();
  const queries = useQueryClient();
  const sign = useMutation({
    mutationFn: async (decision: 'approve' | 'return') => {
      if (key === null || key === undefined) throw new Error(say('noKey'));
      await decide(key, plan.planHash, decision);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['plan'] }),
  });
  const denied = may('plan.decide', { author: plan.author, plan: { state: plan.state } });
  const reason = denied !== null ? text(denied) : key === null ? say('noKey') : sign.isPending ? say('asking') : null;
  const { error } = sign;
  return (
    <div className={css['sign']}>
      <Button primary reason={reason} onClick={() => sign.mutate('approve')}>
        {say('approve')}
      </Button>
      <Button disabled={reason !== null} onClick={() => sign.mutate('return')}>
        {say('returnIt')}
      </Button>
      {denied === null && key === null && <a href={paths.account()}>{say('toAccount')}</a>}
      <span className="quiet">{say('needed', { n: plan.approvalsNeeded })}</span>
      {sign.isSuccess && <span role="status">{say('signed')}</span>}
      {error !== null && (
        <span role="alert" className="attention">
          {say('signFailed', { why: error instanceof ServerError ? error.say(language) : error.message })}
        </span>
      )}
    </div>
  );
}
