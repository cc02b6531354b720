import type { ReactNode } from 'react';
import { Duration, Icon, Time } from '#parts';
import { spokenDuration, useLanguage, useWords } from '#words';
import { minorBounds } from './bounds.ts';
import { nearness, type Countdown, type Nearness } from './figures.ts';
import { runWords } from './words.ts';
import css from './hero.module.css';

const ink: Readonly<Record<Nearness, string>> = {
  far: '',
  near: 'attention',
  imminent: 'attention',
  passed: 'crossed',
};

export interface HeroProps {
  countdown: Countdown | null;
  /** Now by the server's clock, ms since the epoch. */
  now: number;
  /** Why there is no countdown. */
  otherwise: string;
  over: boolean;
}

/** The countdown to the point of no return and its ruler, whose axis is accumulated outage. */
export function Hero({ countdown, now, otherwise, over }: HeroProps): ReactNode {
  const say = useWords(runWords);
  const language = useLanguage();
  const left = countdown?.left ?? null;
  const near = over ? 'far' : nearness(left);
  return (
    <section className={css['hero']} aria-label={say('pnr')}>
      <div>
        <h2>
          {over ? say('pnrKept') : say('pnrUntil')}
          <span className="second" lang="en">
            {' '}
            {language === 'ko' && 'Point of no return'}
          </span>
          {(near === 'near' || near === 'imminent') && (
            <span className={`attention ${css['word']}`}>
              <Icon name="attention" /> {say('pnrNear')}
            </span>
          )}
        </h2>
        <div
          className={`${css['count']} ${ink[near]}`}
          role="timer"
          aria-label={left === null ? otherwise : say('leftSpoken', { time: spokenDuration(left, 'left', language) })}
        >
          {left === null ? (
            <span className={css['none']}>{say('unknown')}</span>
          ) : (
            <Duration ms={left} rounding="left" />
          )}
        </div>
        <p className={css['until']}>
          {countdown === null && <span className="second">{otherwise}</span>}
          {countdown !== null && left === null && <span className="attention">{say('unrehearsed')}</span>}
          {left !== null && near === 'passed' && <b className="crossed">{say('pnrPassed')}</b>}
          {left !== null && near !== 'passed' && countdown?.running === true && (
            <>
              <b>
                <Time at={now + left} /> KST
              </b>
              {say('pnrBy')}
            </>
          )}
          {left !== null && near !== 'passed' && countdown?.running === false && !over && (
            <span>{countdown.step === null ? say('pnrNothingDone') : say('pnrStill')}</span>
          )}
        </p>
        <p className="quiet">
          {countdown?.running === true ? say('pnrAbout') : over ? say('pnrOver') : say('pnrStillAbout')}
        </p>
        <p className="spoken" aria-live="assertive">
          {near === 'imminent' &&
            left !== null &&
            say('leftSpoken', { time: spokenDuration(Math.ceil(left / 60_000) * 60_000, 'left', language) })}
        </p>
      </div>
      {countdown !== null && <Ruler countdown={countdown} now={now} />}
    </section>
  );
}

/** Share of the ruler's width that the plan's limit has; the rest stands, out of scale, for the minor-disruption bound. */
const limitShare = 82;

function Ruler({ countdown, now }: { countdown: Countdown; now: number }): ReactNode {
  const say = useWords(runWords);
  const { used, left, rollback, spare, limit, running } = countdown;
  const x = (ms: number): number => (Math.min(Math.max(0, ms), limit) / limit) * limitShare;
  const turn = left === null || left < 0 ? used : used + left;
  const [atUsed, atTurn, atRollback] = [x(used), x(turn), x(turn + (rollback ?? 0))];
  const over = used > limit;
  return (
    <figure className={css['ruler']}>
      <figcaption className="spoken">{say('rulerSpoken')}</figcaption>
      <svg className={css['bar']} aria-hidden="true">
        <rect x="0" y="12" width={`${limitShare}%`} height="32" className={css['left']} rx="2" />
        <rect x="0" y="12" width={`${atUsed}%`} height="32" className={over ? css['over'] : css['used']} rx="2" />
        {rollback !== null && (
          <>
            <rect
              x={`${atTurn}%`}
              y="12"
              width={`${Math.max(0, atRollback - atTurn)}%`}
              height="32"
              className={css['reserved']}
            />
            <rect
              x={`${atRollback}%`}
              y="12"
              width={`${Math.max(0, limitShare - atRollback)}%`}
              height="32"
              className={css['spare']}
            />
          </>
        )}
        <line x1={`${limitShare + 1.5}%`} x2="100%" y1="28" y2="28" className={css['beyond']} />
        <rect x={`${atUsed}%`} y="6" width="2" height="44" className={css['mark']} />
        {left !== null && left >= 0 && <rect x={`${atTurn}%`} y="0" width="2" height="56" className={css['mark']} />}
        <rect x={`${limitShare}%`} y="6" width="1" height="44" className={css['end']} />
        <rect x="99.7%" y="6" width="1" height="44" className={css['end']} />
      </svg>
      <dl className={css['legend']}>
        <Part swatch={css['used']} label={say('used')}>
          <Duration ms={used} rounding="used" />
        </Part>
        <Part
          swatch={css['left']}
          label={say('left')}
          end={left !== null && left >= 0 && running ? <Time at={now + left} /> : undefined}
        >
          {left === null ? say('unknown') : <Duration ms={Math.max(0, left)} rounding="left" />}
        </Part>
        <Part swatch={css['reserved']} label={say('reserved')}>
          {rollback === null ? say('unknown') : <Duration ms={rollback} rounding="used" />}
        </Part>
        <Part swatch={css['spare']} label={say('spare')}>
          <Duration ms={spare} rounding="used" />
        </Part>
        <Part label={say('planLimit')}>
          <Duration ms={limit} rounding="left" />
        </Part>
        {minorBounds.outageMs !== null && (
          <Part label={say('minorBound')} quiet>
            <Duration ms={minorBounds.outageMs} rounding="left" />
          </Part>
        )}
      </dl>
    </figure>
  );
}

function Part(props: {
  label: string;
  swatch?: string | undefined;
  quiet?: boolean;
  end?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <div>
      <dt>
        {props.swatch !== undefined && (
          <svg width="12" height="10" aria-hidden="true">
            <rect width="12" height="10" rx="1" className={props.swatch} />
          </svg>
        )}
        {props.label}
      </dt>
      <dd className={props.quiet === true ? 'second' : css['value']}>
        {props.children}
        {props.end !== undefined && <span className="quiet"> {props.end}</span>}
      </dd>
    </div>
  );
}
