import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Loaded, Panel, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useWords } from '#words';
import { inventoryWords } from './words.ts';
import css from './inventory.module.css';

const longMs = 30 * 86_400_000;

/** What has lost its support, what nothing has seen for long, what cannot be matched, and what was imported last. */
export function EndOfLifePage(): ReactNode {
  const say = useWords(inventoryWords);
  const ended = useQuery({
    queryKey: ['end-of-life'],
    queryFn: () => answer(client.GET('/inventory/end-of-life', { params: { query: {} } })),
  });
  return (
    <Page
      title={say('endOfLife')}
      about={
        ended.data === undefined
          ? '···'
          : say('endOfLifeAbout', { n: count(ended.data.items.length), on: ended.data.on })
      }
      side={
        <>
          <NotSeen />
          <Imports />
        </>
      }
    >
      <SectionViews section="exposure" current="viewEndOfLife" />
      <Panel title={say('endOfLife')} roomy>
        <Loaded
          query={ended}
          what={say('endOfLifeObject')}
          isEmpty={(data) => data.items.length === 0}
          empty={<Empty>{say('noEndOfLife')}</Empty>}
        >
          {(data) => (
            <Table label={say('endOfLife')} columns={[say('endsOn'), say('what'), say('asset')]}>
              {data.items.map(({ kind, asset, component, endsOn }) => (
                <tr key={`${asset} ${component ?? ''}`}>
                  <td className="whole">{endsOn}</td>
                  <td>
                    <span className="quiet">{say(kind)}</span> {component ?? asset}
                  </td>
                  <td>
                    <a href={paths.asset(asset)} data-row>
                      {asset}
                    </a>
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </Panel>
      <Unmatched />
    </Page>
  );
}

function Unmatched(): ReactNode {
  const say = useWords(inventoryWords);
  const unmatched = useQuery({
    queryKey: ['unmatched'],
    queryFn: () => answer(client.GET('/inventory/unmatched')),
  });
  return (
    <Panel title={say('unmatched')} roomy>
      <Loaded
        query={unmatched}
        what={say('unmatchedObject')}
        isEmpty={(data) => data.components.length === 0}
        empty={<Empty>{say('noUnmatched')}</Empty>}
      >
        {(data) => (
          <Table label={say('unmatched')} columns={[say('name'), say('version'), say('asset'), say('reason')]}>
            {data.components.map(({ asset, name, version, why, source }) => (
              <tr key={`${asset} ${source} ${name} ${version ?? ''}`}>
                <td>{name}</td>
                <td>{version ?? say('unknown')}</td>
                <td>
                  <a href={paths.asset(asset)}>{asset}</a>
                </td>
                <td className="attention">{say(`why_${why}` as 'why_no-name')}</td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}

function NotSeen(): ReactNode {
  const say = useWords(inventoryWords);
  const notSeen = useQuery({
    queryKey: ['not-seen'],
    queryFn: () =>
      answer(
        client.GET('/inventory/not-seen', {
          params: { query: { since: new Date(Date.now() - longMs).toISOString() } },
        }),
      ),
  });
  return (
    <Panel title={say('notSeen')} about={say('notSeenAbout')} roomy>
      <Loaded
        query={notSeen}
        what={say('notSeenObject')}
        isEmpty={(data) => data.items.length === 0}
        empty={<Empty>{say('noNotSeen')}</Empty>}
      >
        {(data) => (
          <ul className={css['list']}>
            {data.items.map(({ id, kind, lastSeen }) => (
              <li key={`${kind} ${id}`}>
                {kind === 'asset' ? <a href={paths.asset(id)}>{id}</a> : id} <Time at={lastSeen} form="day" />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Imports(): ReactNode {
  const say = useWords(inventoryWords);
  const imports = useQuery({
    queryKey: ['imports'],
    queryFn: () => answer(client.GET('/inventory/imports', { params: { query: { limit: 20 } } })),
  });
  return (
    <Panel title={say('imports')} roomy>
      <Loaded
        query={imports}
        what={say('importsObject')}
        isEmpty={(data) => data.imports.length === 0}
        empty={<Empty>{say('none')}</Empty>}
      >
        {(data) => (
          <ul className={css['list']}>
            {data.imports.map(({ id, at, by, source, format }) => (
              <li key={id}>
                {source} · {format} · {by}{' '}
                <span className="quiet">
                  <Time at={at} form="day" />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
