import type { ReactNode } from 'react';
import css from './hatching.module.css';

/** Patterns that fills refer to, once a page: hatched = maybe or partly, in accent and in amber. */
export function Hatching(): ReactNode {
  const pattern = (id: string, ink: string | undefined): ReactNode => (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M0 0V5" className={ink} strokeWidth="2.5" />
    </pattern>
  );
  return (
    <svg width="0" height="0" className={css['none']} aria-hidden="true">
      <defs>
        {pattern('hatched-accent', css['accent'])}
        {pattern('hatched-attention', css['attention'])}
        {pattern('hatched-plain', css['plain'])}
      </defs>
    </svg>
  );
}
