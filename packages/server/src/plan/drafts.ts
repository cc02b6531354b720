/** Drafts of work plans for exposures. A draft is only answered, never kept: a person completes and submits it. */
import {
  draftPlan,
  koreanInstant,
  quietNight,
  requirePlan,
  type DraftedAsset,
  type EarlierPlan,
  type PlanDraft,
} from '@breakwater/rules/plan';
import { advisoriesFor, type Exposure } from '#advisory';
import { listServices } from '#inventory';
import type { Db } from '#platform/db';
import { requireExposures } from './patches.ts';
import { latestRevisions, rehearsalsOf } from './store.ts';

export interface DraftRequest {
  readonly exposures: readonly string[];
  /** Only these assets; null = all that have it. */
  readonly assets: readonly string[] | null;
  /** Id of the plan; null = after the vulnerability and the day. */
  readonly id: string | null;
  /** Start of the window; null = the next quiet night. */
  readonly start: string | null;
  readonly by: string;
}

/** Plans that are looked through for one of the same services. */
const lookedThrough = 500;

/** The draft of a plan for exposures. Throws BreakwaterError `patch.exposure-not-found`. */
export async function draftFor(db: Db, institution: string, request: DraftRequest, now: Date): Promise<PlanDraft> {
  const exposures = await requireExposures(db, institution, request.exposures, now);
  const assets = assetsOf(exposures, request.assets);
  const services = [...new Set(assets.flatMap((asset) => asset.services))];
  const fixes = [...new Set(exposures.map(({ vulnerability }) => vulnerability))];
  const advisories = await advisoriesFor(db, institution, fixes);
  const names = (await listServices(db, institution)).map(({ id, name }) => [id, { ko: name ?? id, en: name ?? id }]);
  return draftPlan({
    id: request.id ?? `patch-${fixes[0] ?? ''}-${koreanInstant(now.getTime()).slice(0, 10)}`.toLowerCase(),
    institution,
    author: request.by,
    start: request.start ?? koreanInstant(quietNight(now.getTime())),
    exposures: exposures.map(({ id, vulnerability, component, fixedIn, places }) => ({
      exposure: id,
      vulnerability,
      type: component.type,
      component: component.package,
      version: component.version,
      fixedIn,
      assets: places.map(({ asset }) => asset),
    })),
    assets,
    serviceNames: Object.fromEntries(names),
    advisories: advisories.map(({ id, disseminatedBy = '', receivedAt = '', proof = 'absent', covers = null }) => ({
      id,
      disseminatedBy,
      receivedAt,
      proof,
      covers,
    })),
    earlier: await earlierPlan(db, institution, services),
  });
}

function assetsOf(exposures: readonly Exposure[], only: readonly string[] | null): DraftedAsset[] {
  const assets = new Map<string, DraftedAsset>();
  for (const { places } of exposures) {
    for (const { asset, owner, zone, criticality, internetFacing, modules, services } of places) {
      if (only !== null && !only.includes(asset)) continue;
      assets.set(asset, {
        id: asset,
        owner,
        zone,
        criticality,
        internetFacing,
        modules,
        services: services.map(({ id }) => id),
      });
    }
  }
  return [...assets.values()];
}

/** The newest plan that touches all these services, one with a rehearsed way back before one without; null = none. */
async function earlierPlan(db: Db, institution: string, services: readonly string[]): Promise<EarlierPlan | null> {
  if (services.length === 0) return null;
  let unrehearsed: EarlierPlan | null = null;
  for (const { plan, document } of await latestRevisions(db, institution, lookedThrough)) {
    const own = requirePlan(document).services;
    if (!services.every((service) => own.includes(service))) continue;
    const passed = (await rehearsalsOf(db, institution, plan)).filter((rehearsal) => rehearsal.passed);
    const times = passed.flatMap(({ rollbackMs }) => Object.values(rollbackMs));
    const rollbackMs = times.length === 0 ? null : Math.max(...times);
    const earlier = { document: document as EarlierPlan['document'], plan, rehearsals: passed.length, rollbackMs };
    if (rollbackMs !== null) return earlier;
    unrehearsed ??= earlier;
  }
  return unrehearsed;
}
