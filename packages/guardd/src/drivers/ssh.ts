/** placeholder */
import type { GuardedTarget } from '../guarded-plan.ts';
import { Unclear } from './answer.ts';
import type { Machine } from './machine.ts';
export function reachBySsh(target: GuardedTarget): Promise<Machine> {
  return Promise.reject(new Unclear(target.id));
}
