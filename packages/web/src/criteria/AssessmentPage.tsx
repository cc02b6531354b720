import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { parseFacts, parsePack } from '@breakwater/rules';
import { answer, client, useMay } from '#api';
import { Button, Empty, Fact, Facts, Icon, Loaded, Notice, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { dayTime, useLanguage, useText, useWords } from '#words';
import { CriterionRow } from './CriterionRow.tsx';
import { assessUnder, isChanged, parameterOf, readingOf, type Chosen } from './readings.ts';
import { criteriaWords } from './words.ts';
import css from './assessment.module.css';

/** What the criteria say of a run: a table with numbers, the open questions first, and no verdict. */
export function AssessmentPage(): ReactNode {
  const say = useWords(criteriaWords);
  const language = useLanguage();
  const { run = '' } = useParams({ strict: false }) as { run?: string };
  const { made: asked } = useSearch({ strict: false }) as { made?: string };
  const all = useQuery({
    queryKey: ['run', run, 'assessments'],
    queryFn: () => answer(client.GET('/runs/{run}/assessments', { params: { path: { run } } })),
  });
  const made = all.data?.assessments ?? [];
  const chosen = made.find(({ digest }) => digest === asked) ?? made.at(-1) ?? null;
  return (
    <Page
      title={say('title')}
      about={
        <>
          <a href={paths.run(run)}>{run}</a>
          {chosen !== null && ` · ${say('asOf', { at: dayTime(chosen.assessment.asOf, language) })}`}
        </>
      }
      figures={<AssessAgain run={run} />}
      side={
        <>
          <About run={run} made={made} chosen={chosen} />
        </>
      }
    >
      <Loaded
        query={all}
        what={say('object')}
        isEmpty={(data) => data.assessments.length === 0}
        empty={<Empty action={<AssessAgain run={run} />}>{say('notAssessed')}</Empty>}
      >
        {() => (chosen === null ? null : <Opened key={chosen.digest} digest={chosen.digest} />)}
      </Loaded>
    </Page>
  );
}

function Opened({ digest }: { digest: string }): ReactNode {
  const say = useWords(criteriaWords);
  const query = useQuery({
    queryKey: ['assessment', digest],
    queryFn: () => answer(client.GET('/assessments/{digest}', { params: { path: { digest } } })),
    staleTime: Infinity,
  });
  return (
    <Loaded query={query} what={say('object')}>
      {(data) => <Table opened={data} />}
    </Loaded>
  );
}

function Table({ opened }: { opened: Schemas['OpenedAssessment'] }): ReactNode {
  const say = useWords(criteriaWords);
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const sealed = opened.assessment;
  const [facts, pack] = useMemo(() => [parseFacts(opened.facts), parsePack(opened.pack)], [opened]);
  const chosen = useMemo(() => chosenIn(search['reading']), [search]);
  const now = useMemo(
    () => (Object.keys(chosen).length === 0 ? sealed : assessUnder(facts, pack, sealed.asOf, chosen)),
    [facts, pack, sealed, chosen],
  );
  const choose = (parameter: string, reading: string): void => {
    const next: Chosen = Object.fromEntries(
      Object.entries({ ...chosen, [parameter]: reading }).filter(
        ([name, value]) => pack.parameters[name]?.value !== value,
      ),
    );
    const written = Object.entries(next).map(([name, value]) => `${name}:${value}`);
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, reading: written.join(',') || undefined }),
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <>
      <Panel title={say('questions')} about={say('questionsAbout')} roomy>
        {now.questions.length === 0 ? (
          <Empty>{say('noQuestions')}</Empty>
        ) : (
          <ul className={css['questions']}>
            {now.questions.map((question) => (
              <li key={question.id}>
                <b>{question.id}</b> <span>{text(question)}</span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('criteria')} about={`${sealed.pack.id} ${say('version', { n: sealed.pack.version })}`} roomy>
        <p className={css['reading']} role="status">
          {Object.keys(chosen).length === 0 ? (
            <span className="quiet">{say('sealedReading')}</span>
          ) : (
            <>
              <Icon name="attention" size={14} className="attention" /> {say('otherReading')}{' '}
              <Button
                onClick={() =>
                  void navigate({
                    to: '.',
                    search: (before: Record<string, unknown>) => ({ ...before, reading: undefined }),
                    replace: true,
                  })
                }
              >
                {say('reset')}
              </Button>
            </>
          )}
        </p>
        <table className={css['table']}>
          <thead>
            <tr>
              <th scope="col">{say('article')}</th>
              <th scope="col">{say('criterion')}</th>
              <th scope="col">{say('value')}</th>
              <th scope="col">{say('margin')}</th>
              <th scope="col">{say('readings')}</th>
              <th scope="col">{say('evidence')}</th>
            </tr>
          </thead>
          <tbody>
            {now.findings.map((finding, at) => {
              const before = sealed.findings[at];
              const criterion = pack.criteria.find(({ id }) => id === finding.criterion);
              return (
                <CriterionRow
                  key={finding.criterion}
                  finding={finding}
                  title={criterion?.title ?? null}
                  names={Object.keys(criterion?.readings ?? {})}
                  changedFrom={before !== undefined && isChanged(before, finding) ? before.status : null}
                  parameter={parameterOf(pack, finding)}
                  reading={(name) => chosen[name] ?? readingOf(pack, name)}
                  onReading={choose}
                />
              );
            })}
          </tbody>
        </table>
      </Panel>
    </>
  );
}

/** `outage.aggregate:sum,leak.unit:persons` of the address. */
function chosenIn(reading: unknown): Chosen {
  if (typeof reading !== 'string') return {};
  const pairs = reading.split(',').map((pair) => pair.split(':') as [string, string?]);
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

type Made = { digest: string; madeAt: string; assessment: Schemas['OpenedAssessment']['assessment'] };

/** What it was made from, what else follows, and where its proof is. */
function About({ run, made, chosen }: { run: string; made: readonly Made[]; chosen: Made | null }): ReactNode {
  const say = useWords(criteriaWords);
  const text = useText();
  if (chosen === null) return null;
  const { assessment } = chosen;
  const { personalCredit } = assessment.carveOut;
  return (
    <>
      <Panel title={say('carveOut')} roomy>
        <p className={`${css['padded']} ${personalCredit === 'does-not-apply' ? '' : 'attention'}`}>
          {personalCredit !== 'does-not-apply' && <Icon name="attention" size={14} />} {say(`carve-${personalCredit}`)}
        </p>
      </Panel>
      <Panel title={say('dossiers')} end={<a href={paths.verification(run)}>{say('toVerify')}</a>} roomy />
      {assessment.duties.length > 0 && (
        <Panel title={say('duties')} roomy>
          <ul className={css['duties']}>
            {assessment.duties.map(({ id, status, why, due }) => (
              <li key={id}>
                <p>
                  <code>{id}</code>{' '}
                  <span className={status === 'due' ? 'attention' : 'second'}>{say(`duty-${status}`)}</span>
                </p>
                <p className="quiet">{text(why)}</p>
                {due !== null && (
                  <p>
                    <Time at={due} form="day" />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={say('pack')} roomy>
        <Facts>
          <Fact label={say('pack')}>
            {assessment.pack.id} {say('version', { n: assessment.pack.version })}
          </Fact>
        </Facts>
        <p className={`${css['padded']} quiet`}>{say('basis', { basis: assessment.pack.basis })}</p>
      </Panel>
      {made.length > 1 && (
        <Panel title={say('earlier')} roomy>
          <ul className={css['duties']}>
            {made.toReversed().map(({ digest, madeAt }, at) => (
              <li key={digest}>
                <a
                  href={`${paths.assessment(run)}?made=${encodeURIComponent(digest)}`}
                  aria-current={digest === chosen.digest ? 'true' : undefined}
                >
                  <Time at={madeAt} form="day" />
                </a>{' '}
                {at === 0 && <span className="quiet">{say('latest')}</span>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

/** Assesses what is sealed now; what was assessed before stays. */
function AssessAgain({ run }: { run: string }): ReactNode {
  const say = useWords(criteriaWords);
  const text = useText();
  const language = useLanguage();
  const may = useMay()('run.assess');
  const queries = useQueryClient();
  const assess = useMutation({
    mutationFn: () =>
      answer(client.POST('/runs/{run}/assessments', { params: { path: { run } }, body: { pack: null, asOf: null } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['run', run, 'assessments'] }),
  });
  const { error } = assess;
  return (
    <>
      <Button
        reason={may === null ? (assess.isPending ? say('assessing') : null) : text(may)}
        onClick={() => assess.mutate()}
      >
        {say('assess')}
      </Button>
      {error !== null && (
        <Notice icon="attention" title={say('assessFailed')} alert>
          <p>{error instanceof ServerError ? error.say(language) : error.message}</p>
        </Notice>
      )}
    </>
  );
}
