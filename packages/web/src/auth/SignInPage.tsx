import { useEffect, useState, type ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, client } from '#api';
import { Notice } from '#parts';
import { Page, paths } from '#shell';
import { useLanguage, useWords } from '#words';
import { authWords } from './words.ts';

/** What stands after `#link=` in the address, taken out of it at once: the history of a browser keeps no secret. */
function takeLink(): string | null {
  const link = /^#link=([A-Za-z0-9_-]{1,128})$/.exec(location.hash)?.[1] ?? null;
  if (link !== null) history.replaceState(null, '', location.pathname + location.search);
  return link;
}

let taken: string | null | undefined;

/** Exchanges a one-time link for a session. */
export function SignInPage(): ReactNode {
  const say = useWords(authWords);
  const language = useLanguage();
  const [link] = useState(() => (taken ??= takeLink()));
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    if (link === null) return;
    taken = null;
    answer(client.POST('/session/link', { body: { link } })).then(() => location.replace(paths.now()), setError);
  }, [link]);
  return (
    <Page title={say('title')}>
      {link === null && <Notice icon="guarded" title={say('noLink')} />}
      {link !== null && error === null && <p role="status">{say('signingIn')}</p>}
      {error !== null && (
        <Notice icon="attention" title={say('failed')} alert>
          <p>{error instanceof ServerError ? error.say(language) : error.message}</p>
        </Notice>
      )}
      <p className="second">{say('levers')}</p>
    </Page>
  );
}
