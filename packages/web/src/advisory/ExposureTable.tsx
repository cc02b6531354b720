import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { Icon, Table } from '#parts';
import { paths } from '#shell';
import { count, useWords } from '#words';
import { decisionLooks, nameOfComponent, percentOf, sayDecision } from './figures.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

type Exposure = Schemas['Exposure'];

/** Exposures with what weighs in them. `chosen` and `choose`: rows can be picked. */
export function ExposureTable({
  exposures,
  chosen,
  choose,
}: {
  exposures: readonly Exposure[];
  chosen?: readonly string[];
  choose?(exposure: string, isChosen: boolean): void;
}): ReactNode {
  const say = useWords(advisoryWords);
  const columns = [
    say('colPriority'),
    say('colVulnerability'),
    say('colComponent'),
    say('colAssets'),
    say('colProof'),
    say('colSignals'),
  ];
  return (
    <Table label={say('exposure')} columns={choose === undefined ? columns : [say('colChoose'), ...columns]}>
      {exposures.map((exposure) => (
        <tr key={exposure.id}>
          {choose !== undefined && (
            <td>
              <input
                type="checkbox"
                className={css['check']}
                aria-label={say('choose', { name: exposure.id })}
                checked={chosen?.includes(exposure.id) ?? false}
                onChange={(event) => choose(exposure.id, event.target.checked)}
              />
            </td>
          )}
          <td className="whole">
            <PriorityWord priority={exposure.priority} />
            {exposure.verdict === 'undetermined' && (
              <div className="attention">
                <Icon name="unknown" size={14} /> {say('undetermined')}
              </div>
            )}
          </td>
          <td>
            <a href={paths.exposureOf(exposure.id)} data-row>
              {exposure.vulnerability}
            </a>
            <div className="second">{exposure.title}</div>
          </td>
          <td>{nameOfComponent(exposure.component)}</td>
          <td>
            {exposure.places.map(({ asset, internetFacing }) => (
              <div key={asset}>
                <a href={paths.asset(asset)}>{asset}</a>{' '}
                {internetFacing === true && <span className="attention">{say('internetFacing')}</span>}
                {internetFacing === null && <span className="quiet">{say('unknown')}</span>}
              </div>
            ))}
          </td>
          <td>
            <Proof exposure={exposure} />
          </td>
          <td>
            <Signals priority={exposure.priority} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function PriorityWord({ priority }: { priority: Exposure['priority'] }): ReactNode {
  const say = useWords(advisoryWords);
  const { icon, tone } = decisionLooks[priority.decision];
  return (
    <b className={tone === 'plain' ? '' : tone}>
      <Icon name={icon} size={14} /> {sayDecision(priority, say)}
    </b>
  );
}

function Proof({ exposure: { dissemination, priority } }: { exposure: Exposure }): ReactNode {
  const say = useWords(advisoryWords);
  const { disseminated } = priority;
  return (
    <span className={disseminated === 'absent' ? 'second' : ''}>
      <Icon name={disseminated === 'absent' ? 'waiting' : 'done'} size={14} /> {say(disseminated)}
      {dissemination !== null && (
        <span className="quiet">
          {' '}
          {dissemination.by} {dissemination.id}
        </span>
      )}
    </span>
  );
}

function Signals({ priority: { kevAdded, epss, cvss } }: { priority: Exposure['priority'] }): ReactNode {
  const say = useWords(advisoryWords);
  return (
    <>
      {kevAdded !== null && <div className="attention">{say('kev')}</div>}
      <div className="second">
        {epss === null ? `EPSS ${say('unknown')}` : say('epss', { value: percentOf(epss) })} ·{' '}
        {cvss === null ? `CVSS ${say('unknown')}` : say('cvss', { value: cvss.score.toFixed(1) })}
      </div>
    </>
  );
}

/** Beside a table: how many. */
export function Many({ n }: { n: number }): ReactNode {
  return <span className="quiet">{count(n)}</span>;
}
