/** What several pages of the inventory read. */
import { useQuery } from '@tanstack/react-query';
import { answer, client } from '#api';

export const shown = 1000;

export function useAssets() {
  return useQuery({
    queryKey: ['assets'],
    queryFn: () => answer(client.GET('/inventory/assets', { params: { query: { limit: shown } } })),
  });
}
