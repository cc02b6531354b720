import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { draftNotice, type Notice } from '@breakwater/rules/notice';
import { answer, client, useActing } from '#api';
import { Button, buttonClass, Empty, Icon, Loaded, Panel, Problem } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { clockTime, useText, useWords } from '#words';
import { Fields } from './Fields.tsx';
import { lintWhileWriting } from './figures.ts';
import { Preview } from './Preview.tsx';
import { useDrafts } from './queries.ts';
import { Schedule } from './Schedule.tsx';
import { Texts } from './Texts.tsx';
import { noticeWords } from './words.ts';
import css from './composer.module.css';

type Draft = NonNullable<ReturnType<typeof useDrafts>['data']>['drafts'][number];

/** A draft in three columns: fields, text with the lint in its margin, how it will look. */
export function ComposerPage(): ReactNode {
  const say = useWords(noticeWords);
  const { notice: id = '' } = useParams({ strict: false }) as { notice?: string };
  const drafts = useDrafts();
  const draft = drafts.data?.drafts.find((one) => one.draft === id);
  if (draft !== undefined) return <Composer key={draft.draft} saved={draft} />;
  return (
    <Page title={say('compose')}>
      <SectionViews section="notices" current="viewNotices" />
      <Panel title={say('compose')} roomy>
        <Loaded query={drafts} what={say('draftsObject')}>
          {() => <Empty action={<a href={paths.notices()}>{say('toList')}</a>}>{say('gone')}</Empty>}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Composer({ saved }: { saved: Draft }): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const navigate = useNavigate();
  const [document, setDocument] = useState<Notice>(saved.document);
  /** The revision that the changes began from: what somebody saved in the meantime is not written over. */
  const [revision, setRevision] = useState(saved.revision);
  const [savedDocument, setSavedDocument] = useState<Notice>(saved.document);
  const isChanged = document !== savedDocument;
  const lint = useMemo(
    () => lintWhileWriting(document, { document: savedDocument, lint: saved.lint }, new Date()),
    [document, savedDocument, saved.lint],
  );
  const change = (changes: Partial<Notice>): void => setDocument((before) => ({ ...before, ...changes }));

  useEffect(() => {
    if (!isChanged) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);

  const save = useActing(
    'notice.submit',
    (by) =>
      answer(
        client.PUT('/notices/drafts/{id}', {
          params: { path: { id: saved.draft } },
          body: { by, revision, document: document },
        }),
      ),
    {
      after(kept) {
        setRevision(kept.revision);
        setSavedDocument(document);
      },
    },
  );
  const discard = useActing(
    'notice.submit',
    (by) => answer(client.DELETE('/notices/drafts/{id}', { params: { path: { id: saved.draft }, query: { by } } })),
    { after: () => void navigate({ to: paths.notices() }) },
  );
  const submit = useActing(
    'notice.submit',
    (by) => answer(client.POST('/notices', { body: { by, plan: saved.plan, document: savedDocument } })),
    { after: ({ notice }) => void navigate({ to: paths.notice(notice) }) },
  );
  const whyNot = isChanged ? say('saveFirst') : lint.ok ? null : say('lintFirst');
  return (
    <Page
      title={say('compose')}
      heading={`${say(document.kind)} · ${text({ ko: document.title?.ko ?? '', en: document.title?.en ?? document.title?.ko ?? '' })}`}
      about={`${saved.plan} · ${isChanged ? say('unsaved') : say('savedAt', { at: clockTime(saved.savedAt), revision })}`}
      figures={
        <>
          <Button
            onClick={() => save.run()}
            disabled={!isChanged || save.isBusy}
            reason={save.why === null ? null : text(save.why)}
          >
            {say('save')}
          </Button>
        </>
      }
    >
      <Problem error={save.error ?? discard.error ?? submit.error} />
      <div className={css['columns']}>
        <Panel title={say('fields')} roomy>
          <Fields document={document} change={change} findings={lint.findings} />
          <div className={css['foot']}>
            {document.kind === 'advance' && (
              <>
                <p className="quiet">{say('rewriteAbout')}</p>
                <Button onClick={() => setDocument(rewritten(document))}>{say('rewrite')}</Button>
              </>
            )}
          </div>
        </Panel>
        <Panel
          title={say('texts')}
          roomy
          end={
            <span className={lint.ok ? 'second' : 'attention'} role="status">
              <Icon name={lint.ok ? 'done' : 'attention'} size={14} />{' '}
              {lint.findings.length === 0 ? say('noFindings') : say('findings', { n: lint.findings.length })}
            </span>
          }
        >
          <Texts document={document} change={change} lint={lint} />
        </Panel>
        <Panel title={say('preview')} roomy>
          <Preview document={document} />
        </Panel>
      </div>
      <Schedule id={saved.draft} window={document.window} about={say('scheduleSaved')} />
      <div className={css['acts']}>
        <Button
          primary
          onClick={() => submit.run()}
          disabled={submit.isBusy}
          reason={submit.why === null ? whyNot : text(submit.why)}
        >
          {say('toApproval')}
        </Button>
        <span className="quiet">{say('toApprovalAbout')}</span>
        <span className={css['space']} />
        <a className={buttonClass()} href={paths.notices()}>
          {say('toList')}
        </a>
        <Button onClick={() => discard.run()} disabled={discard.isBusy}>
          {say('discard')}
        </Button>
      </div>
    </Page>
  );
}

/** The texts of the template for the fields as they are now. */
function rewritten(document: Notice): Notice {
  const { company, work, window, windows, services, planServices, fields, serviceNames, sender } = document;
  const anew = draftNotice(
    {
      kind: work === 'security-test' ? 'security-test' : 'emergency-patch',
      window,
      services: planServices ?? services,
      notice: { services, alternativeChannels: fields.alternativeChannels ?? [] },
    },
    {
      company: { name: company?.name ?? { ko: '', en: '' }, phone: company?.phone ?? '' },
      sender: sender ?? '',
      serviceNames: serviceNames ?? {},
    },
    windows ?? undefined,
  );
  const details = fields.details ?? anew.fields.details;
  return { ...document, title: anew.title, texts: anew.texts, fields: { ...anew.fields, details } };
}
