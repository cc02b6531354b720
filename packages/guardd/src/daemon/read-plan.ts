/** From a work plan to what its guard needs. */
import { BreakwaterError, durationMs } from '@breakwater/rules';
import type { CageLevel } from '@breakwater/rules/containment';
import {
  isPatchDriver,
  planDefaults,
  planHash,
  requirePlan,
  stepDigests,
  targetsOf,
  testerStep,
  wayBackOf,
  type Measure,
  type Meter,
  type Plan,
  type Probe,
  type SshAddress,
  type Step,
} from '@breakwater/rules/plan';
import type {
  GuardedMeasure,
  GuardedMeter,
  GuardedPlan,
  GuardedProbe,
  GuardedStep,
  GuardedTarget,
  GuardedTest,
  MeterName,
} from '../guarded-plan.ts';
import { wallNow } from '../clock.ts';
import { Refused } from '../refused.ts';
import { isAutomatic, testerDriver } from '../supervisor/actions.ts';
import { standInScope } from './stand-in-scope.ts';

/** How long a measure may take that says nothing. */
const measureTimeoutMs = 300_000;
/** How long reading a meter may take that says nothing. */
const meterWithinMs = 2000;

/** What the request `prepare` says of the plan, and the host that reads it. */
export interface PlanForHost {
  readonly plan: unknown;
  readonly planHash: string;
  readonly mode: 'live' | 'rehearsal';
  readonly host: string;
  /** Origins of plans, and what stands in for them on this host. */
  readonly targets: Readonly<Record<string, string>>;
}

/** The plan as its guard needs it. Throws Refused when it is not the plan that was named, is none, or cannot be guarded here. */
export function readPlan({ plan: document, planHash: expected, mode, host, targets }: PlanForHost): GuardedPlan {
  const actual = planHash(document);
  if (actual !== expected) throw new Refused({ reason: 'plan-hash', expected, actual });
  const plan = conforming(document);
  const meant = mode === 'live' ? plan.host : (plan.rehearse?.host ?? host);
  if (meant !== host) throw unfit('other-host', `the plan is for host ${meant}, this is ${host}`);
  const manual = plan.steps?.find(({ driver }) => !isAutomatic(driver));
  if (manual !== undefined)
    throw unfit('no-driver', `step ${manual.id} needs the driver ${manual.driver}, which this host has not`);
  return guardedPlan(plan, guardedTest(plan, mode, targets), mode);
}

/** A live test keeps the scope that was approved; a rehearsed one gets that of the stand-ins. */
function guardedTest(plan: Plan, mode: PlanForHost['mode'], targets: PlanForHost['targets']): GuardedTest | null {
  if (plan.kind !== 'security-test') return null;
  const scope = mode === 'live' ? plan.scope : standInScope(plan.scope, targets, wallNow());
  if (scope !== null) return { tester: plan.tester, scope };
  const detail = 'nothing stands in for the targets of the scope here: start guardd with --target PLAN-ORIGIN=ORIGIN';
  throw unfit('no-stand-in', detail);
}

/** Throws Refused when tests cannot be held at the wanted level here. */
export async function requireCage(wanted: CageLevel): Promise<void> {
  const { findCageLevels } = await import('../cage/index.ts');
  const found = (await findCageLevels()).find(({ level }) => level === wanted);
  if (found?.works !== true)
    throw unfit('no-cage', `a test cannot be held at level ${wanted} here: ${found?.why ?? ''}`);
}

function conforming(document: unknown): Plan {
  try {
    return requirePlan(document);
  } catch (error) {
    if (!(error instanceof BreakwaterError)) throw error;
    throw new Refused({ reason: 'malformed', path: `/request/plan${error.path}`, message: error.message });
  }
}

/** A refusal because of what this host is or lacks. */
export function unfit(code: string, detail: string): Refused {
  return new Refused({ reason: 'host-unfit', code, detail });
}

/** The plan with its defaults filled in and its durations in ms. */
function guardedPlan(plan: Plan, test: GuardedTest | null, mode: PlanForHost['mode']): GuardedPlan {
  const digests = stepDigests(plan);
  const reached = (part: object): GuardedTarget[] => targetsOf(part).map((id) => guardedTarget(plan, id, mode));
  return {
    test,
    services: plan.services,
    observeMs: durationMs(plan.window.observe ?? planDefaults.observe),
    steps: [
      ...(plan.steps ?? []).map((step) => guardedStep(step, digests[step.id] ?? '', reached(step))),
      ...(test === null ? [] : [testStep(test, digests[testerStep] ?? '')]),
    ],
    probes: (plan.probes ?? []).map(guardedProbe),
    meters: Object.fromEntries(
      Object.entries(plan.meters ?? {}).flatMap(([name, meter]): [MeterName, GuardedMeter][] => {
        const guarded = guardedMeter(meter);
        return guarded === null ? [] : [[name as MeterName, guarded]];
      }),
    ),
    measures: (plan.measures ?? []).flatMap((measure) => guardedMeasure(measure, plan.services, reached(measure))),
  };
}

