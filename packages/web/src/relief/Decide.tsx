import { useState, type ReactNode } from 'react';
import {
  isReasonFor,
  needsSecondPerson,
  reasonCodeNames,
  reasonCodes,
  type Decision,
  type ReasonCode,
} from '@breakwater/rules/relief';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, freshNonce, signStatement, useActing, useOwnKey, useSession } from '#api';
import { Button, Icon, Input, Panel, Problem, Select, TextArea } from '#parts';
import { exactWon, useLanguage, useText, useWords } from '#words';
import { reliefWords } from './words.ts';
import css from './claim.module.css';

type Claim = Schemas['Claim'];
interface Limits {
  secondApproverAbove: number;
  secondRefusalAbove: number | null;
}

/** The decision on an open claim, or the second person's word on one that waits for it. */
export function Decide({ claim, policy }: { claim: Claim; policy: Limits }): ReactNode {
  const say = useWords(reliefWords);
  if (claim.proposal !== null) return <Second claim={claim} proposal={claim.proposal} />;
  if (claim.state !== 'open') return null;
  return (
    <Panel title={say('decision')} roomy>
      <First claim={claim} policy={policy} />
    </Panel>
  );
}

function First({ claim, policy }: { claim: Claim; policy: Limits }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const language = useLanguage();
  const [decision, setDecision] = useState<Decision>('accepted');
  const [code, setCode] = useState<ReasonCode | null>(null);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState(String(claim.amount?.high ?? claim.amount?.low ?? ''));
  const amount = decision === 'refused' ? 0 : Number(typed.replaceAll(',', ''));
  const codes = reasonCodeNames.filter((name) => isReasonFor(name, decision));
  const picked = code !== null && codes.includes(code) ? code : (codes[0] ?? null);
  const isSecond = needsSecondPerson({ decision, amount, asked: claim.amount }, policy);
  const decide = useActing('claim.decide', (by) =>
    answer(
      client.POST('/claims/{id}/decision', {
        params: { path: { id: claim.id } },
        body: { by, decision, amount, code: picked, reason: reason.trim() === '' ? null : reason },
      }),
    ),
  );
  const isTyped = decision === 'refused' || (Number.isSafeInteger(amount) && amount > 0);
  return (
    <div className={css['stack']}>
      <div className={css['choice']} role="radiogroup" aria-label={say('decision')}>
        {(['accepted', 'refused'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="decision" checked={decision === one} onChange={() => setDecision(one)} />
            {say(one)}
          </label>
        ))}
      </div>
      {decision === 'accepted' && (
        <Input
          label={say('amount')}
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <Select
        label={say('reasonCode')}
        options={codes.map((name) => [name, text(reasonCodes[name])] as const)}
        value={picked ?? ''}
        onChange={(event) => setCode(event.target.value as ReasonCode)}
      />
      <TextArea label={say('reasonText')} rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
      {isSecond && (
        <p className="attention" role="status">
          <Icon name="attention" size={14} />{' '}
          {decision === 'accepted'
            ? say('needsSecond', { limit: exactWon(policy.secondApproverAbove, language) })
            : say('needsSecondRefusal')}
        </p>
      )}
      <Button
        primary
        onClick={() => decide.run()}
        disabled={decide.isBusy || !isTyped}
        reason={decide.why === null ? null : text(decide.why)}
      >
        {say(decision === 'accepted' ? 'acceptAct' : 'refuseAct')}
      </Button>
      <Problem error={decide.error} />
    </div>
  );
}

/** The second person signs the very decision that the first one made. */
function Second({ claim, proposal }: { claim: Claim; proposal: NonNullable<Claim['proposal']> }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const language = useLanguage();
  const session = useSession().data;
  const person = session?.person ?? null;
  const signer = useOwnKey();
  const decide = useActing<'approve' | 'return'>('claim.second', async (by, verdict) => {
    if (signer === undefined || signer === null) throw new Error(say('noPasskey'));
    const statement = {
      schema: 'breakwater.claim-decision/1' as const,
      institution: session?.institution ?? '',
      claim: claim.id,
      decision: proposal.decision,
      amount: proposal.amount,
      verdict,
      person: by,
      role: signer.role,
      at: new Date().toISOString(),
      nonce: freshNonce(),
    };
    const signature = await signStatement(statement, signer.passkeys);
    return answer(client.POST('/claims/second-decisions', { body: { ...statement, ...signature } }));
  });
  const why =
    person === proposal.by
      ? say('sameFirst')
      : decide.why !== null
        ? text(decide.why)
        : signer === null
          ? say('noPasskey')
          : null;
  return (
    <Panel title={say('laneSecond')} roomy>
      <div className={css['stack']}>
        <p>{say('proposed', { by: proposal.by })}</p>
        <p>
          <b>
            {say(proposal.decision)} · {exactWon(proposal.amount, language)}
          </b>
          <br />
          {proposal.code !== null && text(reasonCodes[proposal.code])}{' '}
          <span className="second">{proposal.reason ?? ''}</span>
        </p>
        <Button primary onClick={() => decide.run('approve')} disabled={decide.isBusy} reason={why}>
          {say('approve')}
        </Button>
        <Button onClick={() => decide.run('return')} disabled={decide.isBusy || why !== null}>
          {say('sendBack')}
        </Button>
        <Problem error={decide.error} />
      </div>
    </Panel>
  );
}
