import { useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { SigningPasskey } from './passkey.ts';
import { useSession } from './session.ts';

/** A passkey of the reader that is enrolled and in force, with the role that it signs in. */
export interface OwnKey extends SigningPasskey {
  readonly person: string;
  readonly role: string;
}

/** The reader's signing key; null: none is enrolled, or nobody has signed in; undefined: not known yet. */
export function useOwnKey(): OwnKey | null | undefined {
  const session = useSession();
  const person = session.data?.person ?? null;
  const passkeys = useQuery({
    queryKey: ['passkeys', person],
    queryFn: () => answer(client.GET('/passkeys')),
    enabled: person !== null,
  });
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => answer(client.GET('/keys')), enabled: person !== null });
  if (session.data === undefined && session.error === null) return undefined;
  if (person === null) return null;
  if (passkeys.data === undefined || keys.data === undefined) return (passkeys.error ?? keys.error) ? null : undefined;
  const now = Date.now();
  for (const { key, role, person: of, from, to, revokedAt } of keys.data.keys) {
    const passkey = passkeys.data.passkeys.find((one) => one.key === key);
    const inForce = revokedAt === null && Date.parse(from) <= now && now < Date.parse(to);
    if (passkey === undefined || of !== person || !inForce) continue;
    return { credential: passkey.credential, key, rpId: passkey.webauthn.rpId, person, role };
  }
  return null;
}
