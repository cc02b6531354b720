import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { damageStates, damageTypes, type DamageState, type DamageType, type Range } from '@breakwater/rules/relief';
import { answer, client, useActing } from '#api';
import { BudgetBar, Button, Empty, Icon, Input, Loaded, Panel, Problem, Select, Table, Time } from '#parts';
import { exactWon, useLanguage, useText, useWords } from '#words';
import { againstLimit, rangeOf, sayRange } from './figures.ts';
import { useReliefPolicy } from './queries.ts';
import { reliefWords } from './words.ts';
import css from './ledger.module.css';

/** The damage ledger: three totals, the upper one held against the limit, then what they are made of. */
export function Damage({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  const damage = useQuery({
    queryKey: ['damage', run],
    queryFn: () => answer(client.GET('/relief/runs/{run}/damage', { params: { path: { run } } })),
    refetchInterval: 10_000,
  });
  const policy = useReliefPolicy().data?.policy ?? null;
  return (
    <>
      <Panel
        title={say('damage')}
        roomy
        about={policy === null ? undefined : say('damageLimit', { limit: exactWon(policy.damageLimit, language) })}
      >
        <Loaded query={damage} what={say('ledgerObject')}>
          {({ totals, step }) => (
            <div className={css['totals']}>
              <Total what="upper" amount={totals.upper} />
              <Total what="best" amount={totals.best} />
              <Total what="settled" amount={{ low: totals.settled, high: totals.settled }} />
              {policy !== null && (
                <div className={css['against']}>
                  <BudgetBar
                    low={totals.upper.low / policy.damageLimit}
                    high={(totals.upper.high ?? policy.damageLimit) / policy.damageLimit}
                    limit={null}
                    crossed={againstLimit(totals.upper, policy.damageLimit).isOver}
                  />
                  <Steps steps={policy.damageSteps} />
                  <Against upper={totals.upper} limit={policy.damageLimit} step={step} />
                </div>
              )}
              {totals.unknown.length > 0 && (
                <p className="attention">
                  <Icon name="unknown" size={14} />{' '}
                  {say('unknownTypes', { types: totals.unknown.map((type) => say(`type_${type}`)).join(', ') })}
                </p>
              )}
            </div>
          )}
        </Loaded>
      </Panel>
      <Panel title={say('byType')} roomy>
        <Loaded query={damage} what={say('ledgerObject')}>
          {({ byType, rows }) => (
            <>
              <dl className={css['types']}>
                {damageTypes.map((type) => (
                  <div key={type}>
                    <dt>{say(`type_${type}`)}</dt>
                    <dd>{sayRange(byType[type], say, language)}</dd>
                  </div>
                ))}
              </dl>
              {rows.length === 0 ? (
                <Empty>{say('rowsNone')}</Empty>
              ) : (
                <Table
                  label={say('rows')}
                  columns={[
                    say('colType'),
                    say('colState'),
                    { words: say('colAmount'), numeric: true },
                    say('colEvidence'),
                    say('colBy'),
                  ]}
                >
                  {rows.map(({ id, type, state, amount, evidence, by, at }) => (
                    <tr key={id}>
                      <td>{say(`type_${type}`)}</td>
                      <td>{say(`state_${state}`)}</td>
                      <td data-numeric>{sayRange(amount, say, language)}</td>
                      <td>
                        {evidence.map(({ source }) => source).join(', ') || (
                          <span className="quiet">{say('none')}</span>
                        )}
                      </td>
                      <td>
                        {by}{' '}
                        <span className="quiet">
                          <Time at={at} form="day" />
                        </span>
                      </td>
                    </tr>
                  ))}
                </Table>
              )}
              <AddRow run={run} />
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

function Total({ what, amount }: { what: 'upper' | 'best' | 'settled'; amount: Range }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  return (
    <div className={css['total']}>
      <span className="quiet">{say(what)}</span>
      <b>{sayRange(amount, say, language)}</b>
      <span className="quiet">{say(`${what}About`)}</span>
    </div>
  );
}

/** Where the steps of the limit stand under the bar. */
function Steps({ steps }: { steps: readonly number[] }): ReactNode {
  return (
    <svg className={css['steps']} aria-hidden="true">
      {steps.map((step) => (
        <g key={step}>
          <rect className={css['step']} x={`${Math.min(100, step) - (step >= 100 ? 0.15 : 0)}%`} width="1" height="6" />
          <text x={`${Math.min(100, step)}%`} y="18" textAnchor={step >= 100 ? 'end' : 'middle'}>
            {step}%
          </text>
        </g>
      ))}
    </svg>
  );
}

function Against({ upper, limit, step }: { upper: Range; limit: number; step: number }): ReactNode {
  const say = useWords(reliefWords);
  const language = useLanguage();
  const { left, isOver } = againstLimit(upper, limit);
  return (
    <p className={isOver ? 'crossed' : step > 0 ? 'attention' : 'second'}>
      {(isOver || step > 0) && <Icon name="attention" size={14} />}{' '}
      {left === null
        ? say('noUpper')
        : left > 0
          ? say('leftOfLimit', { left: exactWon(left, language) })
          : say('overLimit', { over: exactWon(-left, language) })}{' '}
      {step > 0 && say('step', { n: step })}
    </p>
  );
}

function AddRow({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [type, setType] = useState<DamageType>('company');
  const [state, setState] = useState<DamageState>('estimated');
  const [low, setLow] = useState('');
  const [high, setHigh] = useState('');
  const [source, setSource] = useState('');
  const add = useActing(
    'relief.record',
    (by) =>
      answer(
        client.POST('/relief/runs/{run}/damage/rows', {
          params: { path: { run } },
          body: {
            by,
            type,
            state,
            amount: rangeOf(low, high),
            evidence: source.trim() === '' ? [] : [{ source, digest: null, obtainedAt: new Date().toISOString() }],
          },
        }),
      ),
    {
      after() {
        setLow('');
        setHigh('');
        setSource('');
      },
    },
  );
  return (
    <details className={css['form']}>
      <summary>{say('addRow')}</summary>
      <div className={css['fields']}>
        <Select
          label={say('colType')}
          options={damageTypes.map((one) => [one, say(`type_${one}`)] as const)}
          value={type}
          onChange={(event) => setType(event.target.value as DamageType)}
        />
        <Select
          label={say('colState')}
          options={damageStates.map((one) => [one, say(`state_${one}`)] as const)}
          value={state}
          onChange={(event) => setState(event.target.value as DamageState)}
        />
        <Input label={say('low')} inputMode="numeric" value={low} onChange={(event) => setLow(event.target.value)} />
        <Input
          label={say('high')}
          hint={say('highHint')}
          inputMode="numeric"
          value={high}
          onChange={(event) => setHigh(event.target.value)}
        />
        <Input label={say('evidenceSource')} value={source} onChange={(event) => setSource(event.target.value)} />
        <Button
          onClick={() => add.run()}
          disabled={add.isBusy || rangeOf(low, high) === null}
          reason={add.why === null ? null : text(add.why)}
        >
          {say('addRow')}
        </Button>
      </div>
      <Problem error={add.error} />
    </details>
  );
}
