import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Chip, Empty, Fact, Facts, Loaded, Panel, Problem, Select, Time } from '#parts';
import { Page, paths } from '#shell';
import { useText, useWords } from '#words';
import { Questions } from './Questions.tsx';
import { Vote } from './Vote.tsx';
import { reviewWords } from './words.ts';
import css from './case.module.css';

type Case = Schemas['Case'];
const levels = ['member', 'redacted', 'public'] as const;
type Level = (typeof levels)[number];

/** One case as a chosen reader sees it: windows, sealed versions, questions, the vote once it is opened, and the result. */
export function CasePage(): ReactNode {
  const say = useWords(reviewWords);
  const { case: id = '' } = useParams({ strict: false }) as { case?: string };
  const { level } = useSearch({ strict: false }) as { level?: Level };
  const navigate = useNavigate();
  const one = useQuery({
    queryKey: ['case', id, level ?? null],
    queryFn: () =>
      answer(
        client.GET('/cases/{case}', {
          params: { path: { case: id }, query: level === undefined ? {} : { level } },
        }),
      ),
    refetchInterval: 10_000,
  });
  const { data } = one;
  return (
    <Page
      title={data?.title ?? id}
      about={data === undefined ? '···' : `${say(`kind_${data.kind}`)} · ${data.authority} · ${data.case}`}
      state={data === undefined ? undefined : <Chip icon="case">{say(`state_${data.state}`)}</Chip>}
      side={
        data === undefined ? undefined : (
          <>
            <Questions one={data} />
            <Members one={data} />
          </>
        )
      }
    >
      <div className={css['level']}>
        <Select
          label={say('reading')}
          hint={say('levelAbout')}
          options={levels.map((name) => [name, say(`level_${name}`)] as const)}
          value={level ?? data?.level ?? 'member'}
          onChange={(event) =>
            void navigate({
              to: '.',
              search: (before: object) => ({ ...before, level: event.target.value as Level }),
              replace: true,
            })
          }
        />
      </div>
      <Loaded query={one} what={say('caseObject')}>
        {(found) => (
          <>
            <Windows one={found} />
            <Versions one={found} />
            <Sections id={id} />
            <Positions one={found} />
            <Vote one={found} />
            <Result one={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const dayMs = 86_400_000;

function Windows({ one: { windows, filing, applicant, run } }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  return (
    <Panel title={say('windows')} roomy>
      {windows.length === 0 && <Empty>{say('noWindows')}</Empty>}
      <dl className={css['windows']}>
        {windows.map(({ window, from, until, remainingMs, state }) => {
          const days = remainingMs === null ? null : Math.floor(remainingMs / dayMs);
          const isNear = state === 'open' && days !== null && days < 3;
          return (
            <div key={window}>
              <dt>{say(`window_${window}`)}</dt>
              <dd className={isNear ? 'attention' : ''}>
                {say(`windowState_${state}`)}{' '}
                {state === 'open' && days !== null && (days === 0 ? say('lastDay') : say('left', { days }))}
              </dd>
              <dd className="quiet">
                <Time at={from} form="day" /> – {until === null ? say('noEnd') : <Time at={until} form="day" />}
              </dd>
            </div>
          );
        })}
      </dl>
      <Facts>
        <Fact label={say('applicant')}>
          {applicant.individual ? say('individual') : say('institution')} {applicant.person ?? ''}{' '}
          {applicant.left && <span className="quiet">{say('leftCompany')}</span>}
        </Fact>
        <Fact label={say('filing')}>
          {filing === null ? (
            say('notFiled')
          ) : (
            <>
              <Time at={filing.filedAt} form="day" /> {filing.reference ?? ''}{' '}
              {filing.late === true && <span className="attention">{say('late')}</span>}
            </>
          )}
        </Fact>
        {run !== null && (
          <Fact label={say('colRun')}>
            <a href={paths.run(run)}>{run.slice(0, 8)}</a>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function Versions({ one }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  const seal = useActing('case.conduct', (by) =>
    answer(client.POST('/cases/{case}/versions', { params: { path: { case: one.case } }, body: { by } })),
  );
  return (
    <Panel title={say('versions')} roomy>
      {one.versions.length === 0 && <Empty>{say('noVersions')}</Empty>}
      <ol className={css['list']}>
        {one.versions.toReversed().map(({ number, sealedAt, first, end, changed, manifest }) => (
          <li key={number}>
            <b>{say('version', { n: number })}</b> <Time at={sealedAt} form="day" />{' '}
            <span className="quiet">{say('records', { first, end })}</span>{' '}
            <a
              href={`/v1/cases/${encodeURIComponent(one.case)}/versions/${number}/dossier`}
              download={`${one.case}-${number}.zip`}
            >
              {say('dossier')}
            </a>
            <div className="second">
              {changed === null
                ? say('firstVersion')
                : changed.length === 0
                  ? say('unchanged')
                  : say('changed', { what: changed.join(', ') })}
            </div>
            <code className={css['long']}>{manifest}</code>
          </li>
        ))}
      </ol>
      <div className={css['acts']}>
        <Button onClick={() => seal.run()} disabled={seal.isBusy} reason={seal.why === null ? null : text(seal.why)}>
          {say('sealAct')}
        </Button>
        <Problem error={seal.error} />
      </div>
    </Panel>
  );
}

/** The open questions with the numbers under each reading, and gross negligence. */
function Sections({ id }: { id: string }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  const sections = useQuery({
    queryKey: ['case-sections', id],
    queryFn: () => answer(client.GET('/cases/{case}/sections', { params: { path: { case: id } } })),
  });
  return (
    <Panel title={say('openQuestions')} roomy>
      <Loaded
        query={sections}
        what={say('sectionsObject')}
        isEmpty={(data) => data.questions.every(({ raised }) => !raised)}
        empty={<Empty>{say('noOpenQuestions')}</Empty>}
      >
        {({ questions, negligence }) => (
          <ul className={css['list']}>
            {questions
              .filter(({ raised }) => raised)
              .map((question) => (
                <li key={question.id}>
                  <b>{question.id}</b> {text(question)} <span className="quiet">{question.criteria.join(', ')}</span>
                  {question.applicant !== null && <div className="second">{question.applicant.text}</div>}
                </li>
              ))}
            <li>
              <b>{say('negligence')}</b> {say(`presumption_${negligence.presumption}`)}
            </li>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Positions({ one: { positions } }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  return (
    <Panel title={say('positions')} roomy>
      {positions.length === 0 && <Empty>{say('noPositions')}</Empty>}
      <ul className={css['list']}>
        {positions.map(({ at, by, topic, text, reading }) => (
          <li key={`${at} ${topic}`}>
            <b>{topic}</b> {reading !== null && say('readingOf', { name: reading })}{' '}
            <span className="quiet">
              {by} <Time at={at} form="day" />
            </span>
            <div>{text ?? <span className="second">{say('hidden')}</span>}</div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Members({ one: { members } }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  return (
    <Panel title={say('members')} roomy>
      <ul className={css['list']}>
        {members.map(({ person, seat, recused }) => (
          <li key={person}>
            {person} <span className="quiet">{say(`seat_${seat}`)}</span>{' '}
            {recused !== null && (
              <span className="second">{say('recused', { reason: recused.reason ?? say('unknownReason') })}</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Results never bind; the page says so beside each. */
function Result({ one: { result } }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  return (
    <Panel title={say('result')} roomy end={<Chip icon="guarded">{say('notBinding')}</Chip>}>
      {result === null ? (
        <Empty>{say('noResult')}</Empty>
      ) : (
        <div className={css['acts']}>
          <p>
            <b>{say(`opinion_${result.result}`)}</b> <Time at={result.toldAt} form="day" /> {result.reference ?? ''}
          </p>
          <p>{result.text ?? say('hidden')}</p>
          <p className="second">{text(result.note)}</p>
        </div>
      )}
    </Panel>
  );
}
