/**
 * A patch as a change: which exposures a work removes, how far it is, and when it is over. Nobody closes one by hand: it is closed
 * when a newer inventory, matched again, no longer shows what it was to remove.
 */
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';

/** From opened to over. `withdrawn`: given up before it was executed. */
export const patchStates = [
  'planned',
  'rehearsed',
  'announced',
  'executed',
  'verified',
  'closed',
  'withdrawn',
] as const;
export type PatchState = (typeof patchStates)[number];

/** Names of the states for people. */
export const patchStateNames: Readonly<Record<PatchState, { readonly ko: string; readonly en: string }>> = {
  planned: { ko: '계획', en: 'planned' },
  rehearsed: { ko: '모의수행 완료', en: 'rehearsed' },
  announced: { ko: '사전 안내 완료', en: 'announced' },
  executed: { ko: '실행 완료', en: 'executed' },
  verified: { ko: '확인 중', en: 'verified in part' },
  closed: { ko: '종결', en: 'closed' },
  withdrawn: { ko: '철회', en: 'withdrawn' },
};

/** Who moves a patch on: a person, or what happened to its plan, or a newer inventory. */
export type PatchMover = 'person' | 'plan' | 'inventory';

export interface PatchAction {
  readonly states: readonly PatchState[];
  readonly by: PatchMover;
  readonly leadsTo: PatchState | null;
}

const before: readonly PatchState[] = ['planned', 'rehearsed', 'announced'];

const actions = {
  rehearse: { states: before, by: 'plan', leadsTo: 'rehearsed' },
  announce: { states: before, by: 'plan', leadsTo: 'announced' },
  execute: { states: [...before, 'executed', 'verified'], by: 'plan', leadsTo: 'executed' },
  /** Matched again after a newer inventory of some of its assets; of the others is not known. */
  verify: { states: ['executed', 'verified'], by: 'inventory', leadsTo: 'verified' },
  /** Matched again after a newer inventory of all of them. */
  close: { states: ['executed', 'verified'], by: 'inventory', leadsTo: 'closed' },
  withdraw: { states: before, by: 'person', leadsTo: 'withdrawn' },
} as const satisfies Record<string, PatchAction>;

export type PatchActionName = keyof typeof actions;

type PatchCan = {
  readonly [Name in PatchActionName]: ((patch: { readonly state: PatchState }) => boolean) & PatchAction;
};

/** `patchCan.withdraw(patch)` tells whether its state permits it; `.states`, `.by` and `.leadsTo` say when, by whom and whither. */
export const patchCan: PatchCan = Object.fromEntries(
  Object.entries(actions).map(([name, action]: [string, PatchAction]) => [
    name,
    Object.assign((patch: { readonly state: PatchState }) => action.states.includes(patch.state), action),
  ]),
) as PatchCan;

/** One exposure on one asset: what a newer inventory is asked about. */
const target = z.strictObject({ exposure: z.string(), asset: z.string() });
export type PatchTarget = z.infer<typeof target>;

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: instant, ...shape });

/** What happened to a patch after it was opened, in order. */
export const patchEvent = z.discriminatedUnion('type', [
  /** Another document took the place of its plan: what was rehearsed before does not count by itself. */
  event('revised', { planHash: sha256Digest }),
  event('rehearsed', { planHash: sha256Digest, rehearsals: z.int() }),
  event('announced', { notice: z.string() }),
  event('started', { run: z.string() }),
  /** `workEndedAt`: when its last step ended; an inventory must be newer than that. */
  event('executed', { run: z.string(), workEndedAt: instant }),
  /** A run that did not do it: rolled back, stopped or failed. */
  event('not-executed', { run: z.string(), outcome: z.string() }),
  /** What a newer inventory shows of some targets. */
  event('looked-again', { gone: z.array(target), stillExposed: z.array(target) }),
  event('closed', {}),
  event('withdrawn', { by: z.string(), reason: z.string() }),
]);
export type PatchEvent = z.infer<typeof patchEvent>;

