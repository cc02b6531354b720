import type { ReactNode } from 'react';
import { Page } from '#shell';
import { useWords } from '#words';
import { nowWords } from './words.ts';

/** What runs, what needs me, what is next. */
export function NowPage(): ReactNode {
  const say = useWords(nowWords);
  return <Page title={say('now')} />;
}
