import { createBrowserClient } from '@breakwater/client/browser';
import { QueryClient } from '@tanstack/react-query';
import { ServerError } from '@breakwater/client/browser';

/** The API of the server that the page came from. */
export const client = createBrowserClient(globalThis.location?.origin ?? 'http://localhost');

/** The answer of a call that succeeded; the client throws every other. */
export async function answer<Data>(call: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await call;
  if (data === undefined) throw new Error('the server answered without content');
  return data;
}

/** What was read and how often it is read again. A refusal is not asked again; a failure is, three times. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 3 && !(error instanceof ServerError && error.status < 500),
      },
    },
  });
}
