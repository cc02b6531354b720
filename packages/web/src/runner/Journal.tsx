import { useState, type ReactNode } from 'react';
import { Button, Icon, Panel, Time } from '#parts';
import { count, useWords } from '#words';
import type { JournalLine } from './journal.ts';
import { runWords } from './words.ts';
import css from './journal.module.css';

const shownAtFirst = 10;

/** What happened, newest first. */
export function Journal({
  lines,
  events,
  dimmed,
}: {
  lines: readonly JournalLine[];
  events: number;
  dimmed: boolean;
}): ReactNode {
  const say = useWords(runWords);
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, shownAtFirst);
  return (
    <Panel
      title={say('journal')}
      dimmed={dimmed}
      end={<span className="quiet">{say('journalOf', { n: count(events) })}</span>}
    >
      <ol className={css['lines']}>
        {shown.map(({ seq, at, who, text, attention }) => (
          <li key={seq}>
            <Time at={at} />
            <span className="quiet">{say(who)}</span>
            <span className={attention ? 'attention' : undefined}>
              {attention && <Icon name="attention" size={14} label={say('attention')} />} {text}
            </span>
          </li>
        ))}
      </ol>
      {lines.length > shownAtFirst && (
        <div className={css['more']}>
          <Button onClick={() => setAll(!all)}>
            {all ? say('journalFewer') : say('journalAll', { n: count(lines.length) })}
          </Button>
        </div>
      )}
    </Panel>
  );
}
