import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '#shell';
import { useWords } from '#words';
import { Levers } from './Levers.tsx';
import { runWords } from './words.ts';

/** One run, live. */
export function RunPage(): ReactNode {
  const say = useWords(runWords);
  const { run = '' } = useParams({ strict: false }) as { run?: string };
  return (
    <Page
      title={run}
      sideFirst
      skip={{ to: '#levers', words: say('toLevers') }}
      side={<Levers run={run} phase={null} />}
    />
  );
}
