import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { answer, client, useActing } from '#api';
import { Button, Empty, Loaded, Panel, Problem, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useText, useWords } from '#words';
import { Many } from './ExposureTable.tsx';
import { useDocuments } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

/** Advisories that were taken in, the lists of what is exploited, and taking in another file. */
export function AdvisoriesPage(): ReactNode {
  const say = useWords(advisoryWords);
  const documents = useDocuments();
  return (
    <Page
      title={say('advisories')}
      about={
        documents.data === undefined
          ? '···'
          : say('advisoriesAbout', {
              n: documents.data.documents.length,
              restricted: documents.data.restricted,
            })
      }
      side={
        <>
          <Intake />
          <Signals />
          <Matching />
        </>
      }
    >
      <SectionViews section="exposure" current="viewAdvisories" />
      <Panel
        title={say('advisories')}
        roomy
        end={documents.data === undefined ? undefined : <Many n={documents.data.documents.length} />}
      >
        <Loaded
          query={documents}
          what={say('documentsObject')}
          isEmpty={(data) => data.documents.length === 0}
          empty={<Empty>{say('noDocuments')}</Empty>}
        >
          {(data) => (
            <Table
              label={say('advisories')}
              columns={[
                say('colName'),
                say('colTitle'),
                say('colFormat'),
                { words: say('colMatches'), numeric: true },
                say('colImported'),
              ]}
            >
              {data.documents.map(
                ({ id, name, title, vulnerabilities, format, publisher, matches, importedAt, withdrawnAt }) => (
                  <tr key={id}>
                    <td>
                      <a href={paths.advisory(name)} data-row>
                        {name}
                      </a>
                      {withdrawnAt !== null && <div className="attention">{say('withdrawn')}</div>}
                    </td>
                    <td>
                      {title}
                      <div className="quiet">{vulnerabilities.join(', ')}</div>
                    </td>
                    <td>
                      {format} <span className="quiet">{publisher}</span>
                    </td>
                    <td data-numeric>{count(matches)}</td>
                    <td>
                      <Time at={importedAt} form="day" />
                    </td>
                  </tr>
                ),
              )}
            </Table>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Intake(): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const [file, setFile] = useState<File | null>(null);
  const take = useActing('advisory.import', (by) =>
    answer(
      client.POST('/advisories/intake', {
        params: { query: { by, source: (file?.name ?? 'upload').slice(0, 1000) } },
        body: file as never,
        bodySerializer: (body: unknown) => body as Blob,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    ),
  );
  return (
    <Panel title={say('importTitle')} roomy>
      <div className={css['draft']}>
        <p className="quiet">{say('importAbout')}</p>
        <label className={css['file']}>
          {say('importFile')}
          <input type="file" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
        <Button
          onClick={() => take.run()}
          disabled={file === null || take.isBusy}
          reason={take.why === null ? null : text(take.why)}
        >
          {say('importAct')}
        </Button>
        {take.done !== undefined && (
          <p role="status">{say('importDone', { kind: take.done.advisory?.id ?? take.done.kind })}</p>
        )}
        <Problem error={take.error} />
      </div>
    </Panel>
  );
}

function Signals(): ReactNode {
  const say = useWords(advisoryWords);
  const signals = useQuery({
    queryKey: ['signals'],
    queryFn: () => answer(client.GET('/advisories/signals')),
  });
  return (
    <Panel title={say('signals')} roomy>
      <Loaded
        query={signals}
        what={say('documentsObject')}
        isEmpty={(data) => data.signals.length === 0}
        empty={<Empty>{say('signalsNone')}</Empty>}
      >
        {(data) => (
          <ul className={css['plain']}>
            {data.signals.map(({ kind, release, entries, takenAt }) => (
              <li key={`${kind} ${release}`}>
                {say('signalOf', { kind: kind.toUpperCase(), release, entries: count(entries) })}{' '}
                <span className="quiet">
                  <Time at={takenAt} form="day" />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Matching(): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const match = useActing('advisory.match', () => answer(client.POST('/advisories/matching')));
  return (
    <Panel title={say('matching')} roomy>
      <div className={css['draft']}>
        <p className="quiet">{say('matchingAbout')}</p>
        <Button
          onClick={() => match.run()}
          disabled={match.isBusy}
          reason={match.why === null ? null : text(match.why)}
        >
          {say('matching')}
        </Button>
        {match.done !== undefined && (
          <p role="status" className={match.done.differences > 0 ? 'attention' : ''}>
            {say('matchingDone', { matches: count(match.done.matches), differences: count(match.done.differences) })}
          </p>
        )}
        <Problem error={match.error} />
      </div>
    </Panel>
  );
}
