import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, freshNonce, signStatement, type OwnKey } from '#api';

export type StartBan = Schemas['StartBan'];

/** Whether starts are forbidden, and who signed that they are allowed again. */
export function useStarts() {
  return useQuery({ queryKey: ['starts'], queryFn: () => answer(client.GET('/starts')), refetchInterval: 5_000 });
}

/** Signs that starts are allowed again, and hands it in. */
export async function allowStarts(key: OwnKey, institution: string, ban: string) {
  const statement = {
    schema: 'breakwater.starts/1' as const,
    institution,
    ban,
    person: key.person,
    at: new Date().toISOString(),
    nonce: freshNonce(),
  };
  const signature = await signStatement(statement, key.passkeys);
  return answer(client.POST('/starts/allow', { body: { statement, signature } }));
}
