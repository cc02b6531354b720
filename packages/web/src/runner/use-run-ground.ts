import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answer, client } from '#api';
import { planOfRun } from './plan-of-run.ts';

/** Plan and limits of a run: they do not change while it runs. */
export function useRunGround(run: string, planHash: string | null) {
  const plan = useQuery({
    queryKey: ['plan', planHash],
    queryFn: () => answer(client.GET('/plans/{plan}', { params: { path: { plan: planHash ?? '' } } })),
    enabled: planHash !== null,
    staleTime: Infinity,
  });
  const limits = useQuery({
    queryKey: ['run', run, 'limits'],
    queryFn: () => answer(client.GET('/runs/{run}/limits', { params: { path: { run } } })),
    staleTime: Infinity,
  });
  const document = plan.data?.document;
  const read = useMemo(() => (document === undefined ? null : planOfRun(document)), [document]);
  return { plan, limits, read };
}
