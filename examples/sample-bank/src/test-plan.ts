/** The security test of the sample bank: testers look at its services while the guard watches how fast they answer. */
import type { ServiceName } from './catalog.ts';
import {
  authorityOf,
  bankLimits,
  bankProbes,
  journeyProbe,
  korean,
  planHead,
  spreadMeasures,
  type DemoPlanOptions,
} from './plan.ts';

export type DemoTestPlanOptions = DemoPlanOptions & {
  /** The plan's `tester`. */
  tester: Readonly<Record<string, unknown>>;
  /** Longest that the test may take from the start of the window. Default 10. */
  testMinutes?: number;
};

/** Services that the test looks at. The channel, where customers order, is out of its scope. */
const tested: readonly ServiceName[] = ['login', 'transfer', 'cards', 'statement'];

/**
 * A `breakwater.plan/1` document of kind `security-test`. Its scope names the addresses of the tested services; the
 * statements, which are fragile, may take three times as long for two seconds before the guard stops the test.
 */
export function demoTestPlan(options: DemoTestPlanOptions): Record<string, unknown> {
  const { urls } = options.bank;
  const id = options.id ?? 'bank-security-test-2026-11';
  const authority = authorityOf(options, `sample bank: authority for ${id}`);
  const testEnd = new Date(options.start.getTime() + (options.testMinutes ?? 10) * 60_000);
  return {
    ...planHead({ ...options, id, services: ['transfer', 'cards', 'statement'] }),
    kind: 'security-test',
    activity: 'automated-pentest',
    title: { ko: '은행 서비스 보안 시험(AI 활용)', en: 'Security test of the bank, with AI' },
    probes: [
      ...bankProbes(options.bank),
      journeyProbe('statement', urls.login, `${urls.statement}/statement/selftest`, 'PT3S'),
    ],
    limits: { ...bankLimits(options), slowerBy: { statement: { percent: 200, over: 'PT2S' } } },
    measures: [{ kind: 'kill-switch' }, ...spreadMeasures],
    scope: {
      schema: 'breakwater.scope/1',
      targets: tested.map((service) => targetOf(urls[service])),
      caps: { newConnectionsPerSecond: 50, packetsPerSecond: 2000, concurrent: 40, bytes: 50_000_000 },
      window: { start: korean(options.start), end: korean(testEnd) },
      lease: 'PT0.8S',
      memoryBytes: 512 * 1024 * 1024,
      processes: 128,
      attempts: { stopAfter: 20 },
      authority,
    },
    tester: options.tester,
  };
}

function targetOf(url: string): { cidr: string; ports: string[] } {
  const { hostname, port } = new URL(url);
  return { cidr: `${hostname}/32`, ports: [`tcp/${port}`] };
}