/** A rehearsal acts on what stands in for a target, and never on the target itself. */
function guardedTarget({ targets = [] }: Plan, id: string, mode: PlanForHost['mode']): GuardedTarget {
  const target = targets.find((one) => one.id === id);
  const reached: SshAddress | undefined = mode === 'live' ? target : target?.standIn;
  if (reached === undefined)
    throw unfit('no-stand-in', `nothing stands in for the target ${id} in a rehearsal: give it a standIn in the plan`);
  const { username, hostname, port } = new URL(reached.ssh);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    id,
    host,
    user: decodeURIComponent(username),
    port: port === '' ? 22 : Number(port),
    hostKeys: reached.hostKeys,
    keyFile: reached.keyFile,
  };
}

function guardedStep(step: Step, digest: string, on: readonly GuardedTarget[]): GuardedStep {
  const patches = isPatchDriver(step.driver);
  return {
    id: step.id,
    driver: step.driver,
    digest,
    timeoutMs: durationMs(step.timeout),
    onStop: step.onStop ?? planDefaults.onStop,
    commitPoint: step.wayBack === 'none',
    on,
    prepares: !patches ? 'no' : wayBackOf(step) === 'undo' ? 'required' : 'optional',
    check: 'check' in step ? step.check : patches ? step.do : undefined,
    do: step.do,
    undo: 'undo' in step ? step.undo : patches ? step.do : undefined,
  };
}

/** The test as the last step: it may last as long as its window, is cut at once, and leaves nothing to undo. */
function testStep({ scope: { window } }: GuardedTest, digest: string): GuardedStep {
  const timeoutMs = Date.parse(window.end) - Date.parse(window.start);
  return {
    id: testerStep,
    driver: testerDriver,
    digest,
    timeoutMs,
    onStop: 'cut',
    commitPoint: false,
    on: [],
    prepares: 'no',
    do: {},
  };
}

function guardedProbe(probe: Probe): GuardedProbe {
  const head = {
    id: probe.id,
    service: probe.service,
    everyMs: durationMs(probe.every),
    downAfter: probe.downAfter ?? planDefaults.downAfter,
    upAfter: probe.upAfter ?? planDefaults.upAfter,
  };
  switch (probe.kind) {
    case 'http': {
      const single =
        probe.url === undefined || probe.expect === undefined ? [] : [{ url: probe.url, expect: probe.expect }];
      const calls = (probe.requests ?? single).map(({ expect: { within, ...expect }, ...call }) => ({
        ...call,
        expect,
        withinMs: durationMs(within),
      }));
      return { ...head, kind: 'http', calls };
    }
    case 'tcp':
      return { ...head, kind: 'tcp', host: probe.host, port: probe.port, withinMs: durationMs(probe.expect.within) };
    case 'command':
      return { ...head, kind: 'command', run: probe.run, withinMs: durationMs(probe.expect.within) };
  }
}

function guardedMeter(meter: Meter): GuardedMeter | null {
  if (meter.kind === 'none') return null;
  const head = {
    pointer: meter.pointer ?? '',
    everyMs: durationMs(meter.every),
    withinMs: meter.within === undefined ? meterWithinMs : durationMs(meter.within),
  };
  return meter.kind === 'http-json'
    ? { ...head, kind: 'http-json', url: meter.url }
    : { ...head, kind: 'command', run: meter.run };
}

/** The kill switch and the rollback are the guard's own; what a person does by a card is not its to do. */
function guardedMeasure(measure: Measure, services: readonly string[], on: readonly GuardedTarget[]): GuardedMeasure[] {
  if ((measure.kind !== 'module-isolation' && measure.kind !== 'failover') || !isAutomatic(measure.driver)) return [];
  return [
    {
      kind: measure.kind,
      id: measure.id ?? null,
      driver: measure.driver,
      on,
      do: measure.do,
      services: measure.services ?? services,
      timeoutMs: measure.timeout === undefined ? measureTimeoutMs : durationMs(measure.timeout),
    },
  ];
}
