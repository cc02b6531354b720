import { useId, type ReactNode } from 'react';
import css from './panel.module.css';

export interface PanelProps {
  title: ReactNode;
  /** Beside the title, quiet. */
  about?: ReactNode;
  /** At the right end of the head. */
  end?: ReactNode;
  /** Its data are old: they are dimmed, and the words say so. */
  dimmed?: boolean;
  id?: string;
  /** Of a start page: larger head and padding. */
  roomy?: boolean;
  children?: ReactNode;
}

/** A panel keeps its place and size when its data change. */
export function Panel({ title, about, end, dimmed = false, id, roomy = false, children }: PanelProps): ReactNode {
  const heading = useId();
  return (
    <section
      id={id}
      className={`${css['panel']} ${roomy ? css['roomy'] : ''} ${dimmed ? css['dimmed'] : ''}`}
      aria-labelledby={heading}
    >
      <div className={css['head']}>
        <h2 id={heading}>{title}</h2>
        {about !== undefined && <span className={css['about']}>{about}</span>}
        <span className={css['space']} />
        {end}
      </div>
      <div className={css['body']}>{children}</div>
    </section>
  );
}

/** Label, value and a last word in three columns. */
export function Facts({ children }: { children: ReactNode }): ReactNode {
  return <dl className={css['facts']}>{children}</dl>;
}

export function Fact({ label, children, end }: { label: ReactNode; children?: ReactNode; end?: ReactNode }): ReactNode {
  return (
    <div className={css['fact']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
      <dd className={css['end']}>{end}</dd>
    </div>
  );
}
