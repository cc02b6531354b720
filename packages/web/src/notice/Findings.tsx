import type { ReactNode } from 'react';
import type { Lint } from '@breakwater/rules/notice';
import { Icon } from '#parts';
import { useText, useWords } from '#words';
import { noticeWords } from './words.ts';
import css from './composer.module.css';

/** What the lint says of one place, beside it. */
export function Findings({ findings }: { findings: Lint['findings'] }): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  if (findings.length === 0) return null;
  return (
    <ul className={css['findings']}>
      {findings.map(({ rule, severity, path, message }) => (
        <li key={`${rule} ${path} ${message.ko}`} className={severity === 'error' ? css['bad'] : undefined}>
          <Icon name="attention" size={14} className="attention" />
          <span>
            <b>{say(severity)}</b> {text(message)}
          </span>
        </li>
      ))}
    </ul>
  );
}
