import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Schemas } from '@breakwater/client/browser';
import { draftNotice, draftSuccessor, mayFollow, type AnnouncedWork, type Notice } from '@breakwater/rules/notice';
import { answer, client, useActing } from '#api';
import { Button, Empty, Loaded, Panel, Problem, Select } from '#parts';
import { paths } from '#shell';
import { useText, useWords } from '#words';
import { noticeWords } from './words.ts';
import css from './notice.module.css';

/** Begins a draft: the first notice of a work from its plan, each later one from the one before. */
export function Begin({ notices }: { notices: readonly Schemas['ListedNotice'][] }): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const navigate = useNavigate();
  const plans = useQuery({ queryKey: ['plans'], queryFn: () => answer(client.GET('/plans')) });
  const [chosen, setPlan] = useState<string | null>(null);
  const [kind, setKind] = useState<Notice['kind'] | null>(null);
  const plan = chosen ?? plans.data?.plans[0]?.plan ?? null;
  const published = notices.filter((notice) => notice.plan === plan && notice.website !== null);
  const last = published[0]?.document ?? null;
  const kinds = mayFollow(last?.kind ?? null);
  const picked = kind !== null && kinds.includes(kind) ? kind : (kinds[0] ?? 'advance');
  const begin = useActing(
    'notice.submit',
    async (by) => {
      if (plan === null) throw new Error(say('beginNone'));
      const document = last === null ? await firstOf(plan, notices) : draftSuccessor(last, { kind: picked });
      return answer(client.POST('/notices/drafts', { body: { by, plan, document: { ...document, kind: picked } } }));
    },
    { after: ({ draft }) => void navigate({ to: paths.noticeComposer(draft) }) },
  );
  return (
    <Panel title={say('begin')} roomy>
      <Loaded
        query={plans}
        what={say('beginFor')}
        isEmpty={(data) => data.plans.length === 0}
        empty={<Empty action={<a href={paths.plans()}>{say('toPlan')}</a>}>{say('beginNone')}</Empty>}
      >
        {(data) => (
          <div className={css['stack']}>
            <Select
              label={say('beginFor')}
              options={data.plans.map((one) => [one.plan, one.plan] as const)}
              value={plan ?? ''}
              onChange={(event) => setPlan(event.target.value)}
            />
            <Select
              label={say('beginKind')}
              options={kinds.map((one) => [one, say(one)] as const)}
              value={picked}
              onChange={(event) => setKind(event.target.value as Notice['kind'])}
            />
            <Button
              onClick={() => begin.run()}
              disabled={begin.isBusy}
              reason={begin.why === null ? null : text(begin.why)}
            >
              {say('beginAct')}
            </Button>
            <Problem error={begin.error} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

const blank = { name: { ko: '', en: '' }, phone: '' };

/** The first notice of a work, by its plan; who announces it is taken from the newest notice of any work. */
async function firstOf(plan: string, notices: readonly Schemas['ListedNotice'][]): Promise<Notice> {
  const { document } = await answer(client.GET('/plans/{plan}', { params: { path: { plan } } }));
  const before = notices.find(({ document: { company } }) => (company?.phone ?? '') !== '')?.document;
  const company = { name: before?.company?.name ?? blank.name, phone: before?.company?.phone ?? blank.phone };
  return draftNotice(document as unknown as AnnouncedWork, {
    company,
    sender: before?.sender ?? '',
    serviceNames: Object.assign({}, ...notices.map((one) => one.document.serviceNames ?? {})) as Record<
      string,
      { ko: string; en: string }
    >,
  });
}
