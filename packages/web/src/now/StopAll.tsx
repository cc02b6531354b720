import { useId, useState, type FormEvent, type ReactNode } from 'react';
import type { StartsReason } from '@breakwater/rules/runner';
import { answer, client } from '#api';
import { Icon, Panel } from '#parts';
import { paths } from '#shell';
import { useWords } from '#words';
import { nowWords } from './words.ts';
import css from './stop-all.module.css';

type Told = { is: 'ready' } | { is: 'sent' } | { is: 'failed' } | { is: 'done'; runs: number; away: readonly string[] };

/** Why a lever is pulled, in the order in which the form offers it. */
export const reasons: readonly StartsReason[] = ['service-fault', 'suspected-incident', 'authority-request', 'other'];

export interface StopAllProps {
  /** Script answers; otherwise the plain form does. */
  live?: boolean;
  /** At the right of the head: whether starts are allowed. */
  end?: ReactNode;
  /** What became of the lever that a plain form pulled; `refused`: the server's no. */
  pulled?: { readonly unreachable: readonly string[]; readonly refused: string | null } | null;
  onPulled?: () => void;
  children?: ReactNode;
}

/** The lever that stops everything and forbids new starts: a plain form, which works before script and data. */
export function StopAll({ live = false, end, pulled = null, onPulled, children }: StopAllProps): ReactNode {
  const say = useWords(nowWords);
  const why = useId();
  const [told, setTold] = useState<Told>({ is: 'ready' });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    if (!live) return;
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('reason');
    const reason = reasons.find((one) => one === given) ?? null;
    setTold({ is: 'sent' });
    answer(client.POST('/stop', { body: { lever: 'cut', reason, note: null } })).then(
      ({ answers, unreachable }) => {
        setTold({ is: 'done', runs: answers.length, away: unreachable });
        onPulled?.();
      },
      () => setTold({ is: 'failed' }),
    );
  };
  return (
    <Panel title={say('safety')} id="stop" end={end} roomy>
      <form method="post" action={paths.lever('all', 'stop')} onSubmit={submit} className={css['form']}>
        <button id="lever-all" aria-keyshortcuts="Shift+X" aria-describedby="lever-all-says">
          <Icon name="stop" size={24} />
          <span>
            <b>{say('stopAll')}</b>
          </span>
          <kbd>Shift X</kbd>
          <small id="lever-all-says">{say('stopAllDoes')}</small>
        </button>
        <label htmlFor={why} className="quiet">
          {say('reasonLabel')}
        </label>
        <select id={why} name="reason" defaultValue="">
          <option value="">{say('reasonNone')}</option>
          {reasons.map((reason) => (
            <option key={reason} value={reason}>
              {say(`reason-${reason}`)}
            </option>
          ))}
        </select>
        {told.is === 'sent' && <p role="status">{say('stopAllSent')}</p>}
        {told.is === 'failed' && (
          <p role="alert" className="crossed">
            {say('stopAllFailed')}
          </p>
        )}
        {told.is === 'done' && (
          <p role="status">
            {say('stopAllDone', { n: told.runs })}
            {told.away.length > 0 && (
              <strong className="attention"> {say('stopAllAway', { hosts: told.away.join(', ') })}</strong>
            )}
          </p>
        )}
        {pulled !== null && (
          <p role="status" className={pulled.refused === null ? undefined : 'crossed'}>
            {pulled.refused ?? say('stopAllTaken')}
            {pulled.unreachable.length > 0 && (
              <strong className="attention"> {say('stopAllAway', { hosts: pulled.unreachable.join(', ') })}</strong>
            )}
          </p>
        )}
        <p className="quiet">{say('killStill')}</p>
      </form>
      {children}
    </Panel>
  );
}
