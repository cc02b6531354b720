/** What the pages of notices read. */
import { useQuery } from '@tanstack/react-query';
import { answer, client } from '#api';

const often = 2_000;

export function useNotices(plan?: string) {
  return useQuery({
    queryKey: ['notices', plan ?? null],
    queryFn: () => answer(client.GET('/notices', { params: { query: plan === undefined ? {} : { plan } } })),
    refetchInterval: 5_000,
  });
}

export function useDrafts() {
  return useQuery({
    queryKey: ['drafts'],
    queryFn: () => answer(client.GET('/notices/drafts', { params: { query: {} } })),
    refetchInterval: 5_000,
  });
}

/** A notice and its sendings: every two seconds while something moves. */
export function useNotice(id: string) {
  return useQuery({
    queryKey: ['notice', id],
    queryFn: () => answer(client.GET('/notices/{id}', { params: { path: { id } } })),
    refetchInterval: often,
  });
}

export function useEstimate(id: string) {
  return useQuery({
    queryKey: ['estimate', id],
    queryFn: () => answer(client.GET('/notices/{id}/estimate', { params: { path: { id } } })),
    refetchInterval: 30_000,
  });
}
