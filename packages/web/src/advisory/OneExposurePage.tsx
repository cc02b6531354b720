import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { Empty, Fact, Facts, Icon, Loaded, Panel, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { useWords } from '#words';
import { PriorityWord } from './ExposureTable.tsx';
import { nameOfComponent, percentOf, sayInput } from './figures.ts';
import { PlanDraft } from './PlanDraft.tsx';
import { useExposures } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

type Exposure = Schemas['Exposure'];

/** One exposure: how urgent and by which inputs, why it counts as affected, where it is, and who disseminated it. */
export function OneExposurePage(): ReactNode {
  const say = useWords(advisoryWords);
  const { exposure: id = '' } = useParams({ strict: false }) as { exposure?: string };
  const vulnerability = id.split(' in ')[0] ?? '';
  const exposures = useExposures({ vulnerability, filtered: 'yes' });
  const found = exposures.data?.exposures.find((one) => one.id === id);
  return (
    <Page
      title={found?.vulnerability ?? vulnerability}
      about={found === undefined ? '···' : `${found.title} · ${nameOfComponent(found.component)}`}
      state={found === undefined ? undefined : <PriorityWord priority={found.priority} />}
      side={
        found === undefined ? undefined : (
          <>
            <Dissemination exposure={found} />
            {found.vex !== null && <Vex vex={found.vex} />}
          </>
        )
      }
    >
      <SectionViews section="exposure" current="viewExposure" />
      <Loaded
        query={exposures}
        what={say('exposureObject')}
        meanwhile={say('meanwhile')}
        isEmpty={() => found === undefined}
        empty={
          <Panel title={vulnerability} roomy>
            <Empty action={<a href={paths.exposure()}>{say('toExposure')}</a>}>{say('gone')}</Empty>
          </Panel>
        }
      >
        {() =>
          found !== undefined && (
            <>
              <Priority priority={found.priority} />
              <Reasons exposure={found} />
              <Places exposure={found} />
              <PlanDraft exposures={[found.id]} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

const inputs = ['exploitation', 'automatable', 'technicalImpact', 'mission'] as const;

function Priority({ priority }: { priority: Exposure['priority'] }): ReactNode {
  const say = useWords(advisoryWords);
  const { cvss, epss, kevAdded, internetFacing, criticality, endOfLife } = priority;
  return (
    <Panel title={say('priority')} about={say('priorityAbout')} roomy end={<PriorityWord priority={priority} />}>
      {priority.decision !== priority.mildest && (
        <p className={`${css['note']} attention`}>
          <Icon name="unknown" size={14} /> {say('undecidedAbout')}
        </p>
      )}
      <dl className={css['inputs']}>
        {inputs.map((input) => {
          const { source } = priority.inputs[input];
          return (
            <div key={input}>
              <dt>{say(`input_${input}`)}</dt>
              <dd className={priority.inputs[input].values.length > 1 ? 'attention' : ''}>
                {sayInput(priority.inputs[input], say)}
              </dd>
              <dd className="quiet">{source === null ? say('sourceNobody') : say(`source_${source}`)}</dd>
            </div>
          );
        })}
      </dl>
      <Facts>
        <Fact label="CVSS">
          {cvss === null ? say('unknown') : <b>{cvss.score.toFixed(1)}</b>}{' '}
          {cvss !== null && <code>{cvss.vector}</code>}
        </Fact>
        <Fact label="EPSS">{epss === null ? say('unknown') : `${percentOf(epss)}%`}</Fact>
        <Fact label="KEV">{kevAdded === null ? say('none') : say('kevAdded', { at: kevAdded })}</Fact>
        <Fact label={say('internetFacing')}>
          {internetFacing === null ? say('unknown') : internetFacing ? say('value_yes') : say('value_no')}
        </Fact>
        <Fact label={say('criticality')}>{criticality === null ? say('unknown') : say(`grade_${criticality}`)}</Fact>
        <Fact label={say('endOfLife')}>
          {endOfLife === null ? say('unknown') : endOfLife ? say('endOfLifeYes') : say('endOfLifeNo')}
        </Fact>
      </Facts>
    </Panel>
  );
}

function Reasons({ exposure: { reasons } }: { exposure: Exposure }): ReactNode {
  const say = useWords(advisoryWords);
  return (
    <Panel title={say('reasons')} about={say('reasonsAbout')} roomy>
      <Table
        label={say('reasons')}
        columns={[say('document'), say('rule'), say('interval'), say('place'), say('matchedAt')]}
      >
        {reasons.map(({ document, rule, doubt, interval, path, matchedAt }) => (
          <tr key={`${document.id} ${path} ${interval}`}>
            <td>
              <a href={paths.advisory(document.name)} data-row>
                {document.name}
              </a>{' '}
              <span className="quiet">
                {document.format} · {document.publisher}
              </span>
            </td>
            <td>
              {say(`rule_${rule}`)}
              {doubt !== null && (
                <div className="attention">
                  <Icon name="unknown" size={14} /> {say(`doubt_${doubt}`)}
                </div>
              )}
            </td>
            <td>
              <code>{interval}</code>
            </td>
            <td>
              <code>{path}</code>
            </td>
            <td>
              <Time at={matchedAt} form="day" />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Places({ exposure: { places } }: { exposure: Exposure }): ReactNode {
  const say = useWords(advisoryWords);
  return (
    <Panel title={say('places')} roomy>
      <Table
        label={say('places')}
        columns={[say('colAssets'), say('zone'), say('owner'), say('services'), say('criticality'), say('endOfLife')]}
      >
        {places.map(({ asset, zone, owner, services, internetFacing, endOfLife }) => (
          <tr key={asset}>
            <td>
              <a href={paths.asset(asset)} data-row>
                {asset}
              </a>
            </td>
            <td>
              {zone ?? say('unknown')}{' '}
              <span className={internetFacing === true ? 'attention' : 'quiet'}>
                {internetFacing === null ? say('unknown') : internetFacing ? say('internetFacing') : say('internal')}
              </span>
            </td>
            <td>{owner ?? say('unknown')}</td>
            <td>{services.map((service) => service.id).join(', ') || say('none')}</td>
            <td>
              {services
                .map(({ criticality }) => (criticality === null ? say('unknown') : say(`grade_${criticality}`)))
                .join(', ') || say('unknown')}
            </td>
            <td>{endOfLife ?? say('unknown')}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Dissemination({ exposure: { dissemination } }: { exposure: Exposure }): ReactNode {
  const say = useWords(advisoryWords);
  return (
    <Panel title={say('dissemination')} roomy>
      {dissemination === null ? (
        <Empty>{say('disseminationNone')}</Empty>
      ) : (
        <Facts>
          <Fact label={say('dissemination')}>
            <a href={paths.disseminations()}>{dissemination.id}</a> {dissemination.by}
          </Fact>
          <Fact label={say('basis')}>{say(dissemination.proof)}</Fact>
          <Fact label={say('received')}>
            <Time at={dissemination.receivedAt} form="day" />
          </Fact>
        </Facts>
      )}
    </Panel>
  );
}

function Vex({ vex }: { vex: NonNullable<Exposure['vex']> }): ReactNode {
  const say = useWords(advisoryWords);
  return (
    <Panel title={say('vex')} roomy>
      <Facts>
        <Fact label={say(`vex_${vex.status}`)}>
          {vex.statement ?? vex.justification ?? ''}{' '}
          <span className="quiet">{say('vexBy', { author: vex.author })}</span>
        </Fact>
      </Facts>
    </Panel>
  );
}
