import type { ReactNode } from 'react';
import css from './tabs.module.css';

export interface Tab {
  readonly id: string;
  readonly href: string;
  readonly label: string;
  /** Beside the label: a count, or what is missing. */
  readonly end?: ReactNode;
}

/** Views of one thing. Each has an address, so each is a link. */
export function Tabs({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }): ReactNode {
  return (
    <nav className={css['tabs']} aria-label={label}>
      {tabs.map(({ id, href, label: name, end }) => (
        <a key={id} href={href} aria-current={id === current ? 'page' : undefined}>
          {name}
          {end !== undefined && <span className="quiet">{end}</span>}
        </a>
      ))}
    </nav>
  );
}
