import type { ReactNode } from 'react';
import css from './page.module.css';

/** A figure of the head: a number and the word for it. */
export function HeadFigure({ children, label }: { children: ReactNode; label: ReactNode }): ReactNode {
  return (
    <div className={css['figure']}>
      <b>{children}</b>
      <span className="quiet">{label}</span>
    </div>
  );
}
