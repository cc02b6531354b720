import type { ReactNode } from 'react';
import { hms, spokenDuration, useLanguage, type Rounding } from '#words';
import css from './duration.module.css';

/** `0:42:22` with a muted leading `0:`; screen readers get words. `null` is unknown and says so. */
export function Duration({ ms, rounding }: { ms: number; rounding: Rounding }): ReactNode {
  const language = useLanguage();
  const text = hms(ms, rounding);
  const lead = text.startsWith('0:') ? '0:' : '';
  return (
    <span className={css['duration']}>
      <span aria-hidden="true">
        {lead !== '' && <span className={css['lead']}>{lead}</span>}
        {text.slice(lead.length)}
      </span>
      <span className="spoken">{spokenDuration(ms, rounding, language)}</span>
    </span>
  );
}
