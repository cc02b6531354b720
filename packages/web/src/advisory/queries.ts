/** What the pages of exposure read. */
import { useQuery } from '@tanstack/react-query';
import type { Decision } from '@breakwater/rules/advisory';
import { answer, client } from '#api';

export interface ExposureFilter {
  readonly decision?: Decision | undefined;
  readonly vulnerability?: string | undefined;
  readonly filtered?: 'yes' | undefined;
  readonly asset?: string | undefined;
  readonly document?: number | undefined;
}

const shown = 500;

export function useExposures(filter: ExposureFilter) {
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
  return useQuery({
    queryKey: ['exposures', query],
    queryFn: () => answer(client.GET('/exposures', { params: { query: { limit: shown, ...query } } })),
    refetchInterval: 15_000,
  });
}

export function useDocuments(named?: string) {
  return useQuery({
    queryKey: ['advisory-documents', named ?? null],
    queryFn: () =>
      answer(
        client.GET('/advisories/documents', {
          params: { query: { limit: 200, ...(named === undefined ? {} : { named }) } },
        }),
      ),
  });
}

export function useDisseminations() {
  return useQuery({
    queryKey: ['disseminations'],
    queryFn: () => answer(client.GET('/disseminations', { params: { query: {} } })),
  });
}

export function usePatches() {
  return useQuery({
    queryKey: ['patches'],
    queryFn: () => answer(client.GET('/patches', { params: { query: {} } })),
    refetchInterval: 10_000,
  });
}
