/** Who is signed in, and what they may do: buttons are drawn from the same rules by which the server decides. */
import { useQuery } from '@tanstack/react-query';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { can, denialText, type Action, type Actor, type Resource } from '@breakwater/rules/authority';
import { answer, client } from './client.ts';

type Session = Schemas['Session'];
type Text = { readonly ko: string; readonly en: string };

/** Why an action cannot be used, in both languages; null: it can, as far as is known here. */
export type May = (action: Action, resource?: Resource) => Text | null;

const signInFirst: Text = { ko: '로그인한 뒤에 할 수 있습니다.', en: 'Sign in first.' };

/** The session of this browser. An error of status 401: nobody has signed in. */
export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: () => answer(client.GET('/session')), staleTime: 60_000 });
}

/**
 * What the reader may do. Until the session is known everything is offered: the server decides again, and a lever is
 * never withheld for want of an answer.
 */
export function useMay(): May {
  const { data, error } = useSession();
  return (action, resource = {}) => {
    if (error instanceof ServerError && error.status === 401) return signInFirst;
    if (data === undefined) return null;
    const general = data.actions[action];
    if (general !== undefined && !general.allowed) return general.text;
    const actor = personOf(data);
    if (actor === null) return null;
    const permission = can(actor, action, resource, { now: Date.now(), signed: true });
    return permission.allowed ? null : denialText(permission.denial);
  };
}

function personOf({ person, institution, roles, session }: Session): Actor | null {
  if (person === null) return null;
  const authenticatedAt = session === null ? 0 : Date.parse(session.authenticatedAt);
  return { kind: 'person', person, institution, roles, authenticatedAt };
}
