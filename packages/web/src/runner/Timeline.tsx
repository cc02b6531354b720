import type { ReactNode } from 'react';
import { Duration, Icon, Panel } from '#parts';
import { clockTime, hourMinute, useLanguage, useText, useWords } from '#words';
import type { RunState } from '@breakwater/rules/guard';
import { downMs, type Countdown, type Down } from './figures.ts';
import type { PlanStep } from './plan-of-run.ts';
import { runWords } from './words.ts';
import css from './timeline.module.css';

export interface TimelineStep extends PlanStep {
  readonly state: string;
  readonly beganAt: string | null;
  readonly endedAt: string | null;
}

export interface TimelineProps {
  services: readonly string[];
  steps: readonly TimelineStep[];
  downs: readonly Down[];
  /** Where steps were taken back, ms since the epoch. */
  undone: readonly { step: string; at: number }[];
  states: RunState['services'] | null;
  start: number;
  now: number;
  /** Where it ends when it has ended. */
  end: number | null;
  countdown: Countdown | null;
  dimmed: boolean;
}

const rounds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** Services over time, steps above them, one axis: what was down, now, the point of no return, the reserved rollback. */
export function Timeline(props: TimelineProps): ReactNode {
  const { services, steps, downs, undone, states, start, now, end, countdown, dimmed } = props;
  const say = useWords(runWords);
  const turn =
    end === null && countdown?.running === true && countdown.left !== null && countdown.left > 0
      ? now + countdown.left
      : null;
  const reserved = turn === null ? null : turn + (countdown?.rollback ?? 0);
  // A little room ahead; the point of no return is shown to scale only when it is not so far that the past would shrink to nothing.
  const past = Math.max((end ?? now) - start, 10_000);
  const last =
    end ?? Math.max(now + past * 0.15, reserved !== null && reserved - start < past * 4 ? reserved + past * 0.05 : 0);
  const x = (at: number): number => Math.min(100, Math.max(0, ((at - start) / (last - start)) * 100));
  const ticks = ticksOf(start, last);
  const seenTurn = turn !== null && turn <= last ? turn : null;
  const marks: Marks = { x, now: end === null ? now : null, turn: seenTurn, reserved, ticks };
  return (
    <Panel title={say('timeline')} dimmed={dimmed} end={<Legend />}>
      <div className={css['rows']}>
        <div className={css['row']}>
          <span className={css['label']}>
            <span className={css['heading']}>{say('steps')}</span>
          </span>
          <svg className={css['steps']} role="img" aria-label={say('stepsSpoken')}>
            {steps.map((step, at) => (
              <StepMark key={step.id} step={step} number={at + 1} x={x} now={end ?? now} />
            ))}
            {undone.map(({ step, at }) => (
              <rect key={`${step} ${at}`} x={`${x(at)}%`} y="0" width="2" height="26" className={css['undone']} />
            ))}
            <Lines marks={marks} height={30} />
          </svg>
        </div>
        {services.map((service) => (
          <ServiceRow
            key={service}
            service={service}
            state={states?.[service] ?? null}
            downs={downs.filter((down) => down.service === service)}
            now={end ?? now}
            over={end !== null}
            marks={marks}
            start={start}
          />
        ))}
        <div className={css['row']}>
          <span className={css['label']} />
          <Axis marks={marks} start={start} last={last} end={end} />
        </div>
      </div>
    </Panel>
  );
}

interface Marks {
  readonly x: (at: number) => number;
  readonly now: number | null;
  readonly turn: number | null;
  readonly reserved: number | null;
  readonly ticks: readonly number[];
}

function Lines({ marks: { x, now, turn, reserved }, height }: { marks: Marks; height: number }): ReactNode {
  return (
    <>
      {turn !== null && reserved !== null && (
        <rect
          x={`${x(turn)}%`}
          y="0"
          width={`${Math.max(0, x(reserved) - x(turn))}%`}
          height={height}
          className={css['reserved']}
        />
      )}
      {turn !== null && <line x1={`${x(turn)}%`} x2={`${x(turn)}%`} y1="0" y2={height} className={css['turn']} />}
      {now !== null && <line x1={`${x(now)}%`} x2={`${x(now)}%`} y1="0" y2={height} className={css['now']} />}
    </>
  );
}

function StepMark({
  step,
  number,
  x,
  now,
}: {
  step: TimelineStep;
  number: number;
  x: (at: number) => number;
  now: number;
}): ReactNode {
  const text = useText();
  if (step.beganAt === null) return null;
  const from = x(Date.parse(step.beganAt));
  const to = x(step.endedAt === null ? now : Date.parse(step.endedAt));
  const width = Math.max(0.4, to - from);
  const running = step.state === 'begun';
  const failed = step.state === 'failed' || step.state === 'cut' || step.state === 'unresolved';
  const ink = running ? css['running'] : failed ? css['failed'] : css['past'];
  return (
    <g>
      <title>{`${number} ${step.title === null ? step.id : text(step.title)}`}</title>
      <rect x={`${from}%`} y="4" width={`${width}%`} height="18" rx="2" className={ink} />
      {width > 2 && (
        <text x={`${from + width / 2}%`} y="17" textAnchor="middle" className={running ? css['on'] : css['strong']}>
          {number}
        </text>
      )}
    </g>
  );
}

