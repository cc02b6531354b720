import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty, Input, Loaded, Panel, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useWords } from '#words';
import { Facing } from './Facing.tsx';
import { hasEnded, matchesFilter } from './figures.ts';
import { shown, useAssets } from './queries.ts';
import { inventoryWords } from './words.ts';
import css from './inventory.module.css';

/** Assets that are present, found by a part of their names, zones or owners. */
export function AssetsPage(): ReactNode {
  const say = useWords(inventoryWords);
  const { q = '' } = useSearch({ strict: false }) as { q?: string };
  const navigate = useNavigate();
  const assets = useAssets();
  const all = assets.data?.assets;
  const found = all?.filter((asset) => matchesFilter(asset, q)) ?? [];
  const today = new Date();
  const find = (text: string): void =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, q: text || undefined }), replace: true });
  return (
    <Page title={say('assets')} about={all === undefined ? '···' : say('assetsAbout', { n: all.length })}>
      <SectionViews section="exposure" current="viewAssets" />
      <div className={css['filters']}>
        <Input label={say('filter')} value={q} onChange={(event) => find(event.target.value)} />
      </div>
      <Panel title={say('assets')} roomy end={<span className="quiet">{count(found.length)}</span>}>
        <Loaded
          query={assets}
          what={say('assetsObject')}
          isEmpty={() => found.length === 0}
          empty={<Empty>{say('noAssets')}</Empty>}
        >
          {(data) => (
            <>
              {data.next !== null && <p className={css['note']}>{say('assetsMore', { n: count(shown) })}</p>}
              <Table
                label={say('assets')}
                columns={[
                  say('asset'),
                  say('kind'),
                  say('zone'),
                  say('owner'),
                  say('criticality'),
                  { words: say('components'), numeric: true },
                  say('ends'),
                  say('seen'),
                ]}
              >
                {found.map((asset) => (
                  <tr key={asset.id}>
                    <td>
                      <a href={paths.asset(asset.id)} data-row>
                        {asset.id}
                      </a>
                      <div className="quiet">{asset.name ?? ''}</div>
                    </td>
                    <td>{asset.kind ?? say('unknown')}</td>
                    <td>
                      {asset.zone ?? say('unknown')} <Facing internetFacing={asset.internetFacing} />
                    </td>
                    <td>{asset.owner ?? <span className="attention">{say('unknown')}</span>}</td>
                    <td>{asset.criticality === null ? say('unknown') : say(`grade_${asset.criticality}`)}</td>
                    <td data-numeric>{count(asset.components)}</td>
                    <td className={hasEnded(asset.endOfLife, today) ? 'attention' : ''}>
                      {asset.endOfLife ?? say('unknown')}
                    </td>
                    <td>
                      <Time at={asset.lastSeen} form="day" />
                    </td>
                  </tr>
                ))}
              </Table>
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
