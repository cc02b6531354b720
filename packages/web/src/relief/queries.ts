/** What the pages of relief read. */
import { useQuery } from '@tanstack/react-query';
import { answer, client } from '#api';

export interface ClaimFilter {
  readonly run?: string | undefined;
  readonly source?: 'filed' | 'proactive' | undefined;
}

const shown = 500;

export function useClaims({ run, source }: ClaimFilter) {
  return useQuery({
    queryKey: ['claims', run ?? null, source ?? null],
    queryFn: () =>
      answer(
        client.GET('/claims', {
          params: {
            query: { limit: shown, ...(run === undefined ? {} : { run }), ...(source === undefined ? {} : { source }) },
          },
        }),
      ),
    refetchInterval: 10_000,
  });
}

export function useReliefPolicy() {
  return useQuery({
    queryKey: ['relief-policy'],
    queryFn: () => answer(client.GET('/relief/policy')),
    staleTime: 60_000,
  });
}

export function useRuns() {
  return useQuery({ queryKey: ['runs'], queryFn: () => answer(client.GET('/runs')) });
}
