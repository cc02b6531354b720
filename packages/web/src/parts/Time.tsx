import type { ReactNode } from 'react';
import { clockTime, dayTime, useLanguage, withOffset, type Instant } from '#words';

/** An instant in Korean time; the tooltip has the offset. */
export function Time({ at, form = 'clock' }: { at: Instant; form?: 'clock' | 'day' }): ReactNode {
  const language = useLanguage();
  const whole = withOffset(at);
  return (
    <time dateTime={whole} title={whole} className="whole">
      {form === 'clock' ? clockTime(at) : dayTime(at, language)}
    </time>
  );
}
