import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Loaded, Panel, Table, Time } from '#parts';
import { Page, paths } from '#shell';
import { useWords } from '#words';
import { reviewWords } from './words.ts';

/** The cases that the reader may see. A member of a committee sees their own alone. */
export function CasesPage(): ReactNode {
  const say = useWords(reviewWords);
  const cases = useQuery({
    queryKey: ['cases'],
    queryFn: () => answer(client.GET('/cases', { params: { query: { limit: 100 } } })),
    refetchInterval: 15_000,
  });
  return (
    <Page
      title={say('cases')}
      about={cases.data === undefined ? '···' : say('casesAbout', { n: cases.data.cases.length })}
    >
      <Panel title={say('cases')} roomy>
        <Loaded
          query={cases}
          what={say('casesObject')}
          isEmpty={(data) => data.cases.length === 0}
          empty={<Empty>{say('noCases')}</Empty>}
        >
          {(data) => (
            <Table
              label={say('cases')}
              columns={[say('colCase'), say('colKind'), say('colState'), say('colRun'), say('colOpened')]}
            >
              {data.cases.map((one) => (
                <tr key={one.case}>
                  <td>
                    <a href={paths.case(one.case)} data-row>
                      {one.title ?? one.case}
                    </a>
                    <div className="quiet">{one.case}</div>
                  </td>
                  <td>
                    {say(`kind_${one.kind}`)} <span className="quiet">{one.authority}</span>
                  </td>
                  <td>{say(`state_${one.state}`)}</td>
                  <td>{one.run === null ? '' : <a href={paths.run(one.run)}>{one.run.slice(0, 8)}</a>}</td>
                  <td>
                    <Time at={one.openedAt} form="day" />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
