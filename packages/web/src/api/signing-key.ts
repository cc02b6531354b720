import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@breakwater/client/browser';
import { useSession } from './session.ts';
import { passkeyOf } from './sign.ts';

/** What the reader signs with: passkeys that are enrolled and in force, and the role that they sign in. */
export interface OwnKey {
  readonly person: string;
  readonly role: string;
  readonly passkeys: readonly Schemas['Passkey'][];
}

/** The reader's signing key; null: none is enrolled, or nobody has signed in; undefined: not known yet. */
export function useOwnKey(): OwnKey | null | undefined {
  const session = useSession();
  const person = session.data?.person ?? null;
  const own = useQuery({
    queryKey: ['signer', person],
    queryFn: () => passkeyOf(person ?? ''),
    enabled: person !== null,
  });
  if (session.data === undefined && session.error === null) return undefined;
  if (person === null) return null;
  if (own.data === undefined) return own.error === null ? undefined : null;
  return own.data === null ? null : { person, ...own.data };
}
