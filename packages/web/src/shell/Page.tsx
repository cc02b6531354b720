import { useEffect, type ReactNode } from 'react';
import { useWords } from '#words';
import { PageClock } from './PageClock.tsx';
import { shellWords } from './words.ts';
import css from './page.module.css';

export interface PageProps {
  /** For the tab of the browser, without the name of the program. */
  title: string;
  heading?: ReactNode;
  /** Below the heading: the other language, numbers, counts. */
  about?: ReactNode;
  /** Beside the heading: the state of what the page shows. */
  state?: ReactNode;
  /** At the right of the head, before the clock. */
  figures?: ReactNode;
  /** Right column. It comes first in the document when `sideFirst` is set: the levers of a run. */
  side?: ReactNode;
  sideFirst?: boolean;
  /** First tab stop, to the part of the page that matters most. */
  skip?: { to: string; words: string };
  children?: ReactNode;
}

/** A page: head, main column, and a right column that keeps its order. */
export function Page({ title, heading, about, state, figures, side, sideFirst, skip, children }: PageProps): ReactNode {
  const say = useWords(shellWords);
  useEffect(() => {
    document.title = `${title} · Breakwater`;
  }, [title]);
  const main = (
    <div key="main" className={css['column']} id="main" tabIndex={-1}>
      {children}
    </div>
  );
  const aside =
    side === undefined ? null : (
      <aside key="side" className={css['side']}>
        {side}
      </aside>
    );
  return (
    <>
      <nav aria-label={say('skip')}>
        <a className={css['skip']} href={skip?.to ?? '#main'}>
          {skip?.words ?? say('skip')}
        </a>
      </nav>
      <header className={css['head']}>
        <div className={css['title']}>
          <h1>{heading ?? title}</h1>
          {about !== undefined && <p className={css['about']}>{about}</p>}
        </div>
        {state}
        <span className={css['space']} />
        {figures}
        <PageClock />
      </header>
      <main className={side === undefined ? css['single'] : css['columns']}>
        {sideFirst === true ? [aside, main] : [main, aside]}
      </main>
    </>
  );
}
