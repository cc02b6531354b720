/** What can happen in the demo. A scenario is data: what is done, how it behaves, what is done to Breakwater, how it must end. */
export type Scenario = {
  readonly summary: string;
  /** A patch of the transfer service, or a security test of the bank. */
  readonly work: 'patch' | 'test';
  /** How the patched transfer service behaves on the live bank; on the stand-in it is always good. */
  readonly patch: 'good' | 'errors-after-4s';
  /** What is done to Breakwater itself in the middle of the run. */
  readonly sabotage: 'none' | 'kill-server';
  /** Whether it begins with what the bank has and is exposed to, and is over only when that is gone. */
  readonly followed: boolean;
  /** How the run must end for the demo to be a success. */
  readonly ends: 'rolled-back' | 'completed' | 'stopped';
};

/** Scenarios of `breakwater demo`, by name. */
export const scenarios = {
  'patch-goes-bad': {
    summary: 'the patch answers with errors after a while; the guard trips and rolls it back',
    work: 'patch',
    patch: 'errors-after-4s',
    sabotage: 'none',
    followed: false,
    ends: 'rolled-back',
  },
  'patch-goes-well': {
    summary: 'the patch is good and stays',
    work: 'patch',
    patch: 'good',
    sabotage: 'none',
    followed: false,
    ends: 'completed',
  },
  'controller-dies': {
    summary: 'the server is killed (kill -9) in the middle of the run; the guard brings the service back alone',
    work: 'patch',
    patch: 'good',
    sabotage: 'kill-server',
    followed: false,
    ends: 'rolled-back',
  },
  'advisory-to-closure': {
    summary: 'a signed advisory meets the inventory; the patch is done, and closed by what the bank says of itself',
    work: 'patch',
    patch: 'good',
    sabotage: 'none',
    followed: true,
    ends: 'completed',
  },
  'scan-trips-service': {
    summary: 'a caged scanner and an AI tester slow a fragile service down; the guard stops the test',
    work: 'test',
    patch: 'good',
    sabotage: 'none',
    followed: false,
    ends: 'stopped',
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const defaultScenario: ScenarioName = 'patch-goes-bad';
