import type { ReactNode } from 'react';
import { answer, client, useActing } from '#api';
import { Button, Chip, Empty, Icon, Panel, Problem, Time } from '#parts';
import { count, useText, useWords } from '#words';
import { deliveryRows, type DeliveryRow } from './figures.ts';
import { noticeWords } from './words.ts';
import css from './delivery.module.css';

type Sending = Parameters<typeof deliveryRows>[0] & {
  notice: string;
  channel: 'sms' | 'email';
  state: 'loading' | 'sending' | 'paused' | 'settling' | 'settled' | 'stopped';
  stalled: boolean;
  halted: boolean;
  gateway: string | null;
  switchedAt: string | null;
  viewed: number;
};

const icons = {
  loading: 'waiting',
  sending: 'running',
  paused: 'hold',
  settling: 'waiting',
  settled: 'done',
  stopped: 'stop',
} as const;

/** What became of the text messages, figure by figure: nothing here is merged into one percentage. */
export function Delivery({ id, sendings }: { id: string; sendings: readonly Sending[] }): ReactNode {
  const say = useWords(noticeWords);
  return (
    <Panel title={say('delivery')} roomy>
      {sendings.length === 0 && <Empty>{say('deliveryNone')}</Empty>}
      {sendings.map((sending) => (
        <SendingFigures key={sending.channel} id={id} sending={sending} />
      ))}
    </Panel>
  );
}

function SendingFigures({ id, sending }: { id: string; sending: Sending }): ReactNode {
  const say = useWords(noticeWords);
  const { state, channel, stalled, halted, gateway, switchedAt, viewed } = sending;
  const isMoving = state === 'sending' || state === 'settling';
  return (
    <div className={css['sending']}>
      <p className={css['state']}>
        <Chip
          icon={icons[state]}
          running={state === 'sending'}
          tone={stalled || state === 'paused' || state === 'stopped' ? 'attention' : isMoving ? 'accent' : 'plain'}
        >
          {say(state)}
        </Chip>
        {gateway !== null && <span className="quiet">{gateway}</span>}
      </p>
      {stalled && (
        <p className="attention" role="alert">
          <Icon name="attention" size={14} /> {say('stalled')}
        </p>
      )}
      {halted && (
        <p className="attention">
          <Icon name="hold" size={14} /> {say('halted')}
        </p>
      )}
      {switchedAt !== null && (
        <p className="second">
          {say('switched', { gateway: gateway ?? '', at: '' })} <Time at={switchedAt} />
        </p>
      )}
      <dl className={css['rows']}>
        {deliveryRows(sending).map((row) => (
          <Row key={row.what} row={row} />
        ))}
        {viewed > 0 && (
          <Row row={{ what: 'viewed', count: viewed, soFar: null, share: viewed / Math.max(1, sending.intended) }} />
        )}
      </dl>
      <p className="quiet">
        {say('deliveredAbout')} {say('unknownAbout')}
      </p>
      <Steering id={id} channel={channel} state={state} />
    </div>
  );
}

function Row({ row: { what, count: settled, soFar, share } }: { row: DeliveryRow }): ReactNode {
  const say = useWords(noticeWords);
  const width = `${share * 100}%`;
  return (
    <div>
      <dt>{say(what)}</dt>
      <dd aria-hidden="true">
        <svg>
          <rect className={css['track']} width="100%" height="8" rx="2" />
          <rect
            className={what === 'unknownReceipt' ? css['maybe'] : what === 'failed' ? css['failed'] : css['part']}
            width={width}
            height="8"
            rx="2"
          />
        </svg>
      </dd>
      <dd className={css['count']}>
        {settled === null ? (
          <span className="quiet">{soFar === null ? say('unknown') : say('deliveredUntil', { n: count(soFar) })}</span>
        ) : (
          <b>{say('people', { n: count(settled) })}</b>
        )}
      </dd>
    </div>
  );
}

/** Pausing and stopping are one press each; a stopped sending is never taken up again. */
function Steering({
  id,
  channel,
  state,
}: {
  id: string;
  channel: 'sms' | 'email';
  state: Sending['state'];
}): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const params = { path: { id } };
  const pause = useActing('notice.send', (by) =>
    answer(client.POST('/notices/{id}/pause', { params, body: { by, channel } })),
  );
  const resume = useActing('notice.send', (by) =>
    answer(client.POST('/notices/{id}/resume', { params, body: { by, channel } })),
  );
  const stop = useActing('notice.send', (by) =>
    answer(client.POST('/notices/{id}/stop', { params, body: { by, channel } })),
  );
  const why = pause.why === null ? null : text(pause.why);
  if (state === 'settled' || state === 'stopped' || state === 'settling') return null;
  return (
    <>
      <div className={css['levers']}>
        {state === 'paused' ? (
          <Button onClick={() => resume.run()} disabled={resume.isBusy} reason={why}>
            <Icon name="play" />
            {say('resume')}
          </Button>
        ) : (
          <Button onClick={() => pause.run()} disabled={pause.isBusy} reason={why}>
            <Icon name="hold" />
            {say('pause')}
          </Button>
        )}
        <Button onClick={() => stop.run()} disabled={stop.isBusy}>
          <Icon name="stop" />
          {say('abort')}
        </Button>
        <span className="quiet">{say('abortAbout')}</span>
      </div>
      <Problem error={pause.error ?? resume.error ?? stop.error} />
    </>
  );
}
