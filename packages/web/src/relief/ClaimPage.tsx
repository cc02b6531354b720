import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { reasonCodes } from '@breakwater/rules/relief';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client } from '#api';
import { Chip, Duration, Empty, Fact, Facts, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { exactWon, useLanguage, useText, useWords } from '#words';
import { DeadlineWord } from './ClaimsPage.tsx';
import { After, Personal } from './After.tsx';
import { Decide } from './Decide.tsx';
import { deadlineOf, sayRange } from './figures.ts';
import { useReliefPolicy, useRuns } from './queries.ts';
import { GiveRun } from './GiveRun.tsx';
import { reliefWords } from './words.ts';
import css from './claim.module.css';

/** What `GET /claims/{id}/case` says. */
function useCase(id: string) {
  return useQuery({
    queryKey: ['claim-case', id],
    queryFn: () => answer(client.GET('/claims/{id}/case', { params: { path: { id } } })),
  });
}
type Case = NonNullable<ReturnType<typeof useCase>['data']>;

/** One claim: what it asks for, what it is linked to, the decision, and what follows from it. */
export function ClaimPage(): ReactNode {
  const say = useWords(reliefWords);
  const { claim: id = '' } = useParams({ strict: false }) as { claim?: string };
  const claim = useQuery({
    queryKey: ['claim', id],
    queryFn: () => answer(client.GET('/claims/{id}', { params: { path: { id } } })),
    refetchInterval: 10_000,
  });
  const known = useCase(id);
  const policy = useReliefPolicy();
  const { data } = claim;
  const clocks = policy.data?.policy ?? null;
  const deadline = data === undefined || clocks === null ? null : deadlineOf(data, clocks, Date.now());
  return (
    <Page
      title={say('claim', { id: id.slice(0, 8) })}
      about={data === undefined ? '···' : `${data.service} · ${say(data.source)} · ${id}`}
      state={data === undefined ? undefined : <State claim={data} />}
      side={
        data === undefined ? undefined : (
          <>
            {clocks !== null && <Decide claim={data} policy={clocks} />}
            <After claim={data} escalations={known.data?.escalations ?? []} />
            <Personal id={id} />
          </>
        )
      }
    >
      <SectionViews section="notices" current="viewClaims" />
      <Loaded query={claim} what={say('claimObject')} meanwhile={say('intakeGoesOn')}>
        {(found) => (
          <>
            <Panel
              title={say('claim', { id: id.slice(0, 8) })}
              roomy
              end={deadline === null ? undefined : <DeadlineWord deadline={deadline} />}
            >
              <Asked claim={found} deadline={deadline?.at ?? null} />
            </Panel>
            <Panel title={say('linkTitle')} about={say('linkAbout')} roomy>
              <Loaded query={known} what={say('caseObject')}>
                {({ link }) => (link === null ? <Unlinked id={id} /> : <Link link={link} />)}
              </Loaded>
            </Panel>
            <Panel title={say('statements')} roomy>
              <Loaded
                query={known}
                what={say('caseObject')}
                isEmpty={({ statements }) => statements.length === 0}
                empty={<Empty>{say('none')}</Empty>}
              >
                {({ statements }) => <Statements statements={statements} />}
              </Loaded>
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function State({ claim: { state, proposal } }: { claim: Schemas['Claim'] }): ReactNode {
  const say = useWords(reliefWords);
  if (proposal !== null)
    return (
      <Chip icon="waiting" tone="accent">
        {say('laneSecond')}
      </Chip>
    );
  return <Chip icon={state === 'open' ? 'waiting' : state === 'refused' ? 'failed' : 'done'}>{say(state)}</Chip>;
}

function Asked({ claim, deadline }: { claim: Schemas['Claim']; deadline: number | null }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const language = useLanguage();
  const { amount, occurredAt, openedAt, run, service, source, decided, appeals } = claim;
  return (
    <Facts>
      <Fact label={say('asked')}>
        <b>{sayRange(amount, say, language)}</b>
      </Fact>
      <Fact label={say('service')}>{service}</Fact>
      <Fact label={say('source')} end={appeals > 0 ? say('appeals', { n: appeals }) : undefined}>
        {say(source)}
      </Fact>
      <Fact label={say('occurred')}>
        <Time at={occurredAt} form="day" />
      </Fact>
      <Fact label={say('opened')}>
        <Time at={openedAt} form="day" />
      </Fact>
      <Fact label={say('answerBy')}>{deadline === null ? say('none') : <Time at={deadline} form="day" />}</Fact>
      <Fact label={say('run')}>
        {run === null ? (
          say('noRun')
        ) : (
          <>
            <a href={paths.run(run)}>{run.slice(0, 8)}</a> · <a href={paths.ledgers(run)}>{say('toLedger')}</a>
          </>
        )}
      </Fact>
      {decided !== null && (
        <Fact
          label={say('decision')}
          end={
            <>
              {decided.by} <Time at={decided.at} form="day" />
            </>
          }
        >
          <b>{exactWon(decided.amount, language)}</b>{' '}
          {decided.code !== null && <>· {text(reasonCodes[decided.code])} </>}
          {decided.reason !== null && <span className="second">{decided.reason} </span>}
          {decided.second !== null && <span className="quiet">{say('second', { who: decided.second })}</span>}
        </Fact>
      )}
    </Facts>
  );
}

function Unlinked({ id }: { id: string }): ReactNode {
  const say = useWords(reliefWords);
  const runs = useRuns();
  const live = (runs.data?.runs ?? []).filter(({ mode }) => mode === 'live');
  return (
    <div className={css['stack']}>
      <p className="second">{say('linkNone')}</p>
      <GiveRun id={id} runs={live} />
    </div>
  );
}

/** The disruption it matches, what this customer was told, and whether the alternatives that were told of worked. */
function Link({ link }: { link: NonNullable<Case['link']> }): ReactNode {
  const say = useWords(reliefWords);
  const { disruption, distanceMs, notices, alternatives } = link;
  return (
    <div className={css['link']}>
      <section>
        <h3>{say('disruption')}</h3>
        {disruption === null ? (
          <p className="attention">
            <Icon name="attention" size={14} /> {say('disruptionNone')}
          </p>
        ) : (
          <>
            <p>
              <b>{disruption.service}</b> <Time at={disruption.start} form="day" /> –{' '}
              {disruption.end === null ? say('stillDown') : <Time at={disruption.end} />}
            </p>
            <p className="quiet">
              {say('distance')}:{' '}
              {distanceMs === null ? (
                say('unknown')
              ) : distanceMs === 0 ? (
                say('within')
              ) : (
                <Duration ms={distanceMs} rounding="used" />
              )}
            </p>
          </>
        )}
      </section>
      <section>
        <h3>{say('told')}</h3>
        {notices.length === 0 ? (
          <p className="attention">
            <Icon name="attention" size={14} /> {say('toldNone')}
          </p>
        ) : (
          <ul>
            {notices.map(({ notice, channel, at, told }) => (
              <li key={`${notice} ${channel}`}>
                <a href={paths.notice(notice)}>{notice}</a>{' '}
                <span className="quiet">
                  {channel} · {say(`told_${told}` as 'told_delivered')} {at !== null && <Time at={at} form="day" />}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>{say('alternatives')}</h3>
        {alternatives.length === 0 ? (
          <p className="second">{say('none')}</p>
        ) : (
          <ul>
            {alternatives.map(({ service, downMs, watched }) => (
              <li key={service}>
                <Icon name={downMs === null ? 'unknown' : downMs === 0 ? 'done' : 'attention'} size={14} />{' '}
                <b>{service}</b>{' '}
                {downMs === null ? say('altUnknown') : downMs === 0 ? say('altUp') : <Down ms={downMs} />}{' '}
                <span className="quiet">{say(`watched_${watched}` as 'watched_nobody')}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function Down({ ms }: { ms: number }): ReactNode {
  const say = useWords(reliefWords);
  const [before, after] = say('altDown', { time: '|' }).split('|');
  return (
    <span className="attention">
      {before}
      <Duration ms={ms} rounding="used" />
      {after}
    </span>
  );
}

function Statements({ statements }: { statements: Case['statements'] }): ReactNode {
  const say = useWords(reliefWords);
  return (
    <ul className={css['statements']}>
      {statements.map(({ basis, alternative, evidence, filedAt, hasContact }) => (
        <li key={filedAt}>
          <p>
            <Time at={filedAt} form="day" /> · {say('basis')}: <b>{say(`basis_${basis}` as 'basis_fee')}</b> ·{' '}
            {say('alternative')}: <b>{say(`alt_${alternative}` as 'alt_worked')}</b>
          </p>
          {evidence.length === 0 ? (
            <p className="quiet">{say('noEvidence')}</p>
          ) : (
            <ul>
              {evidence.map(({ source, digest, obtainedAt }) => (
                <li key={`${source} ${obtainedAt}`}>
                  {source} <span className="quiet">{digest === null ? '' : digest.slice(0, 23)}</span>
                </li>
              ))}
            </ul>
          )}
          {hasContact && <p className="quiet">{say('hasContact')}</p>}
        </li>
      ))}
    </ul>
  );
}
