import { useQuery } from '@tanstack/react-query';
import { answer, client } from '#api';

/** A revision with its approvals and rehearsals, by hash or by id (the newest). */
export function usePlan(reference: string) {
  return useQuery({
    queryKey: ['plan', reference],
    queryFn: () => answer(client.GET('/plans/{plan}', { params: { path: { plan: reference } } })),
    refetchInterval: 10_000,
  });
}

/** All revisions of a plan, oldest first. */
export function useRevisions(plan: string) {
  return useQuery({
    queryKey: ['plan', plan, 'revisions'],
    queryFn: () => answer(client.GET('/plans/{plan}/revisions', { params: { path: { plan } } })),
  });
}

/** Whether it could start now, with everything that the server knows. */
export function useReadiness(reference: string) {
  return useQuery({
    queryKey: ['plan', reference, 'readiness'],
    queryFn: () => answer(client.GET('/plans/{plan}/readiness', { params: { path: { plan: reference } } })),
    refetchInterval: 10_000,
  });
}
