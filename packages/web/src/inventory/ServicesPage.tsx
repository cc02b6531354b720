import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Chip, Empty, Loaded, Panel } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useWords } from '#words';
import { inventoryWords } from './words.ts';
import css from './inventory.module.css';

/** Services as customers know them, their modules, and the assets that each runs on. */
export function ServicesPage(): ReactNode {
  const say = useWords(inventoryWords);
  const services = useQuery({
    queryKey: ['services'],
    queryFn: () => answer(client.GET('/inventory/services')),
  });
  return (
    <Page
      title={say('services')}
      about={services.data === undefined ? '···' : say('servicesAbout', { n: services.data.services.length })}
    >
      <SectionViews section="exposure" current="viewServices" />
      <Loaded
        query={services}
        what={say('servicesObject')}
        isEmpty={(data) => data.services.length === 0}
        empty={
          <Panel title={say('services')} roomy>
            <Empty>{say('noServices')}</Empty>
          </Panel>
        }
      >
        {(data) => (
          <div className={css['services']}>
            {data.services.map(({ id, name, owner, criticality, subscribers, modules }) => (
              <Panel
                key={id}
                title={name ?? id}
                about={id}
                roomy
                end={
                  <Chip icon={criticality === null ? 'unknown' : 'exposure'}>
                    {say('criticality')} {criticality === null ? say('unknown') : say(`grade_${criticality}`)}
                  </Chip>
                }
              >
                <div className={css['stack']}>
                  <p className="second">
                    {say('owner')} {owner ?? say('unknown')} ·{' '}
                    {say('subscribers', { n: subscribers === null ? say('unknown') : count(subscribers) })}
                  </p>
                  {modules.length === 0 && <p className="second">{say('noModules')}</p>}
                  <ul className={css['modules']}>
                    {modules.map((module) => (
                      <li key={module.id}>
                        <b>{module.name ?? module.id}</b>{' '}
                        <span className="quiet">{module.owner ?? say('unknown')}</span>
                        <div>
                          {module.assets.length === 0 ? (
                            <span className="attention">{say('noModuleAssets')}</span>
                          ) : (
                            module.assets.map((asset) => (
                              <a key={asset} href={paths.asset(asset)} data-row>
                                {asset}
                              </a>
                            ))
                          )}
                        </div>
                      </li>
                    ))}
                  </ul>
                </div>
              </Panel>
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
