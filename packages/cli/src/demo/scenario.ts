/** What can happen in the demo. A scenario is data: how the patch behaves, what is done to Breakwater, how it must end. */
export type Scenario = {
  readonly summary: string;
  /** How the patched transfer service behaves on the live bank; on the stand-in it is always good. */
  readonly patch: 'good' | 'errors-after-4s';
  /** What is done to Breakwater itself in the middle of the run. */
  readonly sabotage: 'none' | 'kill-server';
  /** How the run must end for the demo to be a success. */
  readonly ends: 'rolled-back' | 'completed';
};

/** Scenarios of `breakwater demo`, by name. */
export const scenarios = {
  'patch-goes-bad': {
    summary: 'the patch answers with errors after a while; the guard trips and rolls it back',
    patch: 'errors-after-4s',
    sabotage: 'none',
    ends: 'rolled-back',
  },
  'patch-goes-well': {
    summary: 'the patch is good and stays',
    patch: 'good',
    sabotage: 'none',
    ends: 'completed',
  },
  'controller-dies': {
    summary: 'the server is killed (kill -9) in the middle of the run; the guard brings the service back alone',
    patch: 'good',
    sabotage: 'kill-server',
    ends: 'rolled-back',
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const defaultScenario: ScenarioName = 'patch-goes-bad';
