/** Doing things: in whose name, whether they may, what came of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Action, Resource } from '@breakwater/rules/authority';
import { useMay, useSession } from './session.ts';

type Text = { readonly ko: string; readonly en: string };

/** An act of the reader, and where it stands. */
export interface Acting<Asked, Done> {
  run(asked: Asked): void;
  readonly isBusy: boolean;
  readonly error: Error | null;
  /** Of the last time it went well. */
  readonly done: Done | undefined;
  /** Why it cannot be done now; null: it can, as far as is known here. */
  readonly why: Text | null;
}

const signInFirst: Text = { ko: '로그인한 사람만 할 수 있습니다.', en: 'Only a person who signed in does this.' };

/**
 * An act that the reader does in their own name. Everything that is on screen is read again when it went well: what one
 * press changes stands in several panels.
 */
export function useActing<Asked = void, Done = unknown>(
  action: Action,
  act: (by: string, asked: Asked) => Promise<Done>,
  { resource, after }: { resource?: Resource; after?: (done: Done) => void } = {},
): Acting<Asked, Done> {
  const queries = useQueryClient();
  const session = useSession();
  const may = useMay();
  const by = session.data?.person ?? null;
  const mutation = useMutation({
    mutationFn: (asked: Asked) => act(by ?? '', asked),
    async onSuccess(done) {
      await queries.invalidateQueries();
      after?.(done);
    },
  });
  return {
    run: (asked) => mutation.mutate(asked),
    isBusy: mutation.isPending,
    error: mutation.error,
    done: mutation.data,
    why: may(action, resource) ?? (session.data !== undefined && by === null ? signInFirst : null),
  };
}