export interface PatchView {
  readonly state: PatchState;
  /** When each state was reached first and still holds; null = it was not. */
  readonly reached: Readonly<Record<PatchState, string | null>>;
  /** The live run under way or the last one. */
  readonly run: { readonly id: string; readonly outcome: string | null } | null;
  readonly workEndedAt: string | null;
  /** `waiting`: no newer inventory says anything of it. */
  readonly targets: readonly (PatchTarget & {
    readonly state: 'waiting' | 'gone' | 'still-exposed';
    readonly at: string | null;
  })[];
}

/** A patch as it stands: folded from what happened, never stored beside it. */
export function patchView(openedAt: string, targets: readonly PatchTarget[], events: readonly PatchEvent[]): PatchView {
  const reached: Record<PatchState, string | null> = {
    planned: openedAt,
    rehearsed: null,
    announced: null,
    executed: null,
    verified: null,
    closed: null,
    withdrawn: null,
  };
  let run: PatchView['run'] = null;
  let workEndedAt: string | null = null;
  const seen = new Map<string, { state: 'gone' | 'still-exposed'; at: string }>();
  for (const one of events) {
    switch (one.type) {
      case 'revised':
        reached.rehearsed = null;
        break;
      case 'rehearsed':
        reached.rehearsed ??= one.at;
        break;
      case 'announced':
        reached.announced ??= one.at;
        break;
      case 'started':
        run = { id: one.run, outcome: null };
        break;
      case 'executed':
        run = { id: one.run, outcome: 'completed' };
        reached.executed ??= one.at;
        workEndedAt = one.workEndedAt;
        break;
      case 'not-executed':
        run = { id: one.run, outcome: one.outcome };
        break;
      case 'looked-again':
        for (const each of one.gone) seen.set(keyOf(each), { state: 'gone', at: one.at });
        for (const each of one.stillExposed) seen.set(keyOf(each), { state: 'still-exposed', at: one.at });
        reached.verified = targets.some((each) => seen.get(keyOf(each))?.state === 'gone')
          ? (reached.verified ?? one.at)
          : null;
        break;
      case 'closed':
        reached.closed = one.at;
        break;
      case 'withdrawn':
        reached.withdrawn = one.at;
        break;
    }
  }
  return {
    state: patchStates.findLast((state) => reached[state] !== null) ?? 'planned',
    reached,
    run,
    workEndedAt,
    targets: targets.map((each) => ({ ...each, state: 'waiting', at: null, ...seen.get(keyOf(each)) })),
  };
}

const keyOf = ({ exposure, asset }: PatchTarget): string => `${asset}\n${exposure}`;

/** One source's last word on one version of a package on an asset. */
export interface Sighting {
  readonly source: string;
  readonly componentVersion: number;
  readonly lastSeen: string;
  /** When its source no longer named it; null = it is there. */
  readonly goneAt: string | null;
}

/**
 * What an inventory newer than the work says of one target. `sightings` are of the asset, of every version of the package; `exposed`
 * the versions of the package to which the vulnerability applies, matched now.
 * - `gone`: every source that named the patched version has spoken since, and no version that is there is exposed.
 * - `still-exposed`: a source has spoken since, and what it names is exposed: the patched version, or another that is no better.
 * - `waiting`: not every source has spoken.
 */
export function lookAgain(
  componentVersion: number,
  sightings: readonly Sighting[],
  exposed: readonly number[],
  workEndedAt: string,
): 'waiting' | 'gone' | 'still-exposed' {
  const after = Date.parse(workEndedAt);
  const isNewer = ({ lastSeen, goneAt }: Sighting): boolean => Date.parse(goneAt ?? lastSeen) > after;
  const there = sightings.filter((one) => one.goneAt === null && exposed.includes(one.componentVersion));
  if (there.some(isNewer)) return 'still-exposed';
  if (there.length > 0) return 'waiting';
  const sources = new Set(
    sightings.filter((one) => one.componentVersion === componentVersion).map(({ source }) => source),
  );
  const spoke = (source: string): boolean => sightings.some((one) => one.source === source && isNewer(one));
  return sources.size > 0 && [...sources].every(spoke) ? 'gone' : 'waiting';
}
