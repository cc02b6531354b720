import type { ReactNode } from 'react';
import type { RunLimits, StepOnHost } from '@breakwater/rules/guard';
import { upperTolerance } from '@breakwater/rules/guard';
import type { RunView, StepState } from '@breakwater/rules/runner';
import { Icon, Panel, type IconName } from '#parts';
import { minutesSeconds, useText, useWords } from '#words';
import type { PlanStep } from './plan-of-run.ts';
import { runWords } from './words.ts';
import css from './steps.module.css';

interface Mark {
  readonly icon: IconName;
  readonly word: keyof (typeof runWords)['ko'];
  readonly ink?: string;
  readonly running?: boolean;
}

const doMarks: Readonly<Record<StepState, Mark>> = {
  pending: { icon: 'waiting', word: 'step-pending' },
  begun: { icon: 'running', word: 'step-begun', ink: css['accent'] ?? '', running: true },
  done: { icon: 'done', word: 'step-done' },
  failed: { icon: 'failed', word: 'step-failed', ink: 'attention' },
  cut: { icon: 'stop', word: 'step-cut', ink: 'attention' },
  unresolved: { icon: 'unknown', word: 'step-unresolved', ink: 'attention' },
  undone: { icon: 'done', word: 'step-done' },
};

/** Steps with check, do and undo as three cells; undo shows how long it takes while it is possible. */
export function Steps(props: {
  steps: readonly PlanStep[];
  view: RunView;
  limits: RunLimits;
  now: number;
  dimmed: boolean;
}): ReactNode {
  const { steps, view, limits, now, dimmed } = props;
  const say = useWords(runWords);
  const done = steps.filter(({ id }) => view.steps[id]?.state === 'done').length;
  return (
    <Panel title={say('steps')} about={say('stepsDone', { done, all: steps.length })} dimmed={dimmed}>
      <div className={css['scroll']} role="group" aria-label={say('steps')} tabIndex={0}>
        <table className={css['table']}>
          <thead>
            <tr>
              <th className={css['number']}>#</th>
              <th>{say('step')}</th>
              <th>{say('check')}</th>
              <th>{say('do')}</th>
              <th>{say('undoP95')}</th>
              <th className={css['number']}>{say('took')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, at) => (
              <StepRow key={step.id} step={step} number={at + 1} view={view} limits={limits} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function StepRow({
  step,
  number,
  view,
  limits,
  now,
}: {
  step: PlanStep;
  number: number;
  view: RunView;
  limits: RunLimits;
  now: number;
}): ReactNode {
  const text = useText();
  const { state, attempts, beganAt, endedAt } = view.steps[step.id] ?? {
    state: 'pending' as const,
    attempts: 0,
    beganAt: null,
    endedAt: null,
  };
  const onHost = view.host?.steps[step.id];
  const took = beganAt === null ? null : (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(beganAt);
  const expected = upperTolerance(limits.rehearsed.stepMs[step.id] ?? []);
  return (
    <tr className={state === 'begun' ? css['current'] : state === 'pending' ? css['pending'] : undefined}>
      <td className={css['number']}>{number}</td>
      <td className={css['title']}>
        {step.title === null ? step.id : text(step.title)}
        {attempts > 1 && <span className="quiet"> ×{attempts}</span>}
      </td>
      <td>
        <CheckCell step={step} state={state} onHost={onHost} />
      </td>
      <td>
        <MarkOf mark={state === 'undone' && onHost?.did === 'maybe' ? doMarks.unresolved : doMarks[state]} />
      </td>
      <td>
        <UndoCell step={step} state={state} onHost={onHost} limits={limits} />
      </td>
      <td className={css['number']}>
        {took !== null ? minutesSeconds(Math.max(0, took)) : expected === null ? '' : <About ms={expected} />}
      </td>
    </tr>
  );
}

function About({ ms }: { ms: number }): ReactNode {
  const say = useWords(runWords);
  return say('about', { time: minutesSeconds(ms) });
}

function MarkOf({ mark: { icon, word, ink, running }, more }: { mark: Mark; more?: string | undefined }): ReactNode {
  const say = useWords(runWords);
  return (
    <span className={css['mark']}>
      <Icon name={icon} size={14} className={`${ink ?? ''} ${running === true ? 'running' : ''}`} />
      {say(word)}
      {more !== undefined && ` ${more}`}
    </span>
  );
}

function CheckCell({
  step,
  state,
  onHost,
}: {
  step: PlanStep;
  state: StepState;
  onHost: StepOnHost | undefined;
}): ReactNode {
  const say = useWords(runWords);
  if (!step.hasCheck) return <span className="quiet">{say('none')}</span>;
  if (state === 'pending') return <MarkOf mark={doMarks.pending} />;
  if (onHost?.did === 'already') return <MarkOf mark={{ icon: 'done', word: 'check-already' }} />;
  return <MarkOf mark={{ icon: 'done', word: 'check-passed' }} />;
}

function UndoCell(props: {
  step: PlanStep;
  state: StepState;
  onHost: StepOnHost | undefined;
  limits: RunLimits;
}): ReactNode {
  const { step, state, onHost, limits } = props;
  const say = useWords(runWords);
  if (!step.hasUndo) return <span className="quiet">{say('none')}</span>;
  if (onHost?.undone === 'yes' || state === 'undone') return <MarkOf mark={{ icon: 'undo', word: 'undo-done' }} />;
  if (onHost?.undone === 'failed') return <MarkOf mark={{ icon: 'failed', word: 'undo-failed', ink: 'crossed' }} />;
  if (onHost?.undone === 'maybe')
    return <MarkOf mark={{ icon: 'running', word: 'undo-running', ink: css['accent'] ?? '', running: true }} />;
  if (state === 'pending') return <span className="quiet">{say('notYet')}</span>;
  const bound = upperTolerance(limits.rehearsed.rollbackMs[step.id] ?? []);
  return (
    <MarkOf
      mark={{ icon: 'undo', word: 'undo-possible' }}
      more={bound === null ? say('unknown') : minutesSeconds(bound)}
    />
  );
}
