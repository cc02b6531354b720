import type { ReactNode } from 'react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { buttonClass, Notice } from '#parts';
import { Page, paths, sectionOf, shellWords } from '#shell';
import { useWords } from '#words';

/** There is no page at this address; or there will be one. */
export function NotFound(): ReactNode {
  const say = useWords(shellWords);
  const section = sectionOf(location.pathname);
  return (
    <Page title={section === null ? say('notFound') : say(section.id)} heading={section === null ? '404' : undefined}>
      <Notice icon="attention" title={section === null ? say('notFound') : say('notYet')}>
        <p>
          <a className={buttonClass()} href={paths.now()}>
            {say('notFoundAction')}
          </a>
        </p>
      </Notice>
    </Page>
  );
}

/** A page failed to draw or to load: what still works is said. */
export function Broken({ error }: ErrorComponentProps): ReactNode {
  const say = useWords(shellWords);
  return (
    <Page title={say('broken')}>
      <Notice icon="attention" title={say('broken')} alert>
        <p>{say('leversStill')}</p>
        <p className="quiet">{error instanceof Error ? error.message : ''}</p>
        <p>
          <a className={buttonClass()} href={location.href}>
            {say('brokenAction')}
          </a>
        </p>
      </Notice>
    </Page>
  );
}
