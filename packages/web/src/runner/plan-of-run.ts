/** What the page needs of a plan's document. */
import { isPatchDriver, stepDigests, requirePlan, wayBackOf } from '@breakwater/rules/plan';
import type { Text } from '#words';

export interface PlanStep {
  readonly id: string;
  readonly title: Text | null;
  /** Whether it has an undo, a check, and is taken back by undo. */
  readonly hasCheck: boolean;
  readonly hasUndo: boolean;
}

export interface PlanOfRun {
  readonly title: Text;
  readonly services: readonly string[];
  readonly probes: readonly { readonly id: string; readonly service: string }[];
  readonly steps: readonly PlanStep[];
  readonly windowEnd: string;
  readonly isTest: boolean;
}

/** Reads the document that was approved. Throws BreakwaterError when it is no plan. */
export function planOfRun(document: unknown): PlanOfRun {
  const plan = requirePlan(document);
  const steps = new Map((plan.steps ?? []).map((step) => [step.id, step]));
  return {
    title: plan.title,
    services: plan.services,
    probes: (plan.probes ?? []).map(({ id, service }) => ({ id, service })),
    windowEnd: plan.window.end,
    isTest: plan.kind === 'security-test',
    steps: Object.keys(stepDigests(plan)).map((id) => {
      const step = steps.get(id);
      return {
        id,
        title: step?.title ?? null,
        hasCheck: step !== undefined && (isPatchDriver(step.driver) || ('check' in step && step.check !== undefined)),
        hasUndo: step !== undefined && wayBackOf(step) === 'undo',
      };
    }),
  };
}
