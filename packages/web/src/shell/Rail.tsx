import type { ReactNode } from 'react';
import { Icon } from '#parts';
import { useWords } from '#words';
import { paths } from './paths.ts';
import { sectionOf, sections } from './sections.ts';
import { shellWords } from './words.ts';
import css from './rail.module.css';

/** The way between sections. `waiting`: what waits for the reader, beside Now. */
export function Rail({ path, waiting = 0 }: { path: string; waiting?: number }): ReactNode {
  const say = useWords(shellWords);
  const current = sectionOf(path);
  return (
    <nav className={css['rail']} aria-label={say('mainMenu')}>
      <a href={paths.now()} className={css['home']} aria-label={say('home')}>
        <Mark />
      </a>
      {sections.map((section) => (
        <a key={section.id} href={section.path} aria-current={section === current ? 'page' : undefined}>
          <Icon name={section.icon} size={20} />
          {say(section.id)}
          {section.id === 'now' && waiting > 0 && (
            <span className={css['waiting']}>
              <span aria-hidden="true">{waiting}</span>
              <span className="spoken">{say('waiting', { n: waiting })}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}

export function Mark(): ReactNode {
  return (
    <svg
      width="28"
      height="28"
      viewBox="0 0 28 28"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M4 8c3 0 3-3 6-3s3 3 6 3" opacity=".5" />
      <path d="M4 15h20M8 15v8M14 15v8M20 15v8" />
    </svg>
  );
}
