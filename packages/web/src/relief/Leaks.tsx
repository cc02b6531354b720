import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Empty, Icon, Input, Loaded, Panel, Problem, Select, Time } from '#parts';
import { count, dayTime, useLanguage, useText, useWords } from '#words';
import { rangeOf, sayCounts } from './figures.ts';
import { reliefWords } from './words.ts';
import css from './ledger.module.css';

type Leak = Schemas['Leak'];

/** The leak ledger: counts, names of fields and their classes, and the duties each leak started. Never the data. */
export function Leaks({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const leaks = useQuery({
    queryKey: ['leaks', run],
    queryFn: () => answer(client.GET('/relief/runs/{run}/leaks', { params: { path: { run } } })),
    refetchInterval: 10_000,
  });
  return (
    <Panel title={say('leaks')} about={say('leaksAbout')} roomy>
      <Loaded
        query={leaks}
        what={say('leaksObject')}
        isEmpty={(data) => data.leaks.length === 0}
        empty={<Empty>{say('leaksNone')}</Empty>}
      >
        {(data) => (
          <ul>
            {data.leaks.map((leak) => (
              <LeakRow key={leak.id} leak={leak} />
            ))}
          </ul>
        )}
      </Loaded>
      <AddLeak run={run} />
    </Panel>
  );
}

function LeakRow({ leak }: { leak: Leak }): ReactNode {
  const say = useWords(reliefWords);
  const { entry, fields, duties, id } = leak;
  const unclassified = fields.filter((field) => field.class === 'unclassified');
  return (
    <li className={css['leak']}>
      <div className={css['leakHead']}>
        <b>{entry.source}</b>
        <span>
          {say('colClass')}: <b className={leak.class === 'other' ? '' : 'attention'}>{say(`class_${leak.class}`)}</b>
        </span>
        <span>
          {say('colKind')}: {entry.kind === null ? say('unknown') : say(`kind_${entry.kind}`)}
        </span>
        <span>
          {say('colRecords')}: <b>{sayCounts(entry.records, say, count)}</b>
        </span>
        <span>
          {say('colPersons')}: <b>{sayCounts(entry.persons, say, count)}</b>
        </span>
        <span className="quiet">
          {say('colDiscovered')} <Time at={entry.discoveredAt} form="day" />
        </span>
      </div>
      <p>
        {fields.map((field) => (
          <span key={field.field} className={css['fieldName']}>
            {field.field} <span className="quiet">{say(`class_${field.class}` as 'class_other')}</span>
          </span>
        ))}
      </p>
      {unclassified.length > 0 && (
        <p className="attention">
          <Icon name="unknown" size={14} /> {say('unclassifiedAbout')}
        </p>
      )}
      <h3>{say('duties')}</h3>
      <ul className={css['duties']}>
        {duties.map((duty) => (
          <Duty key={duty.duty} leak={id} duty={duty} />
        ))}
      </ul>
    </li>
  );
}

function Duty({ leak, duty }: { leak: string; duty: Leak['duties'][number] }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const language = useLanguage();
  const [reference, setReference] = useState('');
  const isLate = duty.doneAt === null && duty.status !== 'lapsed' && Date.parse(duty.dueAt) < Date.now();
  const done = useActing('relief.record', (by) =>
    answer(
      client.POST('/relief/leaks/{leak}/duties/{duty}', {
        params: { path: { leak, duty: duty.duty } },
        body: { by, doneAt: new Date().toISOString(), reference },
      }),
    ),
  );
  return (
    <li>
      <Icon
        name={duty.doneAt !== null ? 'done' : isLate ? 'attention' : 'waiting'}
        size={14}
        className={isLate ? 'crossed' : ''}
      />
      <span>
        <b>{text(duty.title)}</b> <span className="quiet">{say(`dutyStatus_${duty.status}`)}</span>
      </span>
      <span className={isLate ? 'crossed' : 'second'}>
        {duty.doneAt !== null
          ? say('dutyDone', { at: dayTime(duty.doneAt, language), reference: duty.reference ?? '' })
          : say('dutyDue', { at: dayTime(duty.dueAt, language) })}
      </span>
      {duty.doneAt === null && duty.status !== 'lapsed' && (
        <details>
          <summary>{say('dutyAct')}</summary>
          <div className={css['fields']}>
            <Input
              label={say('dutyReference')}
              value={reference}
              onChange={(event) => setReference(event.target.value)}
            />
            <Button
              onClick={() => done.run()}
              disabled={done.isBusy || reference === ''}
              reason={done.why === null ? null : text(done.why)}
            >
              {say('dutyAct')}
            </Button>
          </div>
          <Problem error={done.error} />
        </details>
      )}
    </li>
  );
}

const fromKorea = (text: string): string => `${text.slice(0, 16)}:00+09:00`;

function AddLeak({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [entry, setEntry] = useState({
    source: '',
    discoveredAt: '',
    awareAt: '',
    kind: 'access' as 'access' | 'exfiltration',
    cause: 'work' as 'work' | 'mixed' | 'other',
    fields: '',
    records: '',
    recordsHigh: '',
    persons: '',
    personsHigh: '',
  });
  const put = (changes: Partial<typeof entry>): void => setEntry((before) => ({ ...before, ...changes }));
  const add = useActing('relief.record', (by) =>
    answer(
      client.POST('/relief/runs/{run}/leaks/entries', {
        params: { path: { run } },
        body: {
          by,
          entry: {
            source: entry.source,
            discoveredAt: fromKorea(entry.discoveredAt),
            awareAt: fromKorea(entry.awareAt),
            kind: entry.kind,
            cause: entry.cause,
            illegalExternalAccess: null,
            fields: entry.fields
              .split(',')
              .map((field) => field.trim())
              .filter((field) => field !== ''),
            records: rangeOf(entry.records, entry.recordsHigh),
            persons: rangeOf(entry.persons, entry.personsHigh),
          },
        },
      }),
    ),
  );
  const isWhole = entry.source !== '' && entry.discoveredAt !== '' && entry.awareAt !== '';
  const lines = [
    ['source', 'leakSource', 'text'],
    ['discoveredAt', 'leakDiscovered', 'datetime-local'],
    ['awareAt', 'leakAware', 'datetime-local'],
  ] as const;
  return (
    <details className={css['form']}>
      <summary>{say('addLeak')}</summary>
      <div className={css['fields']}>
        {lines.map(([name, label, type]) => (
          <Input
            key={name}
            label={say(label)}
            type={type}
            value={entry[name]}
            onChange={(event) => put({ [name]: event.target.value })}
          />
        ))}
        <Select
          label={say('colKind')}
          options={(['access', 'exfiltration'] as const).map((one) => [one, say(`kind_${one}`)] as const)}
          value={entry.kind}
          onChange={(event) => put({ kind: event.target.value as typeof entry.kind })}
        />
        <Select
          label={say('cause')}
          options={(['work', 'mixed', 'other'] as const).map((one) => [one, say(`cause_${one}`)] as const)}
          value={entry.cause}
          onChange={(event) => put({ cause: event.target.value as typeof entry.cause })}
        />
        <Input
          label={say('leakFields')}
          hint={say('leakFieldsHint')}
          value={entry.fields}
          onChange={(event) => put({ fields: event.target.value })}
        />
        {(['records', 'persons'] as const).map((what) => (
          <div key={what} className={css['range']}>
            <Input
              label={`${say(what === 'records' ? 'leakRecords' : 'leakPersons')} ≥`}
              inputMode="numeric"
              value={entry[what]}
              onChange={(event) => put({ [what]: event.target.value })}
            />
            <Input
              label={`${say(what === 'records' ? 'leakRecords' : 'leakPersons')} ≤`}
              inputMode="numeric"
              value={entry[`${what}High`]}
              onChange={(event) => put({ [`${what}High`]: event.target.value })}
            />
          </div>
        ))}
        <Button
          onClick={() => add.run()}
          disabled={add.isBusy || !isWhole}
          reason={add.why === null ? null : text(add.why)}
        >
          {say('addLeak')}
        </Button>
      </div>
      <Problem error={add.error} />
    </details>
  );
}
