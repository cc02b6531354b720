import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { Empty, Fact, Facts, Icon, Loaded, Panel, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { useWords } from '#words';
import { ExposureTable, Many } from './ExposureTable.tsx';
import { useDocuments, useExposures } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

/** One advisory, by any of its names: each document of that name, and what it exposes. */
export function AdvisoryPage(): ReactNode {
  const say = useWords(advisoryWords);
  const { advisory: name = '' } = useParams({ strict: false }) as { advisory?: string };
  const documents = useDocuments(name);
  const [first] = documents.data?.documents ?? [];
  return (
    <Page title={name} about={first?.title ?? (documents.data === undefined ? '···' : '')}>
      <SectionViews section="exposure" current="viewAdvisories" />
      <Loaded
        query={documents}
        what={say('documentsObject')}
        isEmpty={(data) => data.documents.length === 0}
        empty={
          <Panel title={name} roomy>
            <Empty action={<a href={paths.advisories()}>{say('toAdvisories')}</a>}>{say('noDocuments')}</Empty>
          </Panel>
        }
      >
        {(data) => data.documents.map((document) => <Document key={document.id} document={document} />)}
      </Loaded>
    </Page>
  );
}

function Document({ document }: { document: Schemas['AdvisoryDocument'] }): ReactNode {
  const say = useWords(advisoryWords);
  const {
    id,
    name,
    format,
    publisher,
    title,
    revision,
    modifiedAt,
    withdrawnAt,
    aliases,
    vulnerabilities,
    tlp,
    notes,
  } = document;
  const exposures = useExposures({ document: id });
  return (
    <>
      <Panel title={name} about={`${format} · ${publisher}`} roomy>
        <Facts>
          <Fact label={say('colTitle')}>{title}</Fact>
          <Fact label={say('revision')}>
            {revision} {modifiedAt !== null && <Time at={modifiedAt} form="day" />}
            {withdrawnAt !== null && <b className="attention"> {say('withdrawn')}</b>}
          </Fact>
          <Fact label={say('vulnerabilities')}>{vulnerabilities.join(', ')}</Fact>
          <Fact label={say('aliases')}>{aliases.join(', ') || say('none')}</Fact>
          <Fact label={say('tlp')}>{tlp ?? say('none')}</Fact>
          <Fact label={say('source')}>{document.source}</Fact>
          <Fact label={say('digest')}>
            <code className={css['long']}>{document.digest}</code>
          </Fact>
        </Facts>
        {notes.length > 0 && (
          <ul className={css['plain']} aria-label={say('notes')}>
            {notes.map((note) => (
              <li key={note} className="attention">
                <Icon name="attention" size={14} /> {note}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel
        title={say('exposuresOf')}
        roomy
        end={exposures.data === undefined ? undefined : <Many n={exposures.data.total} />}
      >
        <Loaded
          query={exposures}
          what={say('exposureObject')}
          isEmpty={(data) => data.exposures.length === 0}
          empty={<Empty>{say('noExposuresOf')}</Empty>}
        >
          {(data) => <ExposureTable exposures={data.exposures} />}
        </Loaded>
      </Panel>
    </>
  );
}
