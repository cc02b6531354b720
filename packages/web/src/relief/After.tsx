import { useState, type ReactNode } from 'react';
import { escalationStages } from '@breakwater/rules/relief';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Input, Panel, Problem, Select, Time } from '#parts';
import { exactWon, useLanguage, useText, useWords } from '#words';
import { reliefWords } from './words.ts';
import css from './claim.module.css';

type Claim = Schemas['Claim'];
export interface Escalation {
  at: string;
  authority: 'fss' | 'court';
  by: string;
  case: string;
  stage: string;
}

/** What follows a decision: payment, telling the result, an appeal, a complaint elsewhere. */
export function After({ claim, escalations }: { claim: Claim; escalations: readonly Escalation[] }): ReactNode {
  if (claim.state === 'open') return null;
  return (
    <>
      {claim.state !== 'refused' && <Payment claim={claim} />}
      <Told claim={claim} />
      <Appeal claim={claim} escalations={escalations} />
    </>
  );
}

function Payment({ claim }: { claim: Claim }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const language = useLanguage();
  const owed = (claim.decided?.amount ?? 0) - claim.paidAmount;
  const [typed, setTyped] = useState(String(owed));
  const [payment, setPayment] = useState('');
  const pay = useActing('claim.decide', (by) =>
    answer(
      client.POST('/claims/{id}/payments', {
        params: { path: { id: claim.id } },
        body: { by, amount: Number(typed), payment },
      }),
    ),
  );
  return (
    <Panel title={say('payments')} roomy>
      <div className={css['stack']}>
        <p>
          {say('paidOf', {
            amount: exactWon(claim.decided?.amount ?? 0, language),
            paid: exactWon(claim.paidAmount, language),
          })}{' '}
          {claim.paidAt !== null && <Time at={claim.paidAt} form="day" />}
        </p>
        {owed > 0 && (
          <>
            <Input
              label={say('payAmount')}
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <Input label={say('payReference')} value={payment} onChange={(event) => setPayment(event.target.value)} />
            <Button
              onClick={() => pay.run()}
              disabled={pay.isBusy || payment === '' || !/^\d+$/.test(typed)}
              reason={pay.why === null ? null : text(pay.why)}
            >
              {say('payAct')}
            </Button>
            <Problem error={pay.error} />
          </>
        )}
      </div>
    </Panel>
  );
}

function Told({ claim }: { claim: Claim }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [channel, setChannel] = useState('');
  const [reference, setReference] = useState('');
  const tell = useActing('claim.decide', (by) =>
    answer(client.POST('/claims/told', { body: { by, claims: [claim.id], channel, reference } })),
  );
  return (
    <Panel title={say('toldTitle')} roomy>
      <div className={css['stack']}>
        {claim.toldAt !== null ? (
          <p>
            {say('toldAt')} <Time at={claim.toldAt} form="day" />
          </p>
        ) : (
          <>
            <p className="second">{say('notTold')}</p>
            <Input label={say('tellChannel')} value={channel} onChange={(event) => setChannel(event.target.value)} />
            <Input
              label={say('tellReference')}
              value={reference}
              onChange={(event) => setReference(event.target.value)}
            />
            <Button
              onClick={() => tell.run()}
              disabled={tell.isBusy || channel === '' || reference === ''}
              reason={tell.why === null ? null : text(tell.why)}
            >
              {say('tellAct')}
            </Button>
            <Problem error={tell.error} />
          </>
        )}
      </div>
    </Panel>
  );
}

function Appeal({ claim, escalations }: { claim: Claim; escalations: readonly Escalation[] }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [authority, setAuthority] = useState<'fss' | 'court'>('fss');
  const [number, setNumber] = useState('');
  const [stage, setStage] = useState<(typeof escalationStages)[number]>('filed');
  const params = { path: { id: claim.id } };
  const appeal = useActing('claim.open', (by) =>
    answer(client.POST('/claims/{id}/appeal', { params, body: { by, amount: claim.amount } })),
  );
  const escalate = useActing('claim.decide', (by) =>
    answer(client.POST('/claims/{id}/escalations', { params, body: { by, authority, case: number, stage } })),
  );
  return (
    <Panel title={say('appealTitle')} roomy>
      <div className={css['stack']}>
        <ul>
          {escalations.map(({ at, authority: of, case: which, stage: reached }) => (
            <li key={`${at} ${which}`}>
              <b>{say(of)}</b> {which} · {say(`stage_${reached}` as 'stage_filed')} <Time at={at} form="day" />
            </li>
          ))}
        </ul>
        <Button
          onClick={() => appeal.run()}
          disabled={appeal.isBusy}
          reason={appeal.why === null ? null : text(appeal.why)}
        >
          {say('appealAct')}
        </Button>
        <details>
          <summary>{say('escalations')}</summary>
          <div className={css['details']}>
            <Select
              label={say('authority')}
              options={[
                ['fss', say('fss')],
                ['court', say('court')],
              ]}
              value={authority}
              onChange={(event) => setAuthority(event.target.value as 'fss' | 'court')}
            />
            <Input label={say('caseNumber')} value={number} onChange={(event) => setNumber(event.target.value)} />
            <Select
              label={say('stage')}
              options={escalationStages.map((one) => [one, say(`stage_${one}`)] as const)}
              value={stage}
              onChange={(event) => setStage(event.target.value as typeof stage)}
            />
            <Button
              onClick={() => escalate.run()}
              disabled={escalate.isBusy || number === ''}
              reason={escalate.why === null ? null : text(escalate.why)}
            >
              {say('escalate')}
            </Button>
          </div>
        </details>
        <Problem error={appeal.error ?? escalate.error} />
      </div>
    </Panel>
  );
}

/** Reading what says who somebody is: a reason first, and it is recorded. Shown until the page is left, and kept nowhere. */
export function Personal({ id }: { id: string }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [reason, setReason] = useState('');
  const params = { path: { id } };
  const contact = useActing('claim.contact', (by) =>
    answer(client.POST('/claims/{id}/contact', { params, body: { by, reason } })),
  );
  const payee = useActing('claim.payee', (by) =>
    answer(client.POST('/claims/{id}/payee', { params, body: { by, reason } })),
  );
  const why = contact.why === null ? null : text(contact.why);
  const isReady = reason.trim().length >= 3;
  return (
    <Panel title={say('personal')} about={say('personalAbout')} roomy>
      <div className={css['stack']}>
        <Input label={say('readWhy')} value={reason} onChange={(event) => setReason(event.target.value)} />
        <Button onClick={() => contact.run()} disabled={contact.isBusy || !isReady} reason={why}>
          {say('readContact')}
        </Button>
        {contact.done !== undefined && <p role="status">{contact.done.numbers.join(', ') || say('none')}</p>}
        <Button onClick={() => payee.run()} disabled={payee.isBusy || !isReady || why !== null}>
          {say('readPayee')}
        </Button>
        {payee.done !== undefined && (
          <p role="status">
            {payee.done.subject ?? say('none')} {payee.done.reference ?? ''}
          </p>
        )}
        <Problem error={contact.error ?? payee.error} />
      </div>
    </Panel>
  );
}
