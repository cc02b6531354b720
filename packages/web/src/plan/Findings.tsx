import type { ReactNode } from 'react';
import { Icon } from '#parts';
import { useText, useWords } from '#words';
import type { DraftFinding } from './draft.ts';
import { planWords } from './words.ts';
import css from './findings.module.css';

const icons = { error: 'failed', warning: 'attention', unjudged: 'unknown' } as const;
const inks = { error: 'crossed', warning: 'attention', unjudged: 'second' } as const;

export interface FindingRow extends Omit<DraftFinding, 'line'> {
  /** Where it stands: a line of the text, or a path of the document. */
  readonly place: string;
  readonly about?: string | undefined;
  readonly onOpen?: (() => void) | undefined;
}

/** Findings with where they stand and what they rest on. */
export function Findings({ rows }: { rows: readonly FindingRow[] }): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  return (
    <ul className={css['findings']}>
      {rows.map(({ severity, rule, message, source, place, about, onOpen }) => (
        <li key={`${rule} ${place} ${message.en}`}>
          <span className={inks[severity]}>
            <Icon name={icons[severity]} size={14} /> {say(severity)}
          </span>
          <div>
            <p>{text(message)}</p>
            <p className="quiet">
              {onOpen === undefined ? (
                <code>{place}</code>
              ) : (
                <button type="button" className={css['place']} onClick={onOpen}>
                  {place}
                </button>
              )}{' '}
              · <code>{rule}</code>
              {source !== null && (
                <>
                  {' '}
                  · {say('source')} {source.document}, {source.date}, {source.clause ?? say('noClause')}
                </>
              )}
              {about !== undefined && ` · ${about}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