function ServiceRow(props: {
  service: string;
  state: 'up' | 'down' | 'unknown' | null;
  downs: readonly Down[];
  now: number;
  over: boolean;
  start: number;
  marks: Marks;
}): ReactNode {
  const { service, state, downs, now, start, marks, over } = props;
  const say = useWords(runWords);
  const total = downMs(downs, service, now);
  const partial = downs.some(({ end, extent }) => end === null && extent === 'partial');
  const shown = over ? null : state;
  const { x } = marks;
  return (
    <div className={css['row']}>
      <span className={css['label']}>
        <span className={css['service']}>{service}</span>
        {shown !== null && (
          <span className={shown === 'up' ? 'quiet' : 'attention'}>
            {shown === 'down' && partial ? say('partly') : say(`service-${shown}`)}
          </span>
        )}
        <span className={total > 0 ? css['total'] : 'quiet'}>
          <Duration ms={total} rounding="used" />
        </span>
      </span>
      <svg
        className={css['track']}
        role="img"
        aria-label={`${service} ${downs.map(({ start: from, end }) => `${clockTime(from)}–${end === null ? '' : clockTime(end)}`).join(', ')}`}
      >
        {marks.ticks.map((tick) => (
          <line key={tick} x1={`${x(tick)}%`} x2={`${x(tick)}%`} y1="0" y2="24" className={css['tick']} />
        ))}
        <line x1={`${x(start)}%`} x2={`${x(now)}%`} y1="12" y2="12" className={css['whole']} />
        {downs.map(({ start: from, end, extent }) => (
          <g key={from}>
            <rect
              x={`${x(from)}%`}
              y="5"
              width={`${Math.max(0.3, x(end ?? now) - x(from))}%`}
              height="14"
              rx="1"
              className={css['ground']}
            />
            <rect
              x={`${x(from)}%`}
              y="5"
              width={`${Math.max(0.3, x(end ?? now) - x(from))}%`}
              height="14"
              rx="1"
              className={extent === 'full' ? css['down'] : css['partly']}
            />
          </g>
        ))}
        <Lines marks={marks} height={24} />
      </svg>
    </div>
  );
}

function Axis({
  marks,
  start,
  last,
  end,
}: {
  marks: Marks;
  start: number;
  last: number;
  end: number | null;
}): ReactNode {
  const say = useWords(runWords);
  const language = useLanguage();
  const { x, now, turn, ticks } = marks;
  const precise = last - start < 10 * 60_000;
  const busy = [now, turn, end].flatMap((at) => (at === null ? [] : [x(at)]));
  const free = (at: number): boolean => busy.every((taken) => Math.abs(taken - x(at)) > 9) && x(at) > 3 && x(at) < 97;
  return (
    <svg className={css['axis']} aria-hidden="true" lang={language}>
      {ticks.filter(free).map((tick) => (
        <text key={tick} x={`${x(tick)}%`} y="14" textAnchor="middle" className={css['quiet']}>
          {precise ? clockTime(tick) : hourMinute(tick)}
        </text>
      ))}
      {now !== null && (
        <text x={`${x(now)}%`} y="14" textAnchor={x(now) > 90 ? 'end' : 'middle'} className={css['strong']}>
          {clockTime(now)}
        </text>
      )}
      {turn !== null && x(turn) < 100 && now !== null && x(turn) - x(now) > 12 && (
        <text x={`${x(turn)}%`} y="14" textAnchor={x(turn) > 90 ? 'end' : 'middle'} className={css['strong']}>
          {`${say('pnrShort')} ${clockTime(turn)}`}
        </text>
      )}
      {end !== null && (
        <text x="100%" y="14" textAnchor="end" className={css['strong']}>
          {clockTime(end)}
        </text>
      )}
    </svg>
  );
}

function Legend(): ReactNode {
  const say = useWords(runWords);
  const swatch = (name: string | undefined, label: string): ReactNode => (
    <span className={css['key']}>
      <svg width="20" height="10" aria-hidden="true">
        <rect width="20" height="10" rx="1" className={name} />
      </svg>
      {label}
    </span>
  );
  return (
    <span className={css['legend']}>
      {swatch(css['down'], say('service-down'))}
      {swatch(css['partly'], say('partly'))}
      <span className={css['key']}>
        <Icon name="undo" size={14} />
        {say('rollback')}
      </span>
      {swatch(css['reserved'], say('reservedShort'))}
    </span>
  );
}

function ticksOf(start: number, last: number): number[] {
  const step = (rounds.find((seconds) => (last - start) / (seconds * 1000) <= 9) ?? 14_400) * 1000;
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step);
}
