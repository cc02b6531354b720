import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { noticeChanges, textChanges, type NoticeChange, type TextChange } from '@breakwater/rules/notice';
import { answer, client } from '#api';
import { Chip, Empty, Fact, Facts, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { useLanguage, useText, useWords } from '#words';
import { Approve } from './Approve.tsx';
import { Delivery } from './Delivery.tsx';
import { chainOf } from './figures.ts';
import { Preview } from './Preview.tsx';
import { useNotice, useNotices } from './queries.ts';
import { Schedule } from './Schedule.tsx';
import { noticeWords } from './words.ts';
import css from './notice.module.css';

/** One notice: approval, publishing and sending, what became of each message, the start gate, and the chain it stands in. */
export function NoticePage(): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const { notice: id = '' } = useParams({ strict: false }) as { notice?: string };
  const notice = useNotice(id);
  const { data } = notice;
  const document = data?.document;
  const heading =
    document === undefined
      ? say('notices')
      : text({
          ko: document.title?.ko ?? say(document.kind),
          en: document.title?.en ?? document.title?.ko ?? say(document.kind),
        });
  return (
    <Page
      title={heading}
      about={
        data === undefined ? (
          '···'
        ) : (
          <>
            {say(data.document.kind)} · <a href={paths.plan(data.plan)}>{data.plan}</a> · {data.submittedBy}
          </>
        )
      }
      state={
        data === undefined ? undefined : data.website === null ? (
          <Chip icon="waiting">{say('notPublished')}</Chip>
        ) : (
          <Chip icon="done">{say('publishedAt')}</Chip>
        )
      }
      side={
        data === undefined || document === undefined ? undefined : (
          <>
            <Approve
              id={id}
              plan={data.plan}
              document={document}
              author={data.submittedBy}
              isPublished={data.website !== null}
            />
            <Gate plan={data.plan} />
            <Website id={id} website={data.website} />
          </>
        )
      }
    >
      <SectionViews section="notices" current="viewNotices" />
      <Loaded query={notice} what={say('noticeObject')} meanwhile={say('siteGoesOn')}>
        {({ sendings, plan, website }) => (
          <>
            <Delivery id={id} sendings={sendings} />
            {sendings.length === 0 && website === null && (
              <Schedule id={id} window={data?.document.window ?? { start: '', end: '' }} />
            )}
            <Chain id={id} plan={plan} />
            <Panel title={say('preview')} roomy>
              <div className={css['stack']}>{document !== undefined && <Preview document={document} />}</div>
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const gateWords = {
  website: 'gateWebsite',
  coverage: 'gateCoverage',
  lead: 'gateLead',
  progress: 'gateProgress',
} as const;
const gateIcons = { met: 'done', 'not-met': 'failed', unknown: 'unknown' } as const;

function Gate({ plan }: { plan: string }): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const gate = useQuery({
    queryKey: ['gate', plan],
    queryFn: () => answer(client.GET('/notices/gate', { params: { query: { plan } } })),
    refetchInterval: 5_000,
  });
  return (
    <Panel
      title={say('gate')}
      roomy
      end={
        gate.data === undefined ? undefined : (
          <Chip icon={gateIcons[gate.data.status]} tone={gate.data.status === 'met' ? 'plain' : 'attention'}>
            {say(gate.data.status)}
          </Chip>
        )
      }
    >
      <Loaded query={gate} what={say('gateObject')}>
        {({ findings }) => (
          <ul className={css['gate']}>
            {findings.map(({ what, status, words }) => (
              <li key={what}>
                <Icon name={gateIcons[status]} size={14} className={status === 'met' ? '' : 'attention'} />
                <span>
                  <b>{say(gateWords[what])}</b> <span className="quiet">{say(status)}</span>
                  <span className={css['why']}>{text(words)}</span>
                </span>
              </li>
            ))}
            <li className="quiet">{say('gateAbout')}</li>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Website({ id, website }: { id: string; website: { at: string; url: string } | null }): ReactNode {
  const say = useWords(noticeWords);
  const visibility = useQuery({
    queryKey: ['visibility', id],
    queryFn: () => answer(client.GET('/notices/{id}/visibility', { params: { path: { id } } })),
    enabled: website !== null,
    refetchInterval: 30_000,
  });
  const seen = visibility.data;
  return (
    <Panel title={say('website')} roomy>
      {website === null ? (
        <Empty>{say('notPublished')}</Empty>
      ) : (
        <Facts>
          <Fact label={say('publishedAt')}>
            <Time at={website.at} form="day" />
          </Fact>
          <Fact label={say('looks')}>
            {seen === undefined
              ? '···'
              : seen.looks === 0
                ? say('noLooks')
                : say('looksOf', { n: seen.looks, good: seen.asPublished })}
          </Fact>
          {seen !== undefined && seen.lastFault !== null && (
            <Fact label="">
              <span className="attention">
                <Icon name="attention" size={14} /> {say('lastFault', { at: seen.lastFault })}
              </span>
            </Fact>
          )}
          <Fact label="">
            <a href={website.url} target="_blank" rel="noreferrer">
              {say('openPage')}
            </a>
          </Fact>
        </Facts>
      )}
    </Panel>
  );
}

const partWords = {
  timing: 'partTiming',
  scope: 'partScope',
  details: 'partDetails',
  'alternative-channels': 'partChannels',
  website: 'partWebsite',
  sms: 'partSms',
} as const satisfies Record<NoticeChange['part'], string>;

function Chain({ id, plan }: { id: string; plan: string }): ReactNode {
  const say = useWords(noticeWords);
  const language = useLanguage();
  const notices = useNotices(plan);
  return (
    <Panel title={say('chain')} roomy>
      <Loaded query={notices} what={say('noticesObject')}>
        {(data) => {
          const { chain, before } = chainOf(data.notices, id);
          const own = chain.find(({ notice }) => notice === id);
          const changes =
            before === null || own === undefined ? [] : noticeChanges(before.document, own.document, language);
          return (
            <>
              <ol className={css['chain']}>
                {chain.map(({ notice, document, website }, at) => (
                  <li key={notice}>
                    <a href={paths.notice(notice)} aria-current={notice === id ? 'page' : undefined} data-row>
                      {say('version', { n: at + 1 })} · {say(document.kind)}
                    </a>
                    <span className="quiet">
                      {website === null ? say('notPublished') : <Time at={website.at} form="day" />}
                      {notice === id && ` · ${say('current')}`}
                    </span>
                  </li>
                ))}
              </ol>
              {before !== null && (
                <div className={css['changes']}>
                  <h3>{say('changes')}</h3>
                  {changes.length === 0 && <p className="second">{say('noChanges')}</p>}
                  {changes.map(({ part, before: old, after }) => (
                    <p key={part}>
                      <b>{say(partWords[part])}</b>{' '}
                      {textChanges(old ?? '', after ?? '').map((piece, at) => (
                        // oxlint-disable-next-line react/no-array-index-key -- pieces of a text have no other name than their place
                        <Piece key={at} piece={piece} />
                      ))}
                    </p>
                  ))}
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Piece({ piece: { kind, text } }: { piece: TextChange }): ReactNode {
  const say = useWords(noticeWords);
  if (kind === 'same') return text;
  const Mark = kind === 'removed' ? 'del' : 'ins';
  return (
    <Mark>
      <span className="spoken">{say(kind)} </span>
      {text}
    </Mark>
  );
}
