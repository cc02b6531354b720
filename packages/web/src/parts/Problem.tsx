import type { ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { useLanguage, useWords } from '#words';
import { Notice } from './States.tsx';
import { stateWords } from './words.ts';

/** Why something that was pressed did not happen, where it was pressed. Nothing for no error. */
export function Problem({ error }: { error: Error | null }): ReactNode {
  const say = useWords(stateWords);
  const language = useLanguage();
  if (error === null) return null;
  const reference = error instanceof ServerError && error.status >= 500 ? error.reference : null;
  return (
    <Notice icon="attention" title={say('notDone')} alert>
      <p>{error instanceof ServerError ? error.say(language) : error.message}</p>
      {reference !== null && <p className="second">{say('reference', { reference })}</p>}
    </Notice>
  );
}
