import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, blockersOf, client, useMay, useSession } from '#api';
import { Button, Notice } from '#parts';
import { paths } from '#shell';
import { useLanguage, useText, useWords } from '#words';
import type { usePlan, useReadiness } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './tabs.module.css';

export interface StartFootProps {
  plan: ReturnType<typeof usePlan>;
  readiness: ReturnType<typeof useReadiness>;
  isNewest: boolean;
}

/** What is done with a plan: rehearsed, handed to its approvers, started. Each says why it cannot be done now. */
export function StartFoot({ plan: query, readiness, isNewest }: StartFootProps): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const language = useLanguage();
  const may = useMay();
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: plan } = query;
  const ask = useMutation({
    mutationFn: (mode: 'live' | 'rehearsal') =>
      answer(
        client.POST('/runs', {
          body: {
            plan: plan?.planHash ?? '',
            mode,
            by: session.data?.person ?? plan?.author ?? '',
            waivers: [],
          },
        }),
      ),
    async onSuccess({ run, outcome }) {
      await queries.invalidateQueries({ queryKey: ['runs'] });
      if (outcome !== 'refused') void navigate({ href: paths.run(run) });
    },
  });
  if (plan === undefined) return <div className={css['foot']} />;
  const denied = may('run.request', { plan: { state: plan.state } });
  const own = denied !== null ? text(denied) : isNewest ? null : say('notFinal');
  const blocking = readiness.data === undefined ? null : blockersOf(readiness.data);
  const document = plan.document as { rehearse?: object };
  const startReason =
    own ??
    (blocking === null
      ? '···'
      : blocking.length > 0
        ? say('blocked', { first: text(blocking[0] ?? { ko: '', en: '' }), more: blocking.length - 1 })
        : null);
  const { error, data } = ask;
  return (
    <div className={css['foot']}>
      <Button
        reason={own ?? (document.rehearse === undefined ? say('noStandIn') : null)}
        onClick={() => ask.mutate('rehearsal')}
      >
        {say('rehearse')}
      </Button>
      <Button primary reason={startReason} onClick={() => ask.mutate('live')}>
        {say('start')}
      </Button>
      {startReason === null && <span className="quiet">{say('startAbout')}</span>}
      {ask.isPending && <span role="status">{say('sent')}</span>}
      {error !== null && (
        <Notice icon="attention" title={say('requestFailed')} alert>
          <p>{error instanceof ServerError ? error.say(language) : error.message}</p>
        </Notice>
      )}
      {data?.outcome === 'refused' && (
        <Notice icon="attention" title={say('startRefused')} alert>
          <ul>
            {blockersOf({ ...data, startable: false }).map((why) => (
              <li key={why.en}>{text(why)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
