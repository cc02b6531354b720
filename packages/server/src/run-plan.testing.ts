/** A small plan for runs on a stand: steps are files that are made and removed. */
import type { SentNotice } from '@breakwater/rules/plan';

export const institution = 'hanbit-bank';

/** An instant from now. */
export const iso = (ms: number): string => new Date(Date.now() + ms).toISOString();
const sh = (script: string): { run: string[] } => ({ run: ['/bin/sh', '-c', script] });

/** What differs from one test's plan to another's. */
export interface PlanChanges {
  readonly id?: string;
  readonly steps?: readonly string[];
  /** Shell appended to the `do` of a step in the live run, e.g. `sleep 2`; the stand-in is spared it. */
  readonly doing?: Readonly<Record<string, string>>;
  readonly takeoverGrace?: string;
  readonly observe?: string;
}

/**
 * A plan whose steps each make a file and write a line into `effects`; `check` sees the file. The service is up while there
 * is no file `down`.
 */
export function smallPlan(changes: PlanChanges = {}) {
  const {
    id = 'small',
    steps = ['one', 'two', 'three'],
    doing = {},
    takeoverGrace = 'PT5S',
    observe = 'PT0S',
  } = changes;
  return {
    schema: 'breakwater.plan/1',
    id,
    institution,
    kind: 'emergency-patch',
    urgency: 'planned',
    activity: 'software-patch',
    title: {
      ko: '작은 패치',
      en: 'Small patch',
    },
    author: 'p-3',
    advisories: ['FSI-2026-0142'],
    fixes: ['CVE-2026-1234'],
    otherChanges: false,
    authority: {
      document: `sha256:${'a'.repeat(64)}`,
      signer: 'p-1',
      validUntil: iso(86_400_000),
    },
    window: {
      start: iso(-1000),
      end: iso(3_600_000),
      observe,
    },
    services: [`transfer-${id}`],
    host: 'local',
    steps: steps.map((step) => ({
      id: step,
      title: {
        ko: step,
        en: step,
      },
      driver: 'command',
      wayBack: 'undo',
      timeout: 'PT20S',
      onStop: 'cut',
      check: sh(`test -f ${id}.${step}`),
      do: sh(`echo do ${step} >> effects; touch ${id}.${step}; if [ -f live ]; then ${doing[step] ?? ':'}; fi`),
      undo: sh(`echo undo ${step} >> effects; rm -f ${id}.${step}`),
    })),
    probes: [
      {
        id: 'up',
        service: `transfer-${id}`,
        kind: 'command',
        ...sh('test ! -f down'),
        expect: { within: 'PT1S' },
        every: 'PT0.1S',
        downAfter: 2,
        upAfter: 2,
      },
    ],
    meters: {
      damage: {
        kind: 'none',
        attestedBy: 'p-1',
      },
      records: {
        kind: 'none',
        attestedBy: 'p-1',
      },
    },
    limits: {
      outage: 'PT1M',
      damage: 30_000_000,
      records: 0,
      personalCredit: 0,
      takeoverGrace,
    },
    measures: [
      { kind: 'kill-switch' },
      { kind: 'rollback' },
      {
        kind: 'manual-processing',
        card: {
          ko: '영업점 수기 접수',
          en: 'Branches take orders by hand',
        },
        capacityPerHour: 10,
      },
    ],
    rehearse: {
      host: 'staging',
      atLeast: 1,
    },
    notice: {
      leadTime: 'PT0S',
      channels: ['website', 'sms'],
      services: [`transfer-${id}`],
      alternativeChannels: [
        {
          name: 'ATM',
          service: 'atm',
          opens: '00:00',
          closes: '24:00',
        },
      ],
    },
    relief: {
      claimsUntil: 'P30D',
      contact: '15881234',
    },
    approvals: { needed: 2 },
    vendors: [],
  };
}

export type SmallPlan = ReturnType<typeof smallPlan>;

/** Both channels told everybody a minute before the window. */
export function noticesOf(plan: SmallPlan): SentNotice[] {
  const announced = { start: plan.window.start, end: plan.window.end, services: plan.services };
  const at = new Date(Date.parse(plan.window.start) - 60_000).toISOString();
  const fields: SentNotice['fields'] = ['timing', 'scope', 'details', 'alternative-channels'];
  return [
    { channel: 'website', at, fields, announced, status: 'sent' },
    { channel: 'sms', at, fields, announced, status: 'sent', intended: 10, delivered: 10 },
  ];
}
