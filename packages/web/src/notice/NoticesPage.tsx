import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, buttonClass, Chip, Empty, Icon, Input, Loaded, Notice, Panel, Problem, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useText, useWords } from '#words';
import { Begin } from './Begin.tsx';
import { useDrafts, useNotices } from './queries.ts';
import { noticeWords } from './words.ts';
import css from './notice.module.css';

type Draft = NonNullable<ReturnType<typeof useDrafts>['data']>['drafts'][number];

const urgent: readonly string[] = ['disruption', 'extension', 'end'];

/** What happened before what follows from it. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  return drafts.toSorted((a, b) => urgent.indexOf(a.document.kind) - urgent.indexOf(b.document.kind));
}

/** Drafts of a trip first, because they wait for one press; then other drafts, then what was sent. */
export function NoticesPage(): ReactNode {
  const say = useWords(noticeWords);
  const notices = useNotices();
  const drafts = useDrafts();
  const ofTrip = inOrder(drafts.data?.drafts.filter(({ origin }) => origin === 'trip') ?? []);
  const others = drafts.data?.drafts.filter(({ origin }) => origin !== 'trip') ?? [];
  return (
    <Page
      title={say('notices')}
      about={
        drafts.data === undefined || notices.data === undefined
          ? '···'
          : say('noticesAbout', { drafts: drafts.data.drafts.length, notices: notices.data.notices.length })
      }
      side={
        <>
          <Begin notices={notices.data?.notices ?? []} />
          <Halt />
        </>
      }
    >
      <SectionViews section="notices" current="viewNotices" />
      {ofTrip.length > 0 && (
        <Panel title={say('afterTrip')} roomy>
          <p className={css['about']}>{say('afterTripAbout')}</p>
          <ul>
            {ofTrip.map((draft) => (
              <TripDraft key={draft.draft} draft={draft} />
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={say('drafts')} roomy>
        <Loaded
          query={drafts}
          what={say('draftsObject')}
          meanwhile={say('siteGoesOn')}
          isEmpty={() => others.length === 0}
          empty={<Empty>{say('noDrafts')}</Empty>}
        >
          {() => (
            <ul>
              {others.map((draft) => (
                <DraftRow key={draft.draft} draft={draft} />
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
      <Panel title={say('allNotices')} roomy>
        <Loaded
          query={notices}
          what={say('noticesObject')}
          meanwhile={say('siteGoesOn')}
          isEmpty={(data) => data.notices.length === 0}
          empty={<Empty>{say('noNotices')}</Empty>}
        >
          {(data) => <NoticeTable notices={data.notices} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

function useTitle(): (document: Schemas['ListedNotice']['document']) => string {
  const say = useWords(noticeWords);
  const text = useText();
  return ({ title, kind }) => text({ ko: title?.ko ?? say(kind), en: title?.en ?? title?.ko ?? say(kind) });
}

function LintState({ draft }: { draft: Draft }): ReactNode {
  const say = useWords(noticeWords);
  const errors = draft.lint.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = draft.lint.findings.length - errors;
  return (
    <span className={errors > 0 ? 'attention' : 'second'}>
      <Icon name={errors > 0 ? 'attention' : 'done'} size={14} />{' '}
      {errors > 0
        ? say('lintErrors', { n: errors })
        : warnings > 0
          ? say('lintWarnings', { n: warnings })
          : say('lintOk')}
    </span>
  );
}

function DraftRow({ draft }: { draft: Draft }): ReactNode {
  const say = useWords(noticeWords);
  const title = useTitle();
  const origin = { person: 'fromPerson', plan: 'fromPlan', trip: 'fromTrip' } as const;
  return (
    <li>
      <a className={css['row']} href={paths.noticeComposer(draft.draft)} data-row>
        <span>{say(draft.document.kind)}</span>
        <span className={css['name']}>
          <b>{title(draft.document)}</b>
          <span className="quiet">
            {draft.plan} · {say(origin[draft.origin])} · {say('saved', { by: draft.by, revision: draft.revision })}
          </span>
        </span>
        <LintState draft={draft} />
        <Time at={draft.savedAt} form="day" />
      </a>
    </li>
  );
}

/** A draft that was filled in after a trip: one press publishes and sends it. */
function TripDraft({ draft }: { draft: Draft }): ReactNode {
  const say = useWords(noticeWords);
  const title = useTitle();
  const [wake, setWake] = useState('');
  const announce = useActing('notice.send', (by) =>
    answer(
      client.POST('/notices/{id}/announce', {
        params: { path: { id: draft.draft } },
        body: { by, ...(wake.trim() === '' ? {} : { wake }) },
      }),
    ),
  );
  const text = useText();
  const isQuiet =
    announce.error !== null && (announce.error as { code?: string }).code === 'refused.notice-quiet-hours';
  return (
    <li className={css['trip']}>
      <span className={css['name']}>
        <b>{title(draft.document)}</b>
        <span className="quiet">
          {draft.plan} · {say(draft.document.kind)} · <Time at={draft.draftedAt} form="day" />
        </span>
      </span>
      <LintState draft={draft} />
      <a className={buttonClass()} href={paths.noticeComposer(draft.draft)} data-row>
        {say('edit')}
      </a>
      <Button
        primary={draft.document.kind === 'disruption'}
        onClick={() => announce.run()}
        disabled={announce.isBusy}
        reason={announce.why === null ? null : text(announce.why)}
      >
        {say('sendTrip', { kind: say(draft.document.kind) })}
      </Button>
      {announce.error !== null && (
        <div className={css['wide']}>
          <Problem error={announce.error} />
          {isQuiet && (
            <Input
              label={say('wake')}
              hint={say('wakeAbout')}
              value={wake}
              onChange={(event) => setWake(event.target.value)}
            />
          )}
        </div>
      )}
    </li>
  );
}

function NoticeTable({ notices }: { notices: readonly Schemas['ListedNotice'][] }): ReactNode {
  const say = useWords(noticeWords);
  const title = useTitle();
  return (
    <Table
      label={say('allNotices')}
      columns={[say('colKind'), say('colTitle'), say('colWindow'), say('colWebsite'), say('colText'), say('colBy')]}
    >
      {notices.map(({ notice, plan, document, website, sendings, submittedBy, submittedAt }) => (
        <tr key={notice}>
          <td className="whole">{say(document.kind)}</td>
          <td>
            <a href={paths.notice(notice)} data-row>
              {title(document)}
            </a>
            <div className="quiet">{plan}</div>
          </td>
          <td>
            <Time at={document.window.start} form="day" />
          </td>
          <td>
            {website === null ? (
              <span className="second">{say('notPublished')}</span>
            ) : (
              <Time at={website.at} form="day" />
            )}
          </td>
          <td className="whole">
            {sendings.length === 0 ? (
              <span className="second">{say('notSent')}</span>
            ) : (
              sendings.map(({ channel, state, intended }) => (
                <Chip
                  key={channel}
                  icon={
                    state === 'settled'
                      ? 'done'
                      : state === 'stopped'
                        ? 'stop'
                        : state === 'paused'
                          ? 'hold'
                          : 'running'
                  }
                  tone={state === 'paused' || state === 'stopped' ? 'attention' : 'plain'}
                  running={state === 'sending'}
                >
                  {say(state)} · {say('people', { n: count(intended) })}
                </Chip>
              ))
            )}
          </td>
          <td>
            {submittedBy}
            <div className="quiet">
              <Time at={submittedAt} form="day" />
            </div>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The switch over all sendings. Holding is one press and a reason; letting go is another. */
function Halt(): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const [reason, setReason] = useState('');
  const halt = useQuery({
    queryKey: ['halt'],
    queryFn: () => answer(client.GET('/notices/halt')),
    refetchInterval: 5_000,
  });
  const hold = useActing('notice.halt', (by) => answer(client.POST('/notices/halt', { body: { by, reason } })));
  const release = useActing('notice.halt', (by) => answer(client.POST('/notices/release', { body: { by } })));
  const why = hold.why === null ? null : text(hold.why);
  return (
    <Panel title={say('haltTitle')} roomy>
      <Loaded query={halt} what={say('haltTitle')}>
        {({ halted }) => (
          <div className={css['stack']}>
            {halted !== null && (
              <Notice
                icon="attention"
                title={say('haltNow', {
                  by: halted.by,
                  at: new Date(halted.at).toLocaleTimeString('ko-KR', { timeZone: 'Asia/Seoul' }),
                  reason: halted.reason,
                })}
              />
            )}
            {halted === null ? (
              <>
                <p className="quiet">{say('haltAbout')}</p>
                <Input label={say('haltWhy')} value={reason} onChange={(event) => setReason(event.target.value)} />
                <Button onClick={() => hold.run()} disabled={hold.isBusy || reason.trim() === ''} reason={why}>
                  <Icon name="hold" />
                  {say('haltAct')}
                </Button>
              </>
            ) : (
              <Button onClick={() => release.run()} disabled={release.isBusy} reason={why}>
                {say('releaseAct')}
              </Button>
            )}
            <Problem error={hold.error ?? release.error} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
