import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { answer, client } from '#api';
import { Fact, Facts, Icon, Loaded, Panel, Time, buttonClass } from '#parts';
import { count, useWords } from '#words';
import { Signed, useCheckpoints } from './Checkpoint.tsx';
import { InclusionTree } from './InclusionTree.tsx';
import { opensCommitment, placeOf } from './proof.ts';
import { evidenceWords } from './words.ts';
import css from './evidence.module.css';

/** One record: what it says, whether that is what was committed to, and where it stands in what was signed. */
export function RecordPane({ index, back }: { index: number; back: string }): ReactNode {
  const say = useWords(evidenceWords);
  const record = useQuery({
    queryKey: ['log', 'record', index],
    queryFn: () => answer(client.GET('/log/records/{index}', { params: { path: { index } } })),
    staleTime: Infinity,
  });
  return (
    <div className={css['pane']}>
      <a className={css['back']} href={back}>
        {say('back')}
      </a>
      <Panel title={say('record', { index: count(index) })} roomy>
        <Loaded query={record} what={say('recordObject')}>
          {(data) => <Opened record={data} />}
        </Loaded>
      </Panel>
      <Panel title={say('path')} roomy>
        <Loaded query={record} what={say('recordObject')}>
          {(data) => <Place record={data} />}
        </Loaded>
      </Panel>
      <Panel title={say('offline')} roomy>
        <div className={css['padded']}>
          <p>{say('offlineAbout')}</p>
          <pre className={css['pre']}>
            {
              'breakwater evidence policy > log.policy\nbreakwater verify dossier.zip --policy log.policy --keys keys.json'
            }
          </pre>
          <p>
            <a className={buttonClass()} href={`/v1/log/proof/${index}`} download={`record-${index}.tlog-proof`}>
              {say('downloadProof')}
            </a>
          </p>
        </div>
      </Panel>
    </div>
  );
}

type OpenedRecord = Schemas['LogRecord'];

function Opened({ record }: { record: OpenedRecord }): ReactNode {
  const say = useWords(evidenceWords);
  const { leaf, payload, salt, leafHash } = record;
  const opens = useMemo(() => opensCommitment(record), [record]);
  return (
    <>
      <Facts>
        <Fact label={say('type')}>
          <code>{leaf.type}</code>
        </Fact>
        <Fact label={say('at')}>
          <Time at={leaf.at} form="day" /> <span className="quiet">{leaf.at}</span>
        </Fact>
        <Fact label={say('actor')}>
          {leaf.actor.id} <span className="quiet">{leaf.actor.kind}</span>
        </Fact>
        <Fact label={say('subjects')}>
          {Object.entries(leaf.subjects).map(([name, value]) => (
            <span key={name} className={css['hash']}>
              {name} {value}
            </span>
          ))}
        </Fact>
        <Fact label={say('commitment')}>
          <code className={css['hash']}>{leaf.commitment}</code>
        </Fact>
        {salt !== null && (
          <Fact label={say('salt')}>
            <code className={css['hash']}>{salt}</code>
          </Fact>
        )}
        <Fact label={say('leafHash')}>
          <code className={css['hash']}>{leafHash}</code>
        </Fact>
      </Facts>
      <Verdict holds={opens} good={say('opens')} bad={say('opensNot')} open={say('erasedAbout')} />
      {payload !== null && (
        <details className={css['padded']} open>
          <summary>{say('payload')}</summary>
          <pre className={css['pre']}>{JSON.stringify(payload, null, 2)}</pre>
        </details>
      )}
    </>
  );
}

/** What was checked here, in a shape and words. */
function Verdict(props: { holds: boolean | null; good: string; bad: string; open: string }): ReactNode {
  const { holds, good, bad, open } = props;
  if (holds === null) return <p className={css['verdict']}>{open}</p>;
  return (
    <p className={`${css['verdict']} ${holds ? '' : 'crossed'}`} role={holds ? undefined : 'alert'}>
      <Icon name={holds ? 'done' : 'failed'} />
      <span>{holds ? good : bad}</span>
    </p>
  );
}

function Place({ record }: { record: OpenedRecord }): ReactNode {
  const say = useWords(evidenceWords);
  const proof = useQuery({
    queryKey: ['log', 'proof', record.index],
    queryFn: () => proofText(record.index),
  });
  const checkpoints = useCheckpoints();
  return (
    <Loaded
      query={proof}
      what={say('proofObject')}
      isEmpty={(text) => text === ''}
      empty={<p className={css['verdict']}>{say('notSigned')}</p>}
    >
      {(text) => {
        const place = placeOf(record, text);
        const signed = checkpoints.data?.checkpoints.find(({ size }) => size === place.size);
        return (
          <>
            <Verdict
              holds={place.holds}
              good={say('included', { size: count(place.size) })}
              bad={say('includedNot')}
              open=""
            />
            <div className={css['padded']}>
              <InclusionTree index={record.index} place={place} />
            </div>
            {signed !== undefined && <Signed checkpoint={signed} witnesses={checkpoints.data?.witnesses ?? []} />}
          </>
        );
      }}
    </Loaded>
  );
}

/** The proof as text; empty: no checkpoint holds the record yet. */
async function proofText(index: number): Promise<string> {
  try {
    const { data } = await client.GET('/log/proof/{index}', {
      params: { path: { index: String(index) } },
      parseAs: 'text',
    });
    return data ?? '';
  } catch (error) {
    if (error instanceof ServerError && error.status === 404) return '';
    throw error;
  }
}
