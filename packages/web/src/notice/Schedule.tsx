import type { ReactNode } from 'react';
import { Icon, Loaded, Panel, Time } from '#parts';
import { count, exactWon, hms, useLanguage, useText, useWords } from '#words';
import { rulerOf, type Ruler } from './figures.ts';
import { useEstimate } from './queries.ts';
import { noticeWords } from './words.ts';
import css from './schedule.module.css';

const fromWords = { customers: 'fromCustomers', before: 'fromBefore', none: 'fromNone' } as const;

/** Whether the sending can be in time, with its arithmetic, how many it reaches and what it costs: before anybody approves. */
export function Schedule({
  id,
  window,
  about,
}: {
  id: string;
  window: { start: string; end: string };
  about?: string;
}): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const language = useLanguage();
  const estimate = useEstimate(id);
  return (
    <Panel title={say('schedule')} about={about} roomy>
      <Loaded query={estimate} what={say('estimateObject')}>
        {({ schedule, recipients, message, price, leadMs, quiet }) => {
          const { atMost } = recipients;
          const each = price === null || atMost === null || atMost === 0 ? null : price / atMost;
          return (
            <div className={css['schedule']}>
              {schedule === null ? (
                <p>
                  <Icon name="unknown" size={14} className="attention" /> {say('notEnough')}
                </p>
              ) : (
                <>
                  <p className={schedule.inTime ? css['verdict'] : `${css['verdict']} crossed`}>
                    <Icon name={schedule.inTime ? 'done' : 'attention'} />{' '}
                    {schedule.inTime ? say('inTime') : say('tooLate')}
                  </p>
                  <RulerFigure
                    ruler={rulerOf({
                      now: Date.now(),
                      latestStart: Date.parse(schedule.latestStart),
                      leadMs,
                      windowStart: Date.parse(window.start),
                      windowEnd: Date.parse(window.end),
                    })}
                  />
                  <p className="second">{text(schedule.words)}</p>
                </>
              )}
              <dl className={css['figures']}>
                {schedule !== null && (
                  <div>
                    <dt>{say('latestStart')}</dt>
                    <dd className={schedule.inTime ? '' : 'crossed'}>
                      <Time at={schedule.latestStart} form="day" />
                    </dd>
                    <dd className="quiet">{distance(Date.parse(schedule.latestStart) - Date.now(), say)}</dd>
                  </div>
                )}
                <div>
                  <dt>{say('recipients')}</dt>
                  <dd>{atMost === null ? say('unknown') : say('atMost', { n: count(atMost) })}</dd>
                  <dd className="quiet">{say(fromWords[recipients.from])}</dd>
                </div>
                <div>
                  <dt>{say('price')}</dt>
                  <dd>{price === null ? say('unknown') : exactWon(price, language)}</dd>
                  {each !== null && atMost !== null && (
                    <dd className="quiet">{say('priceArithmetic', { n: count(atMost), each: count(each) })}</dd>
                  )}
                </div>
                <div>
                  <dt>{say('message')}</dt>
                  <dd>{say('messageBytes', { type: message.type, bytes: count(message.bytes) })}</dd>
                </div>
                {schedule !== null && (
                  <div>
                    <dt>{say('reached')}</dt>
                    <dd>{say('reachedInTime', { n: count(schedule.reachedInTime) })}</dd>
                    <dd className="quiet">{say('reachedBeforeStart', { n: count(schedule.reachedBeforeStart) })}</dd>
                  </div>
                )}
              </dl>
              {recipients.unlisted.length > 0 && (
                <p className="attention">
                  <Icon name="attention" size={14} /> {say('unlisted', { services: recipients.unlisted.join(', ') })}
                </p>
              )}
              {quiet.length > 0 && (
                <p className="attention">
                  <Icon name="attention" size={14} /> {say('quiet')}
                </p>
              )}
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function distance(ms: number, say: ReturnType<typeof useWords<keyof (typeof noticeWords)['ko']>>): string {
  return ms < 0 ? say('overdue', { time: hms(-ms, 'used') }) : say('left', { time: hms(ms, 'left') });
}

const partWords = { sending: 'rulerSending', lead: 'rulerLead', window: 'rulerWindow' } as const;

/** One axis of time: sending as late as it may begin, the lead time, the work; the line is now. */
function RulerFigure({ ruler }: { ruler: Ruler }): ReactNode {
  const say = useWords(noticeWords);
  const at = (share: number): string => `${share * 100}%`;
  return (
    <div className={css['ruler']} aria-hidden="true">
      <svg>
        <rect className={css['axis']} y="12" width="100%" height="24" />
        {ruler.parts.map(({ what, from, to }) => (
          <rect
            key={what}
            className={css[what]}
            x={at(from)}
            y="12"
            width={at(Math.max(0.002, to - from))}
            height="24"
          />
        ))}
        <line className={css['latest']} x1={at(ruler.latestStart)} x2={at(ruler.latestStart)} y1="6" y2="42" />
        <line
          className={ruler.isLate ? css['late'] : css['now']}
          x1={at(ruler.now)}
          x2={at(ruler.now)}
          y1="0"
          y2="48"
        />
      </svg>
      <ul className={css['key']}>
        <li>
          <i className={ruler.isLate ? css['lateKey'] : css['nowKey']} /> {say('rulerNow')}
        </li>
        <li>
          <i className={css['latestKey']} /> {say('rulerLatest')}
        </li>
        {ruler.parts.map(({ what }) => (
          <li key={what}>
            <i className={css[`${what}Key`]} /> {say(partWords[what])}
          </li>
        ))}
      </ul>
    </div>
  );
}
