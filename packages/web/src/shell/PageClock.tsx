import { useEffect, useState, type ReactNode } from 'react';
import { clockTime, longDay, useLanguage, useWords } from '#words';
import { HeadFigure } from './HeadFigure.tsx';
import { shellWords } from './words.ts';

/** The time of day in Korea. The document that the server writes holds its place. */
export function PageClock(): ReactNode {
  const say = useWords(shellWords);
  const language = useLanguage();
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <HeadFigure label={now === null ? say('kst') : `${say('kst')} ${longDay(now, language)}`}>
      {now === null ? '··:··:··' : clockTime(now)}
    </HeadFigure>
  );
}
