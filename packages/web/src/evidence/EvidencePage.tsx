import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Empty, Loaded, Notice, Panel, Tabs } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { Filters, type Filter } from './Filters.tsx';
import { RecordList } from './RecordList.tsx';
import { RecordPane } from './RecordPane.tsx';
import { evidenceWords } from './words.ts';
import css from './evidence.module.css';

/** The views of the log, each with its address. */
export function EvidenceTabs({ current }: { current: 'records' | 'checkpoints' | 'verify' }): ReactNode {
  const say = useWords(evidenceWords);
  return (
    <Tabs
      label={say('views')}
      current={current}
      tabs={[
        { id: 'records', href: paths.evidence(), label: say('records') },
        { id: 'checkpoints', href: paths.checkpoints(), label: say('checkpoints') },
        { id: 'verify', href: paths.verification(), label: say('verify') },
      ]}
    />
  );
}

/** How large the log is, and how much of it is signed. */
export function useLogStatus() {
  return useQuery({
    queryKey: ['log', 'status'],
    queryFn: () => answer(client.GET('/log/status')),
    refetchInterval: 10_000,
  });
}

/** The records of the log, and beside them the proof of the one that was chosen. Filter and choice stand in the address. */
export function EvidencePage(): ReactNode {
  const say = useWords(evidenceWords);
  const navigate = useNavigate();
  const { index } = useParams({ strict: false }) as { index?: string };
  const filter = useFilter();
  const status = useLogStatus();
  const records = useRecords(filter);
  const rows = records.data?.pages.flatMap((page) => page.records) ?? [];
  const chosen = index !== undefined && /^\d{1,15}$/.test(index) ? Number(index) : null;
  const narrow = (next: Filter): void => void navigate({ to: '.', search: { ...next }, replace: true });
  return (
    <Page
      title={say('title')}
      about={
        status.data === undefined
          ? '···'
          : say('about', { n: count(status.data.size), signed: count(status.data.signedSize) })
      }
    >
      <EvidenceTabs current="records" />
      {status.data?.refusal !== null && status.data !== undefined && (
        <Notice icon="failed" title={say('rewound')} alert crossed>
          <p>{status.data.refusal.message}</p>
        </Notice>
      )}
      <Filters filter={filter} onChange={narrow} />
      <div className={`${css['columns']} ${chosen === null ? '' : css['chosen']}`}>
        <Panel title={say('records')} roomy>
          <Loaded
            query={records}
            what={say('recordsObject')}
            meanwhile={say('meanwhile')}
            isEmpty={() => rows.length === 0 && !records.hasNextPage}
            empty={<Empty action={<a href={paths.evidence()}>{say('clear')}</a>}>{say('noRecords')}</Empty>}
          >
            {() => (
              <RecordList
                rows={rows}
                chosen={chosen}
                filter={filter}
                more={records.hasNextPage}
                reading={records.isFetchingNextPage}
                onMore={() => void records.fetchNextPage()}
              />
            )}
          </Loaded>
        </Panel>
        {chosen === null ? (
          <Panel title={say('path')} roomy>
            <Empty>{say('pickOne')}</Empty>
          </Panel>
        ) : (
          <RecordPane key={chosen} index={chosen} back={paths.evidence({ ...filter })} />
        )}
      </div>
    </Page>
  );
}

function useFilter(): Filter {
  const { from, domain, run, person } = useSearch({ strict: false }) as Record<string, unknown>;
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
  const given = { from: text(from), domain: text(domain), run: text(run), person: text(person) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function useRecords({ from, ...filter }: Filter) {
  const first = from !== undefined && /^\d{1,15}$/.test(from) ? Number(from) + 1 : undefined;
  return useInfiniteQuery({
    queryKey: ['log', 'records', from, filter],
    initialPageParam: first,
    queryFn: ({ pageParam: before }) =>
      answer(
        client.GET('/log/records', { params: { query: { ...filter, ...(before === undefined ? {} : { before }) } } }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
