import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, freshNonce, signStatement, useActing, useOwnKey, useSession } from '#api';
import { Button, Chip, Empty, Input, Loaded, Panel, Problem, TextArea } from '#parts';
import { shortDay, useLanguage, useText, useWords } from '#words';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

type Exception = Schemas['PatchException'];

/** Asks that what was chosen may stay unpatched for a time. */
export function AskException({ exposures }: { exposures: readonly string[] }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const [reason, setReason] = useState('');
  const [meanwhile, setMeanwhile] = useState('');
  const [until, setUntil] = useState('');
  const ask = useActing('exception.ask', (by) =>
    answer(
      client.POST('/patch-exceptions', {
        body: { by, exposures: [...exposures], reason, meanwhile, until: `${until}T23:59:59+09:00` },
      }),
    ),
  );
  const isWhole = reason.trim() !== '' && meanwhile.trim() !== '' && until !== '';
  return (
    <Panel title={say('exceptTitle')} about={say('exceptAbout')} roomy>
      <div className={css['draft']}>
        <p className="second">{exposures.join(' · ')}</p>
        <div className={css['columns']}>
          <TextArea
            label={say('exceptReason')}
            rows={2}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <TextArea
            label={say('exceptMeanwhile')}
            rows={2}
            value={meanwhile}
            onChange={(event) => setMeanwhile(event.target.value)}
          />
          <Input
            label={say('exceptUntil')}
            type="date"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        </div>
        <Button
          onClick={() => ask.run()}
          disabled={ask.isBusy || !isWhole}
          reason={ask.why === null ? null : text(ask.why)}
        >
          {say('exceptAct')}
        </Button>
        {ask.done !== undefined && (
          <p role="status">
            {ask.done.id} · {say(`exceptionState_${ask.done.state}`)}
          </p>
        )}
        <Problem error={ask.error} />
      </div>
    </Panel>
  );
}

/** All exceptions: what stays unpatched, until when, and what is done meanwhile. */
export function Exceptions(): ReactNode {
  const say = useWords(advisoryWords);
  const exceptions = useQuery({
    queryKey: ['exceptions'],
    queryFn: () => answer(client.GET('/patch-exceptions')),
    refetchInterval: 15_000,
  });
  return (
    <Panel title={say('exceptions')} roomy>
      <Loaded
        query={exceptions}
        what={say('exceptionsObject')}
        isEmpty={(data) => data.exceptions.length === 0}
        empty={<Empty>{say('noExceptions')}</Empty>}
      >
        {(data) => (
          <ul>
            {data.exceptions.map((exception) => (
              <One key={exception.id} exception={exception} />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function One({ exception }: { exception: Exception }): ReactNode {
  const say = useWords(advisoryWords);
  const language = useLanguage();
  const { id, askedBy, exposures, meanwhile, reason, state, until, words } = exception;
  return (
    <li className={css['exception']}>
      <p>
        <Chip
          icon={state === 'in-force' ? 'done' : state === 'asked' ? 'waiting' : 'stop'}
          tone={state === 'asked' ? 'accent' : 'plain'}
        >
          {say(`exceptionState_${state}`)}
        </Chip>{' '}
        <b>{exposures.join(' · ')}</b>
      </p>
      <p>{reason}</p>
      <p className="second">{say('exceptionMeanwhile', { what: meanwhile })}</p>
      <p className="quiet">
        {say('exceptionBy', { by: askedBy })} · {say('exceptionUntil', { until: shortDay(until, language) })} ·{' '}
        {say('exceptionWords', { have: words.filter(({ decision }) => decision === 'approve').length })}
      </p>
      {state === 'asked' && <DecideException exception={exception} />}
      {state === 'in-force' && <End id={id} />}
    </li>
  );
}

function DecideException({ exception }: { exception: Exception }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const session = useSession().data;
  const person = session?.person ?? null;
  const signer = useOwnKey();
  const decide = useActing<'approve' | 'return'>('exception.decide', async (by, decision) => {
    if (signer === undefined || signer === null) throw new Error(say('noPasskey'));
    const statement = {
      schema: 'breakwater.exception-decision/1' as const,
      institution: session?.institution ?? '',
      exception: exception.id,
      digest: exception.digest,
      decision,
      person: by,
      role: signer.role,
      at: new Date().toISOString(),
      nonce: freshNonce(),
    };
    const signature = await signStatement(statement, signer.passkeys);
    return answer(client.POST('/patch-exceptions/decisions', { body: { statement, signature } }));
  });
  const why =
    person === exception.askedBy
      ? say('ownRequest')
      : decide.why !== null
        ? text(decide.why)
        : signer === null
          ? say('noPasskey')
          : null;
  return (
    <div className={css['acts']}>
      <Button onClick={() => decide.run('approve')} disabled={decide.isBusy} reason={why}>
        {say('approve')}
      </Button>
      <Button onClick={() => decide.run('return')} disabled={decide.isBusy || why !== null}>
        {say('return')}
      </Button>
      <Problem error={decide.error} />
    </div>
  );
}

function End({ id }: { id: string }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const [reason, setReason] = useState('');
  const end = useActing('exception.ask', (by) =>
    answer(client.POST('/patch-exceptions/{id}/end', { params: { path: { id } }, body: { by, reason } })),
  );
  return (
    <div className={css['acts']}>
      <Input label={say('why')} value={reason} onChange={(event) => setReason(event.target.value)} />
      <Button
        onClick={() => end.run()}
        disabled={end.isBusy || reason.trim() === ''}
        reason={end.why === null ? null : text(end.why)}
      >
        {say('endAct')}
      </Button>
      <Problem error={end.error} />
    </div>
  );
}
