import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { Empty, Icon, Loaded, Panel, Select } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, shortDay, useLanguage, useWords } from '#words';
import { deadlineOf, laneOf, lanes, sayRange, type Deadline } from './figures.ts';
import { useClaims, useReliefPolicy, useRuns, type ClaimFilter } from './queries.ts';
import { reliefWords } from './words.ts';
import css from './claims.module.css';

/** Claims by what they wait for; within a lane the nearest deadline first. */
export function ClaimsPage(): ReactNode {
  const say = useWords(reliefWords);
  const filter = useSearch({ strict: false }) as ClaimFilter;
  const navigate = useNavigate();
  const claims = useClaims(filter);
  const policy = useReliefPolicy();
  const runs = useRuns();
  const clocks = policy.data?.policy ?? null;
  const now = Date.now();
  const due = (claim: Schemas['Claim']): Deadline | null => (clocks === null ? null : deadlineOf(claim, clocks, now));
  const waiting = claims.data?.claims.filter((claim) => laneOf(claim) !== 'laneDone') ?? [];
  const select = (changes: ClaimFilter): void =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...changes }), replace: true });
  return (
    <Page
      title={say('claims')}
      about={
        claims.data === undefined
          ? '···'
          : say('claimsAbout', {
              open: count(waiting.filter(({ state }) => state === 'open').length),
              soon: count(waiting.filter((claim) => due(claim)?.urgency === 'soon').length),
              late: count(waiting.filter((claim) => due(claim)?.urgency === 'over').length),
            })
      }
    >
      <SectionViews section="notices" current="viewClaims" />
      <div className={css['filters']}>
        <Select
          label={say('sourceFilter')}
          options={[
            ['', say('all')],
            ['filed', say('filed')],
            ['proactive', say('proactive')],
          ]}
          value={filter.source ?? ''}
          onChange={(event) => select({ source: (event.target.value || undefined) as ClaimFilter['source'] })}
        />
        <Select
          label={say('runFilter')}
          options={[
            ['', say('anyRun')],
            ...(runs.data?.runs ?? [])
              .filter(({ mode }) => mode === 'live')
              .map(({ run, plan }) => [run, `${plan} ${run.slice(0, 8)}`] as const),
          ]}
          value={filter.run ?? ''}
          onChange={(event) => select({ run: event.target.value || undefined })}
        />
      </div>
      <Loaded
        query={claims}
        what={say('claimsObject')}
        meanwhile={say('intakeGoesOn')}
        isEmpty={(data) => data.claims.length === 0}
        empty={
          <Panel title={say('claims')} roomy>
            <Empty>{say('noClaims')}</Empty>
          </Panel>
        }
      >
        {(data) => (
          <>
            {data.next !== null && <p className="second">{say('more')}</p>}
            <div className={css['board']}>
              {lanes.map((lane) => {
                const own = data.claims
                  .filter((claim) => laneOf(claim) === lane)
                  .toSorted((a, b) => (due(a)?.at ?? Infinity) - (due(b)?.at ?? Infinity));
                return (
                  <Panel key={lane} title={say(lane)} end={<span className="quiet">{count(own.length)}</span>}>
                    {own.length === 0 ? (
                      <Empty>{say('none')}</Empty>
                    ) : (
                      <ul className={css['lane']}>
                        {own.map((claim) => (
                          <ClaimCard key={claim.id} claim={claim} deadline={due(claim)} />
                        ))}
                      </ul>
                    )}
                  </Panel>
                );
              })}
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ClaimCard({ claim, deadline }: { claim: Schemas['Claim']; deadline: Deadline | null }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  const { id, service, source, state, amount, decided, openedAt } = claim;
  return (
    <li>
      <a href={paths.claim(id)} className={css['card']} data-row>
        <span className={css['amount']}>
          {decided === null
            ? sayRange(amount, say, language)
            : sayRange({ low: decided.amount, high: decided.amount }, say, language)}
        </span>
        <span className="second">
          {service} · {say(source)} · {say(state)} <span className="quiet">{shortDay(openedAt, language)}</span>
        </span>
        {deadline !== null && <DeadlineWord deadline={deadline} />}
      </a>
    </li>
  );
}

/** Days left until the result must be told, in a shape and a word. */
export function DeadlineWord({ deadline: { days, at, urgency } }: { deadline: Deadline }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  const word =
    urgency === 'over'
      ? say('overdue', { n: Math.max(1, -days) })
      : days === 0
        ? say('dueToday')
        : say('due', { n: days });
  return (
    <span className={urgency === 'over' ? 'crossed' : urgency === 'soon' ? 'attention' : 'second'}>
      {urgency !== 'calm' && <Icon name="attention" size={14} />} <b>{word}</b>{' '}
      <span className="quiet">{shortDay(at, language)}</span>
    </span>
  );
}
