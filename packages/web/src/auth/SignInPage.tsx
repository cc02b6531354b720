import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, answerWithPasskey, client, passkeysWork } from '#api';
import { Button, Notice, buttonClass } from '#parts';
import { Page, paths } from '#shell';
import { useLanguage, useWords } from '#words';
import { authWords } from './words.ts';
import css from './account.module.css';

/** What stands after `#link=` in the address, taken out of it at once: the history of a browser keeps no secret. */
function takeLink(): string | null {
  const link = /^#link=([A-Za-z0-9_-]{1,128})$/.exec(location.hash)?.[1] ?? null;
  if (link !== null) history.replaceState(null, '', location.pathname + location.search);
  return link;
}

let taken: string | null | undefined;

/** Exchanges a one-time link for a session, or signs in with a passkey or the company's account. */
export function SignInPage(): ReactNode {
  const say = useWords(authWords);
  const [link] = useState(() => (taken ??= takeLink()));
  const [error, setError] = useState<Error | null>(null);
  const passkey = useMutation({ mutationFn: signIn, onSuccess: enter, onError: setError });
  useEffect(() => {
    if (link === null) return;
    taken = null;
    answer(client.POST('/session/link', { body: { link } })).then(enter, setError);
  }, [link]);
  return (
    <Page title={say('title')}>
      {link !== null && error === null && <p role="status">{say('signingIn')}</p>}
      <div className={css['ways']}>
        <Button
          primary
          reason={passkeysWork() ? (passkey.isPending ? say('asking') : null) : say('noPasskeys')}
          onClick={() => passkey.mutate()}
        >
          {say('withPasskey')}
        </Button>
        <a className={buttonClass()} href="/v1/session/oidc">
          {say('withCompany')}
        </a>
      </div>
      {link === null && <p className="second">{say('noLink')}</p>}
      {error !== null && <SignInFailed error={error} />}
      <p className="second">{say('levers')}</p>
    </Page>
  );
}

function SignInFailed({ error }: { error: Error }): ReactNode {
  const say = useWords(authWords);
  const language = useLanguage();
  return (
    <Notice icon="attention" title={say('failed')} alert>
      <p>{error instanceof ServerError ? error.say(language) : error.message}</p>
    </Notice>
  );
}

const enter = (): void => location.replace(paths.now());

async function signIn(): Promise<void> {
  const options = await answer(client.POST('/session/passkey/options'));
  const response = await answerWithPasskey(options);
  await answer(client.POST('/session/passkey', { body: { response: response as never } }));
}
