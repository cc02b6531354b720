import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Empty, Input, Panel, Problem, TextArea, Time } from '#parts';
import { paths } from '#shell';
import { useText, useWords } from '#words';
import { numbersIn, partiesOf } from './figures.ts';
import { reviewWords } from './words.ts';
import css from './case.module.css';

type Case = Schemas['Case'];

/** Members' questions, each answer tied to records of the evidence. */
export function Questions({ one }: { one: Case }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  const [typed, setTyped] = useState('');
  const ask = useActing(
    'case.deliberate',
    (by) =>
      answer(
        client.POST('/cases/{case}/questions', {
          params: { path: { case: one.case } },
          body: { by, level: 'member', text: typed },
        }),
      ),
    { after: () => setTyped(''), resource: { members: one.members.map(({ person }) => person) } },
  );
  return (
    <Panel title={say('questions')} roomy>
      {one.questions.length === 0 && <Empty>{say('noQuestions')}</Empty>}
      <ol className={css['list']}>
        {one.questions.map((question) => (
          <li key={question.number}>
            <b>{question.number}.</b> {question.text ?? <span className="second">{say('hidden')}</span>}{' '}
            <span className="quiet">
              {question.by} <Time at={question.at} form="day" />
            </span>
            {question.answers.map(({ at, by, text: said, records }) => (
              <div key={at} className={css['answer']}>
                {said ?? <span className="second">{say('hidden')}</span>}{' '}
                <span className="quiet">
                  {by} ·{' '}
                  {records.map((record) => (
                    <a key={record} href={paths.record(record)}>
                      {say('evidence')} {record}{' '}
                    </a>
                  ))}
                </span>
              </div>
            ))}
            <Answer one={one} question={question.number} />
          </li>
        ))}
      </ol>
      <div className={css['acts']}>
        <TextArea label={say('text')} rows={3} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Button
          onClick={() => ask.run()}
          disabled={ask.isBusy || typed.trim() === ''}
          reason={ask.why === null ? null : text(ask.why)}
        >
          {say('askAct')}
        </Button>
        <Problem error={ask.error} />
      </div>
    </Panel>
  );
}

function Answer({ one, question }: { one: Case; question: number }): ReactNode {
  const say = useWords(reviewWords);
  const text = useText();
  const [typed, setTyped] = useState('');
  const [records, setRecords] = useState('');
  const reply = useActing(
    'case.answer',
    (by) =>
      answer(
        client.POST('/cases/{case}/answers', {
          params: { path: { case: one.case } },
          body: { by, level: 'member', question, records: numbersIn(records), text: typed },
        }),
      ),
    { resource: { members: partiesOf(one) } },
  );
  return (
    <details>
      <summary>{say('answerAct')}</summary>
      <TextArea label={say('text')} rows={2} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <Input
        label={say('answerRecords')}
        inputMode="numeric"
        value={records}
        onChange={(event) => setRecords(event.target.value)}
      />
      <Button
        onClick={() => reply.run()}
        disabled={reply.isBusy || typed.trim() === ''}
        reason={reply.why === null ? null : text(reply.why)}
      >
        {say('answerAct')}
      </Button>
      <Problem error={reply.error} />
    </details>
  );
}
