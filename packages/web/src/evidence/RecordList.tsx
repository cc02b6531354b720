import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { Time } from '#parts';
import { paths } from '#shell';
import { count, useWords } from '#words';
import type { Filter } from './Filters.tsx';
import { evidenceWords } from './words.ts';
import css from './evidence.module.css';

type Row = Pick<Schemas['LogRecord'], 'index' | 'leaf'> & { readonly erased: boolean };

const rowHeight = 32;
/** So many rows before the end the next are read. */
const ahead = 20;

export interface RecordListProps {
  rows: readonly Row[];
  chosen: number | null;
  filter: Filter;
  more: boolean;
  reading: boolean;
  onMore(): void;
}

/** Records by index, newest first. Only the rows in sight are in the page. */
export function RecordList({ rows, chosen, filter, more, reading, onMore }: RecordListProps): ReactNode {
  const say = useWords(evidenceWords);
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !reading && last >= rows.length - ahead) onMore();
  });
  const search = new URLSearchParams({ ...filter }).toString();
  return (
    <>
      <div className={css['heading']} aria-hidden="true">
        <span>{say('index')}</span>
        <span>{say('receivedAt')}</span>
        <span>{say('type')}</span>
        <span>{say('actor')}</span>
        <span>{say('subjects')}</span>
      </div>
      <div ref={frame} className={css['list']} role="group" aria-label={say('records')}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index: at, start, key }) => {
            const row = rows[at];
            if (row === undefined) return null;
            const { index, leaf, erased } = row;
            return (
              <li key={key} style={{ transform: `translateY(${start}px)` }}>
                <a
                  href={`${paths.record(index)}${search === '' ? '' : `?${search}`}`}
                  aria-current={index === chosen ? 'true' : undefined}
                  data-row
                >
                  <span className={css['number']}>{count(index)}</span>
                  <Time at={leaf.receivedAt} form="day" />
                  <code>{leaf.type}</code>
                  <span>{leaf.actor.id}</span>
                  <span className="quiet">
                    {erased && <b>{say('erased')} · </b>}
                    {subjectOf(leaf.subjects)}
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      </div>
      {reading && (
        <p className={css['more']} role="status">
          {say('more')}
        </p>
      )}
    </>
  );
}

/** What a row says it is about: one thing, and how many others. The record itself has them all. */
function subjectOf(subjects: Readonly<Record<string, string>>): string {
  const names = Object.keys(subjects);
  const first = ['run', 'plan', 'claim', 'notice'].find((name) => names.includes(name)) ?? names[0];
  if (first === undefined) return '';
  return `${first} ${subjects[first] ?? ''}${names.length > 1 ? ` +${names.length - 1}` : ''}`;
}
