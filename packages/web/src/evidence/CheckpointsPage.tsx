import { Fragment, type ReactNode } from 'react';
import { Empty, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { Stamps, useCheckpoints, Witnesses, type Checkpoint } from './Checkpoint.tsx';
import { EvidenceTabs, useLogStatus } from './EvidencePage.tsx';
import { evidenceWords } from './words.ts';
import css from './evidence.module.css';

/** A stretch of the log of this length without a checkpoint is a row of its own. */
const longStretch = 10_000;

/** What was signed, newest first. A gap and a witness that failed are rows, not messages that pass. */
export function CheckpointsPage(): ReactNode {
  const say = useWords(evidenceWords);
  const checkpoints = useCheckpoints();
  const status = useLogStatus();
  return (
    <Page
      title={say('checkpoints')}
      about={
        status.data === undefined
          ? '···'
          : say('about', { n: count(status.data.size), signed: count(status.data.signedSize) })
      }
    >
      <EvidenceTabs current="checkpoints" />
      <Panel title={say('checkpoints')} about={status.data?.origin} roomy>
        <Loaded
          query={checkpoints}
          what={say('checkpointsObject')}
          meanwhile={say('meanwhile')}
          isEmpty={(data) => data.checkpoints.length === 0}
          empty={<Empty>{say('noCheckpoints')}</Empty>}
        >
          {({ checkpoints: all, witnesses }) => (
            <ul className={css['checkpoints']}>
              {all.map((checkpoint, at) => (
                <Fragment key={`${checkpoint.origin} ${checkpoint.size}`}>
                  <Row checkpoint={checkpoint} witnesses={witnesses} />
                  <Gap newer={checkpoint} older={all[at + 1]} />
                </Fragment>
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Row({ checkpoint, witnesses }: { checkpoint: Checkpoint; witnesses: readonly string[] }): ReactNode {
  const say = useWords(evidenceWords);
  const { size, signedAt, note } = checkpoint;
  return (
    <li className={css['checkpoint']}>
      <a href={paths.record(size - 1)} className={css['number']} data-row>
        {count(size)}
      </a>
      <Time at={signedAt} form="day" />
      <span>
        <span className="quiet">{say('witnesses')} </span>
        <Witnesses checkpoint={checkpoint} witnesses={witnesses} />
      </span>
      <span>
        <span className="quiet">{say('stamp')} </span>
        <Stamps checkpoint={checkpoint} />
      </span>
      <details>
        <summary>{say('note')}</summary>
        <pre className={css['pre']}>{note}</pre>
      </details>
    </li>
  );
}

function Gap({ newer, older }: { newer: Checkpoint; older: Checkpoint | undefined }): ReactNode {
  const say = useWords(evidenceWords);
  const between = older === undefined ? 0 : newer.size - older.size;
  if (between < longStretch) return null;
  return (
    <li className={`${css['gap']} attention`}>
      <Icon name="attention" size={14} /> {say('gap', { n: count(between) })}
    </li>
  );
}
