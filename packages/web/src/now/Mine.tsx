import { useQueries, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { shortCode } from '@breakwater/rules';
import { answer, blockersOf, client, useMay, useSession } from '#api';
import { Empty, Icon, Panel, Time, buttonClass, type IconName } from '#parts';
import { paths } from '#shell';
import { count, dayTime, spokenDuration, useLanguage, useText, useWords } from '#words';
import { useStarts } from './starts.ts';
import { nowWords } from './words.ts';
import css from './now.module.css';

/** Something that waits for the reader: what, why it is theirs, until when, and the one thing to do. */
interface Waiting {
  readonly id: string;
  readonly icon: IconName;
  readonly what: string;
  readonly why: string;
  /** RFC 3339; null: it has no deadline, and stands after those that have one. */
  readonly until: string | null;
  readonly act: { readonly words: string; readonly href: string };
}

type Listed = Schemas['ListedPlan'];

/** What needs the reader, nearest deadline first. */
export function Mine({ plans, runs }: { plans: readonly Listed[]; runs: readonly Schemas['RunSummary'][] }): ReactNode {
  const say = useWords(nowWords);
  const language = useLanguage();
  const session = useSession();
  const waiting = useWaiting(plans, runs);
  const signedOut = session.error instanceof ServerError && session.error.status === 401;
  const next = plans[0];
  return (
    <Panel
      title={say('mine')}
      about={count(waiting.length)}
      end={<span className="quiet">{say('mineOrder')}</span>}
      roomy
    >
      {signedOut ? (
        <Empty action={<a href={paths.signIn()}>{say('signInForMine')}</a>}>{say('nothingMine')}</Empty>
      ) : waiting.length === 0 ? (
        <Empty>
          {next === undefined
            ? say('nothingMine')
            : say('nothingMineNext', { at: dayTime(next.window.start, language) })}
        </Empty>
      ) : (
        <ul>
          {waiting.map((one) => (
            <WaitingRow key={one.id} waiting={one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function WaitingRow({ waiting: { icon, what, why, until, act } }: { waiting: Waiting }): ReactNode {
  const say = useWords(nowWords);
  const language = useLanguage();
  const left = until === null ? null : Date.parse(until) - Date.now();
  return (
    <li className={css['mine']}>
      <Icon name={icon} />
      <div>
        <p>
          <b>{what}</b>
        </p>
        <p className="second">{why}</p>
      </div>
      <div className={css['until']}>
        {left === null || until === null ? (
          <span className="quiet">{say('noDeadline')}</span>
        ) : (
          <>
            <span className={left < 0 ? 'attention' : ''}>
              {left < 0
                ? say('past')
                : say('leftTime', { time: spokenDuration(Math.floor(left / 60_000) * 60_000, 'left', language) })}
            </span>
            <Time at={until} form="day" />
          </>
        )}
      </div>
      <a className={buttonClass()} href={act.href} data-row>
        {act.words}
      </a>
    </li>
  );
}

/** A plan is signed by several; nobody is asked about more than these at a time. */
const mostPlans = 50;

function useWaiting(plans: readonly Listed[], runs: readonly Schemas['RunSummary'][]): Waiting[] {
  const say = useWords(nowWords);
  const text = useText();
  const language = useLanguage();
  const may = useMay();
  const session = useSession();
  const starts = useStarts();
  const person = session.data?.person ?? null;
  const looked = person === null ? [] : plans.slice(0, mostPlans);
  const opened = useQueries({
    queries: looked.map(({ planHash }) => ({
      queryKey: ['plan', planHash],
      queryFn: () => answer(client.GET('/plans/{plan}', { params: { path: { plan: planHash } } })),
    })),
  });
  const judged = useQueries({
    queries: looked
      .filter(({ author }) => author === person)
      .map(({ planHash }) => ({
        queryKey: ['plan', planHash, 'readiness'],
        queryFn: () => answer(client.GET('/plans/{plan}/readiness', { params: { path: { plan: planHash } } })),
      })),
  });
  const proposals = useQuery({
    queryKey: ['proposals'],
    queryFn: () => answer(client.GET('/keys/proposals')),
    enabled: person !== null,
  });
  const open = useQueries({
    queries: (person === null ? [] : runs).map(({ run }) => ({
      queryKey: ['run', run],
      queryFn: () => answer(client.GET('/runs/{run}', { params: { path: { run } } })),
    })),
  });
  if (person === null) return [];
  const listed = new Map(plans.map((plan) => [plan.planHash, plan]));
  const found: Waiting[] = [];
  for (const { data } of opened) {
    const plan = data === undefined ? undefined : listed.get(data.planHash);
    if (data === undefined || plan === undefined) continue;
    const left = data.approvalsNeeded - data.approvals.approvedBy.length;
    const signed = data.approvals.approvedBy.some((one) => one.person === person);
    if (left <= 0 || signed || may('plan.decide', { author: data.author, plan: { state: data.state } }) !== null)
      continue;
    found.push({
      id: `approve ${data.planHash}`,
      icon: 'plan',
      what: say('mine-approve', { plan: plan.plan, needed: data.approvalsNeeded, left }),
      why: say('mine-approve-why', { title: text(plan.title), code: shortCode(data.planHash) }),
      until: plan.window.start,
      act: { words: say('mine-approve-do'), href: paths.plan(plan.plan, undefined, 'approvals') },
    });
  }
  for (const { data } of judged) {
    const plan = data === undefined ? undefined : listed.get(data.readiness.planHash);
    const [first] = data === undefined ? [] : blockersOf(data);
    if (plan === undefined || first === undefined) continue;
    found.push({
      id: `blocked ${plan.planHash}`,
      icon: 'attention',
      what: say('mine-blocked', { plan: plan.plan }),
      why: text(first),
      until: plan.window.start,
      act: { words: say('mine-blocked-do'), href: paths.plan(plan.plan) },
    });
  }
  const ban = starts.data?.forbidden ?? null;
  if (ban !== null && !ban.releasedBy.includes(person) && may('starts.allow') === null) {
    const needed = starts.data?.releasesNeeded ?? 2;
    found.push({
      id: `release ${ban.id}`,
      icon: 'stop',
      what: say('mine-release', { needed, left: needed - ban.releasedBy.length }),
      why: say('mine-release-why', { by: ban.by, at: dayTime(ban.at, language) }),
      until: null,
      act: { words: say('mine-release-do'), href: '#stop' },
    });
  }
  for (const { data } of open) {
    if (data?.phase !== 'held' || data.resumeApprovals.includes(person) || may('run.resume') !== null) continue;
    found.push({
      id: `resume ${data.run}`,
      icon: 'hold',
      what: say('mine-resume', { plan: data.plan }),
      why: say('mine-resume-why'),
      until: data.pnr?.at ?? null,
      act: { words: say('mine-resume-do'), href: paths.run(data.run) },
    });
  }
  for (const { statement } of proposals.data?.proposals ?? []) {
    if (statement.enrolledBy !== person) continue;
    found.push({
      id: `enrol ${statement.nonce}`,
      icon: 'guarded',
      what: say('mine-enrol', { person: statement.person }),
      why: say('mine-enrol-why', { role: statement.role }),
      until: null,
      act: { words: say('mine-enrol-do'), href: paths.account() },
    });
  }
  const at = ({ until }: Waiting): number => (until === null ? Infinity : Date.parse(until));
  return found.toSorted((a, b) => at(a) - at(b));
}
