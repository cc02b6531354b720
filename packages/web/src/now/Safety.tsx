import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, client, useMay, useOwnKey, useSession } from '#api';
import { Button, Chip, Loaded } from '#parts';
import { dayTime, useLanguage, useText, useWords } from '#words';
import { allowStarts, useStarts, type StartBan } from './starts.ts';
import { reasons, StopAll } from './StopAll.tsx';
import { nowWords } from './words.ts';
import css from './stop-all.module.css';

/** The safety lever, and while starts are forbidden: since when, why, and the way back by two persons. */
export function Safety(): ReactNode {
  const say = useWords(nowWords);
  const starts = useStarts();
  const queries = useQueryClient();
  const forbidden = starts.data?.forbidden ?? null;
  const chip =
    starts.data === undefined ? undefined : forbidden === null ? (
      <Chip icon="done">{say('startsAllowed')}</Chip>
    ) : (
      <Chip icon="stop" tone="attention">
        {say('startsForbidden')}
      </Chip>
    );
  return (
    <StopAll live end={chip} onPulled={() => void queries.invalidateQueries()}>
      <Loaded query={starts} what={say('startsObject')} holding={null}>
        {({ forbidden: ban, releasesNeeded }) =>
          ban === null ? null : <Forbidden ban={ban} needed={releasesNeeded} />
        }
      </Loaded>
    </StopAll>
  );
}

function Forbidden({ ban, needed }: { ban: StartBan; needed: number }): ReactNode {
  const say = useWords(nowWords);
  const language = useLanguage();
  const { by, at, reason, note, releasedBy } = ban;
  return (
    <div className={css['forbidden']}>
      <p>{say('forbiddenSince', { at: dayTime(at, language), by })}</p>
      {reason === null ? (
        <>
          <p className="attention">{say('reasonMissing')}</p>
          <GiveReason />
        </>
      ) : (
        <p>
          {say('reasonGiven', { reason: say(`reason-${reason}`) })} {note}
        </p>
      )}
      <p className="quiet">
        {releasedBy.length === 0
          ? say('allowNobody', { all: needed })
          : say('allowAbout', { n: releasedBy.length, all: needed, who: releasedBy.join(', ') })}
      </p>
      <Allow ban={ban} />
    </div>
  );
}

function GiveReason(): ReactNode {
  const say = useWords(nowWords);
  const text = useText();
  const queries = useQueryClient();
  const may = useMay()('run.stop');
  const give = useMutation({
    mutationFn: (reason: (typeof reasons)[number]) =>
      answer(client.POST('/starts/reason', { body: { reason, note: null } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['starts'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('reason');
    const reason = reasons.find((one) => one === given);
    if (reason !== undefined) give.mutate(reason);
  };
  return (
    <form className={css['reason']} onSubmit={submit}>
      <select name="reason" aria-label={say('sayReason')}>
        {reasons.map((reason) => (
          <option key={reason} value={reason}>
            {say(`reason-${reason}`)}
          </option>
        ))}
      </select>
      <Button type="submit" reason={may === null ? null : text(may)}>
        {say('sayReason')}
      </Button>
      <NotDone error={give.error} />
    </form>
  );
}

function Allow({ ban }: { ban: StartBan }): ReactNode {
  const say = useWords(nowWords);
  const text = useText();
  const queries = useQueryClient();
  const session = useSession();
  const key = useOwnKey();
  const denied = useMay()('starts.allow');
  const allow = useMutation({
    mutationFn: async () => {
      if (key === null || key === undefined || session.data === undefined) throw new Error(say('noKey'));
      return allowStarts(key, session.data.institution, ban.id);
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const signed = session.data?.person !== undefined && ban.releasedBy.includes(session.data.person ?? '');
  const reason =
    denied !== null
      ? text(denied)
      : key === null
        ? say('noKey')
        : signed
          ? say('alreadySigned')
          : allow.isPending
            ? say('askingKey')
            : null;
  const { data, error } = allow;
  return (
    <>
      <Button reason={reason} onClick={() => allow.mutate()}>
        {say('allowStarts')}
      </Button>
      {data !== undefined && (
        <p role="status">
          {say(data.allowed ? 'allowedAgain' : 'allowSigned')}
          {data.held.length > 0 && ` ${say('allowHeld', { hosts: data.held.join(', ') })}`}
          {data.unreachable.length > 0 && ` ${say('allowAway', { hosts: data.unreachable.join(', ') })}`}
        </p>
      )}
      <NotDone error={error} />
    </>
  );
}

function NotDone({ error }: { error: Error | null }): ReactNode {
  const say = useWords(nowWords);
  const language = useLanguage();
  if (error === null) return null;
  return (
    <p role="alert" className="attention">
      {say('notDone', { why: error instanceof ServerError ? error.say(language) : error.message })}
    </p>
  );
}
