import { useState, type FormEvent, type ReactNode } from 'react';
import { answer, client } from '#api';
import { Icon, Panel } from '#parts';
import { paths } from '#shell';
import { useWords } from '#words';
import { nowWords } from './words.ts';
import css from './stop-all.module.css';

type Told = { is: 'ready' } | { is: 'sent' } | { is: 'failed' } | { is: 'done'; runs: number; away: readonly string[] };

/** The lever that stops everything: a plain form, which works before script and data. */
export function StopAll({ live = false }: { live?: boolean }): ReactNode {
  const say = useWords(nowWords);
  const [told, setTold] = useState<Told>({ is: 'ready' });
  const submit = (event: FormEvent): void => {
    if (!live) return;
    event.preventDefault();
    setTold({ is: 'sent' });
    answer(client.POST('/stop', { body: { lever: 'cut' } })).then(
      ({ answers, unreachable }) => setTold({ is: 'done', runs: answers.length, away: unreachable }),
      () => setTold({ is: 'failed' }),
    );
  };
  return (
    <Panel title={say('safety')} id="stop" roomy>
      <form method="post" action={paths.lever('all', 'stop')} onSubmit={submit} className={css['form']}>
        <button id="lever-all" aria-keyshortcuts="Shift+X" aria-describedby="lever-all-says">
          <Icon name="stop" size={24} />
          <span>
            <b>{say('stopAll')}</b>
          </span>
          <kbd>Shift X</kbd>
          <small id="lever-all-says">{say('stopAllDoes')}</small>
        </button>
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
        <p className="quiet">{say('release')}</p>
      </form>
    </Panel>
  );
}
