import type { ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { clockTime, useLanguage, useWords } from '#words';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { stateWords } from './words.ts';
import css from './states.module.css';

/** What a query has: the shape of TanStack Query's result that {@link Loaded} reads. */
export interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly errorUpdatedAt: number;
  readonly isPending: boolean;
  refetch(): unknown;
}

export interface LoadedProps<Data> {
  query: Query<Data>;
  /** What could not be read, as the object of a sentence: 손해 장부를. */
  what: string;
  /** What still works without it. */
  meanwhile?: string;
  /** Shown while loading; keeps the size of what comes. */
  holding?: ReactNode;
  /** True when there is nothing to show; then `empty` is. */
  isEmpty?: (data: Data) => boolean;
  empty?: ReactNode;
  children: (data: Data) => ReactNode;
}

/**
 * The four states of whatever is read: loading (its place is held), data, empty, error or no permission. Data that were
 * read before an error stay, with the error above them.
 */
export function Loaded<Data>(props: LoadedProps<Data>): ReactNode {
  const { query, what, meanwhile, holding, isEmpty, empty, children } = props;
  if (query.data !== undefined) {
    return (
      <>
        {query.error !== null && <Failure query={query} what={what} meanwhile={meanwhile} />}
        {isEmpty?.(query.data) === true ? empty : children(query.data)}
      </>
    );
  }
  if (query.error !== null) return <Failure query={query} what={what} meanwhile={meanwhile} />;
  return holding ?? <Holding />;
}

/** A value that is on its way. It says nothing to a screen reader but that it is loading. */
export function Holding(): ReactNode {
  const say = useWords(stateWords);
  return (
    <p className={css['holding']} aria-busy="true">
      <span aria-hidden="true">···</span>
      <span className="spoken">{say('loading')}</span>
    </p>
  );
}

/** One sentence, and the one action. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <div className={css['empty']}>
      <p>{children}</p>
      {action}
    </div>
  );
}

function Failure({
  query,
  what,
  meanwhile,
}: {
  query: Pick<Query<unknown>, 'error' | 'errorUpdatedAt' | 'refetch'>;
  what: string;
  meanwhile?: string | undefined;
}): ReactNode {
  const say = useWords(stateWords);
  const language = useLanguage();
  const { error } = query;
  if (error instanceof ServerError && error.status === 403) {
    return (
      <Notice icon="guarded" title={say('forbidden')}>
        <p>{error.say(language)}</p>
        <p className="second">{say('forbiddenLogged')}</p>
      </Notice>
    );
  }
  const reference = error instanceof ServerError ? error.reference : null;
  const told = error instanceof ServerError && error.status < 500 ? error.say(language) : null;
  return (
    <Notice icon="attention" title={say('failed', { what, since: clockTime(query.errorUpdatedAt) })} alert>
      {told !== null && <p>{told}</p>}
      {meanwhile !== undefined && <p>{meanwhile}</p>}
      <p className={css['foot']}>
        {reference !== null && <span className="second">{say('reference', { reference })}</span>}
        <Button onClick={() => void query.refetch()}>{say('again')}</Button>
      </p>
    </Notice>
  );
}

/** Something that stands in the page until it is no longer so; never a toast. */
export function Notice({
  icon,
  title,
  alert = false,
  crossed = false,
  children,
}: {
  icon: 'attention' | 'guarded' | 'failed';
  title: ReactNode;
  alert?: boolean;
  crossed?: boolean;
  children?: ReactNode;
}): ReactNode {
  const ink = crossed ? 'crossed' : icon === 'attention' ? 'attention' : '';
  return (
    <div className={`${css['notice']} ${crossed ? css['crossed'] : ''}`} role={alert ? 'alert' : undefined}>
      <Icon name={icon} size={20} className={ink} />
      <div>
        <p className={css['title']}>{title}</p>
        {children}
      </div>
    </div>
  );
}
