import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client } from '#api';
import { Empty, Fact, Facts, Icon, Loaded, Panel, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useWords } from '#words';
import { Facing } from './Facing.tsx';
import { hasEnded } from './figures.ts';
import { useAssets } from './queries.ts';
import { inventoryWords } from './words.ts';

/** One asset: what it is, what is exposed on it, what it is made of, what listens. */
export function AssetPage(): ReactNode {
  const say = useWords(inventoryWords);
  const { asset: id = '' } = useParams({ strict: false }) as { asset?: string };
  const assets = useAssets();
  const asset = assets.data?.assets.find((one) => one.id === id);
  return (
    <Page
      title={id}
      about={asset === undefined ? '···' : `${asset.name ?? ''} · ${asset.kind ?? say('unknown')}`}
      side={
        <Panel title={say('asset')} roomy>
          <Loaded
            query={assets}
            what={say('assetsObject')}
            isEmpty={() => asset === undefined}
            empty={<Empty action={<a href={paths.assets()}>{say('assets')}</a>}>{say('noAsset')}</Empty>}
          >
            {() => asset !== undefined && <Known asset={asset} />}
          </Loaded>
        </Panel>
      }
    >
      <SectionViews section="exposure" current="viewAssets" />
      <Exposures asset={id} />
      <Components asset={id} />
      <Listeners asset={id} />
    </Page>
  );
}

function Known({ asset }: { asset: Schemas['InventoryAsset'] }): ReactNode {
  const say = useWords(inventoryWords);
  return (
    <Facts>
      <Fact label={say('addresses')}>{asset.addresses.join(', ') || say('unknown')}</Fact>
      <Fact label={say('zone')}>
        {asset.zone ?? say('unknown')} <Facing internetFacing={asset.internetFacing} />
      </Fact>
      <Fact label={say('owner')}>{asset.owner ?? say('unknown')}</Fact>
      <Fact label={say('criticality')}>
        {asset.criticality === null ? say('unknown') : say(`grade_${asset.criticality}`)}
      </Fact>
      <Fact label={say('dataClass')}>{asset.dataClass ?? say('unknown')}</Fact>
      <Fact label={say('module')}>{asset.modules.join(', ') || say('none')}</Fact>
      <Fact label={say('ends')}>
        <span className={hasEnded(asset.endOfLife, new Date()) ? 'attention' : ''}>
          {asset.endOfLife ?? say('unknown')}
        </span>
      </Fact>
      <Fact label={say('firstSeen')}>
        <Time at={asset.firstSeen} form="day" />
      </Fact>
      <Fact label={say('seen')}>
        <Time at={asset.lastSeen} form="day" />
      </Fact>
      <Fact label={say('source')}>{asset.source}</Fact>
    </Facts>
  );
}

function Exposures({ asset }: { asset: string }): ReactNode {
  const say = useWords(inventoryWords);
  const exposures = useQuery({
    queryKey: ['exposures', { asset }],
    queryFn: () => answer(client.GET('/exposures', { params: { query: { asset, limit: 500 } } })),
  });
  return (
    <Panel
      title={say('exposures')}
      roomy
      end={exposures.data === undefined ? undefined : <span className="quiet">{count(exposures.data.total)}</span>}
    >
      <Loaded
        query={exposures}
        what={say('exposuresObject')}
        isEmpty={(data) => data.exposures.length === 0}
        empty={<Empty>{say('noExposures')}</Empty>}
      >
        {(data) => (
          <Table label={say('exposures')} columns={[say('priority'), say('vulnerability'), say('component')]}>
            {data.exposures.map(({ id, vulnerability, title, component, priority: { decision } }) => (
              <tr key={id}>
                <td className="whole">
                  <b className={decision === 'act' ? 'crossed' : decision === 'attend' ? 'attention' : ''}>
                    {(decision === 'act' || decision === 'attend') && <Icon name="attention" size={14} />}{' '}
                    {say(decision)}
                  </b>
                </td>
                <td>
                  <a href={paths.exposureOf(id)} data-row>
                    {vulnerability}
                  </a>
                  <div className="second">{title}</div>
                </td>
                <td>
                  {component.package} {component.version}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}

function Components({ asset }: { asset: string }): ReactNode {
  const say = useWords(inventoryWords);
  const components = useQuery({
    queryKey: ['components', asset],
    queryFn: () => answer(client.GET('/inventory/components', { params: { query: { asset, limit: 1000 } } })),
  });
  const n = components.data?.components.length;
  return (
    <Panel
      title={say('components')}
      roomy
      end={n === undefined ? undefined : <span className="quiet">{count(n)}</span>}
    >
      <Loaded
        query={components}
        what={say('componentsObject')}
        isEmpty={(data) => data.components.length === 0}
        empty={<Empty>{say('noComponents')}</Empty>}
      >
        {(data) => (
          <Table
            label={say('components')}
            columns={[say('name'), say('version'), say('distro'), say('source'), say('seen')]}
          >
            {data.components.map(({ id, package: name, version, distro, source, lastSeen }) => (
              <tr key={id}>
                <td>{name}</td>
                <td>{version}</td>
                <td>{distro ?? say('none')}</td>
                <td>{source}</td>
                <td>
                  <Time at={lastSeen} form="day" />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}

function Listeners({ asset }: { asset: string }): ReactNode {
  const say = useWords(inventoryWords);
  const listeners = useQuery({
    queryKey: ['listeners', asset],
    queryFn: () => answer(client.GET('/inventory/listeners', { params: { query: { asset } } })),
  });
  return (
    <Panel title={say('listeners')} roomy>
      <Loaded
        query={listeners}
        what={say('listenersObject')}
        isEmpty={(data) => data.listeners.length === 0}
        empty={<Empty>{say('noListeners')}</Empty>}
      >
        {(data) => (
          <Table label={say('listeners')} columns={[say('port'), say('product'), say('source'), say('seen')]}>
            {data.listeners.map(({ address, port, protocol, service, product, version, source, lastSeen }) => (
              <tr key={`${address} ${protocol} ${port} ${source}`}>
                <td>
                  {address}:{port}/{protocol}
                </td>
                <td>{[service, product, version].filter((one) => one !== null).join(' ') || say('unknown')}</td>
                <td>{source}</td>
                <td>
                  <Time at={lastSeen} form="day" />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}
