import type { FormEvent, ReactNode } from 'react';
import { Icon, Panel } from '#parts';
import { paths } from '#shell';
import { clockTime, useWords } from '#words';
import type { RunPhase } from '@breakwater/rules/runner';
import { canPull, levers, type Lever, type LeverId } from './levers.ts';
import { runWords } from './words.ts';
import css from './levers.module.css';

/** What became of a lever that was pulled. */
export type LeverState =
  | { is: 'ready' }
  | { is: 'sent'; at: number }
  | { is: 'confirmed'; at: number; latencyMs: number | null; unreachable: readonly string[] }
  /** Nobody confirmed it within a second: how it is done without the server. */
  | { is: 'unanswered'; at: number }
  | { is: 'refused'; at: number; why: string };

export interface LeversProps {
  run: string;
  /** Null: not known yet. */
  phase: RunPhase | null;
  states?: Partial<Record<LeverId, LeverState>>;
  /** What each does now, where more is known than the lever's own sentence. */
  consequences?: Partial<Record<LeverId, string>>;
  /** Past the point of no return roll back is no longer the first choice. */
  pastReturn?: boolean;
  pull?: (lever: LeverId) => void;
}

/**
 * The levers of a run. Each is a plain form, which works before data and without script; `pull` takes over where it can.
 * A press fires on release inside the block; sliding off cancels it.
 */
export function Levers({ run, phase, states = {}, consequences = {}, pull }: LeversProps): ReactNode {
  const say = useWords(runWords);
  return (
    <div className={css['dock']} id="levers">
      <Panel title={say('levers')} end={<span className={`quiet ${css['about']}`}>{say('leversAbout')}</span>}>
        <div className={css['levers']}>
          {levers.map((lever) => (
            <LeverForm
              key={lever.id}
              lever={lever}
              run={run}
              state={states[lever.id] ?? { is: 'ready' }}
              consequence={consequences[lever.id]}
              possible={canPull(lever, phase)}
              pull={pull}
            />
          ))}
        </div>
      </Panel>
    </div>
  );
}

function LeverForm(props: {
  lever: Lever;
  run: string;
  state: LeverState;
  consequence: string | undefined;
  possible: boolean;
  pull: ((lever: LeverId) => void) | undefined;
}): ReactNode {
  const { lever, run, state, consequence, possible, pull } = props;
  const say = useWords(runWords);
  const { id, icon, key } = lever;
  const submit = (event: FormEvent): void => {
    if (pull === undefined) return;
    event.preventDefault();
    pull(id);
  };
  const why = `lever-${id}-says`;
  return (
    <form method="post" action={paths.lever(run, id)} onSubmit={submit} className={css[id]}>
      <button id={`lever-${id}`} disabled={!possible} aria-describedby={why} aria-keyshortcuts={`Shift+${key}`}>
        <Icon name={icon} size={24} />
        <span className={css['name']}>
          <b>{say(id)}</b>
          <em lang="en">{say(`${id}English`)}</em>
        </span>
        <kbd>Shift {key}</kbd>
        <small id={why}>
          {possible ? (
            <LeverSays lever={id} run={run} state={state} otherwise={consequence ?? say(`${id}Does`)} />
          ) : (
            say(`${id}Not`)
          )}
        </small>
      </button>
    </form>
  );
}

function LeverSays({
  run,
  state,
  otherwise,
}: {
  lever: LeverId;
  run: string;
  state: LeverState;
  otherwise: string;
}): ReactNode {
  const say = useWords(runWords);
  switch (state.is) {
    case 'ready':
      return otherwise;
    case 'sent':
      return <span role="status">{say('leverSent', { at: preciseTime(state.at) })}</span>;
    case 'confirmed':
      return (
        <span role="status">
          {state.latencyMs === null
            ? say('leverTaken', { at: preciseTime(state.at) })
            : say('leverConfirmed', { at: preciseTime(state.at), ms: Math.ceil(state.latencyMs) })}
          {state.unreachable.length > 0 && ` ${say('leverUnreachable', { hosts: state.unreachable.join(', '), run })}`}
        </span>
      );
    case 'unanswered':
      return <span role="alert">{say('leverUnanswered', { at: preciseTime(state.at), run })}</span>;
    case 'refused':
      return <span role="alert">{state.why}</span>;
  }
}

/** `01:47:36.214`. */
function preciseTime(at: number): string {
  return `${clockTime(at)}.${String(Math.floor(at % 1000)).padStart(3, '0')}`;
}
