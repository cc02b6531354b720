import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Chip, Empty, Panel, Problem, Select, TextArea } from '#parts';
import { useText, useWords } from '#words';
import { reviewWords } from './words.ts';
import css from './case.module.css';

type Case = Schemas['Case'];
const opinions = ['accords', 'partly-accords', 'does-not-accord', 'cannot-tell'] as const;
type Opinion = (typeof opinions)[number];

/** Ballots stay closed until the chair opens them; then majority and minority opinions stand side by side. */
export function Vote({ one: { case: id, vote, members } }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  const isOpen = vote !== null && vote.openedAt !== null;
  return (
    <Panel title={say('vote')} roomy>
      {vote === null && <Empty>{say('voteNone')}</Empty>}
      {vote !== null && !isOpen && <Empty>{say('voteClosed', { cast: vote.cast, sitting: vote.sitting })}</Empty>}
      {vote !== null && isOpen && (
        <ul className={css['list']}>
          {vote.ballots.map(({ person, opinion, minority, reasons }) => (
            <li key={person}>
              <b>{say(`opinion_${opinion}`)}</b> {person} {minority && <Chip icon="attention">{say('minority')}</Chip>}
              <div className="second">{reasons ?? say('hidden')}</div>
            </li>
          ))}
        </ul>
      )}
      {!isOpen && members.length > 0 && <Ballot id={id} members={members.map(({ person }) => person)} />}
    </Panel>
  );
}

function Ballot({ id, members }: { id: string; members: readonly string[] }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  const [opinion, setOpinion] = useState<Opinion>('accords');
  const [reasons, setReasons] = useState('');
  const cast = useActing(
    'case.deliberate',
    (by) =>
      answer(
        client.POST('/cases/{case}/ballots', {
          params: { path: { case: id } },
          body: { by, opinion, reasons: reasons.trim() === '' ? null : reasons },
        }),
      ),
    { resource: { members } },
  );
  return (
    <div className={css['acts']}>
      <Select
        label={say('opinion')}
        options={opinions.map((one) => [one, say(`opinion_${one}`)] as const)}
        value={opinion}
        onChange={(event) => setOpinion(event.target.value as Opinion)}
      />
      <TextArea label={say('reasons')} rows={3} value={reasons} onChange={(event) => setReasons(event.target.value)} />
      <Button onClick={() => cast.run()} disabled={cast.isBusy} reason={cast.why === null ? null : text(cast.why)}>
        {say('ballotAct')}
      </Button>
      <Problem error={cast.error} />
    </div>
  );
}
