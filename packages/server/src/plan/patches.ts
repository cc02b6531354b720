/** Patches as changes: opened by a person, moved on by their plan, closed by a newer inventory alone. */
import { BreakwaterError } from '@breakwater/rules';
import { remediationDue, type RemediationPolicy } from '@breakwater/rules/advisory';
import type { Actor } from '@breakwater/rules/evidence';
import {
  lookAgain,
  patchCan,
  patchView,
  type PatchEvent,
  type PatchTarget,
  type PatchView,
} from '@breakwater/rules/plan';
import { patchMoved, patchOpened } from '@breakwater/rules/plan/record';
import { exposuresOf, type Exposure } from '#advisory';
import * as evidence from '#evidence';
import { sightingsOn } from '#inventory';
import { inTransaction, type Db, type Tx } from '#platform/db';
import {
  insertPatch,
  insertPatchEvent,
  lockPatches,
  readPatches,
  type PatchedExposure,
  type PatchRow,
} from './patch-store.ts';
import { refuse } from './refusal.ts';

/** Patches that one answer holds at most. */
export const mostPatches = 1000;

export interface Patch extends Omit<PatchRow, 'events' | 'targets'> {
  readonly view: PatchView;
}

export interface PatchRequest {
  /** The plan that is to do it; it need not be submitted yet. */
  readonly plan: string;
  readonly exposures: readonly string[];
  /** Only on these assets; null = on all that have it. */
  readonly assets: readonly string[] | null;
  readonly by: string;
}

/**
 * Opens the patch of a plan. Throws BreakwaterError `patch.exists`, `patch.exposure-not-found`, or `patch.target-exists` when another
 * open patch is to remove the same from the same asset.
 */
export async function openPatch(
  db: Db,
  institution: string,
  policy: RemediationPolicy,
  request: PatchRequest,
  now: Date,
): Promise<Patch> {
  const at = now.toISOString();
  return inTransaction(db, async (tx) => {
    await lockPatches(tx, institution);
    const exposures = await requireExposures(tx, institution, request.exposures, now);
    const patched = exposures.map((one) => patchedOf(one, request.assets, policy));
    const targets = patched.flatMap(({ exposure, assets }) => assets.map((asset) => ({ exposure, asset })));
    await requireFree(tx, institution, targets);
    const due = patched.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])).toSorted();
    const advisory = exposures.map(({ dissemination }) => dissemination?.id).find((id) => id !== undefined) ?? null;
    const row = {
      plan: request.plan,
      exposures: patched,
      targets,
      dueAt: due[0] ?? null,
      advisory,
      openedBy: request.by,
      openedAt: at,
    };
    if (!(await insertPatch(tx, institution, row)))
      throw new BreakwaterError('patch.exists', `the plan ${request.plan} has a patch already`, '/plan');
    await evidence.append(tx, {
      type: patchOpened.type,
      institution,
      subjects: { plan: request.plan },
      actor: { kind: 'person', id: request.by },
      at,
      payload: {
        patch: request.plan,
        plan: request.plan,
        exposures: patched.map(({ exposure, vulnerability, component, version, assets }) => ({
          exposure,
          vulnerability,
          component,
          version,
          assets: [...assets],
        })),
        dueAt: row.dueAt,
        advisory,
      },
    });
    return patchOf({ ...row, events: [] });
  });
}

/** The exposures of these ids. Throws BreakwaterError `patch.exposure-not-found` for one that is none, or is no longer. */
export async function requireExposures(
  db: Db | Tx,
  institution: string,
  ids: readonly string[],
  now: Date,
): Promise<Exposure[]> {
  const day = now.toISOString().slice(0, 10);
  const versions = new Set(ids.map((id) => Number(/ in (\d{1,15})$/.exec(id)?.[1] ?? Number.NaN)));
  const found = new Map<string, Exposure>();
  for (const componentVersion of versions) {
    if (Number.isNaN(componentVersion)) continue;
    const { exposures } = await exposuresOf(db, institution, { componentVersion, withFiltered: true }, day);
    for (const one of exposures) found.set(one.id, one);
  }
  return ids.map((id, i) => {
    const exposure = found.get(id);
    if (exposure === undefined || exposure.places.length === 0) {
      throw new BreakwaterError(
        'patch.exposure-not-found',
        `nothing that is there is exposed as ${JSON.stringify(id.slice(0, 120))}: see exposure list --json`,
        `/exposures/${i}`,
      );
    }
    return exposure;
  });
}

function patchedOf(
  { id, vulnerability, component, priority, since, places }: Exposure,
  only: readonly string[] | null,
  policy: RemediationPolicy,
): PatchedExposure {
  const assets = places.map(({ asset }) => asset).filter((asset) => only === null || only.includes(asset));
  if (assets.length === 0)
    throw new BreakwaterError('patch.asset-not-found', `none of these assets has the exposure ${id}`, '/assets');
  const { dueAt } = remediationDue({ decision: priority.decision, since, kevDue: priority.kevDue }, policy);
  return {
    exposure: id,
    vulnerability,
    componentVersion: component.id,
    component: component.package,
    version: component.version,
    decision: priority.decision,
    since,
    dueAt,
    assets,
  };
}

async function requireFree(tx: Tx, institution: string, targets: readonly PatchTarget[]): Promise<void> {
  const open = await readPatches(tx, institution, { open: true, limit: mostPatches });
  const taken = new Map(
    open.flatMap((patch) => patch.targets.map(({ exposure, asset }) => [`${exposure}\n${asset}`, patch.plan] as const)),
  );
  for (const { exposure, asset } of targets) {
    const plan = taken.get(`${exposure}\n${asset}`);
    if (plan !== undefined) {
      throw new BreakwaterError(
        'patch.target-exists',
        `the patch ${plan} is to remove ${exposure} from ${asset}: withdraw it first, or name other assets`,
        '/exposures',
      );
    }
  }
}

/** Patches, the newest first. */
export async function listPatches(db: Db, institution: string, open: boolean): Promise<Patch[]> {
  return (await readPatches(db, institution, { open, limit: mostPatches })).map(patchOf);
}

/** The patch of a plan. Throws BreakwaterError `patch.not-found`. */
export async function findPatch(db: Db | Tx, institution: string, plan: string): Promise<Patch> {
  return patchOf(await requirePatch(db, institution, plan));
}

/** Gives a patch up before it is executed. Throws Refused `patch-not-now`. */
export async function withdrawPatch(
  db: Db,
  institution: string,
  { plan, reason, by }: { plan: string; reason: string; by: string },
  now: Date,
): Promise<Patch> {
  return inTransaction(db, async (tx) => {
    await lockPatches(tx, institution);
    const row = await requirePatch(tx, institution, plan);
    const { state } = patchOf(row).view;
    if (!patchCan.withdraw({ state })) throw refuse({ reason: 'patch-not-now', plan, act: 'withdraw', state });
    const event: PatchEvent = { type: 'withdrawn', at: now.toISOString(), by, reason };
    return patchOf(await move(tx, institution, row, event, { kind: 'person', id: by }));
  });
}

/** What happened to the plan of a patch, told in the transaction in which it happened. A plan without an open patch: nothing. */
export async function moveByPlan(
  tx: Tx,
  institution: string,
  plan: string,
  happened: PatchEvent,
  actor: Actor,
): Promise<void> {
  await lockPatches(tx, institution);
  const [row] = await readPatches(tx, institution, { plan, open: true, limit: 1 });
  if (row === undefined) return;
  await move(tx, institution, row, happened, actor);
  if (happened.type === 'executed') await verifyPatches(tx, institution, { plan }, new Date(happened.at));
}

/**
 * Asks the inventory, as it is matched now, about executed patches: of an asset that was just imported, or of one plan. What all of a
 * patch's assets show as gone closes it.
 */
export async function verifyPatches(
  tx: Tx,
  institution: string,
  about: { asset: string } | { plan: string },
  at: Date,
): Promise<void> {
  await lockPatches(tx, institution);
  const filter = 'plan' in about ? { plan: about.plan } : {};
  for (const row of await readPatches(tx, institution, { ...filter, open: true, limit: mostPatches })) {
    const { view } = patchOf(row);
    const concerned = 'plan' in about || row.targets.some(({ asset }) => asset === about.asset);
    if (concerned && view.workEndedAt !== null && patchCan.verify(view))
      await verify(tx, institution, row, view, view.workEndedAt, at);
  }
}

/** Asks anew about one patch. Throws BreakwaterError `patch.not-found`, Refused `patch-not-now`. */
export async function verifyPatch(db: Db, institution: string, plan: string, now: Date): Promise<Patch> {
  return inTransaction(db, async (tx) => {
    const { view } = await findPatch(tx, institution, plan);
    if (!patchCan.verify(view)) throw refuse({ reason: 'patch-not-now', plan, act: 'verify', state: view.state });
    await verifyPatches(tx, institution, { plan }, now);
    return findPatch(tx, institution, plan);
  });
}

const inventoryActor: Actor = { kind: 'system', id: 'inventory' };

async function verify(
  tx: Tx,
  institution: string,
  row: PatchRow,
  view: PatchView,
  workEndedAt: string,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const exposedOn = new Map<string, readonly Exposure[]>();
  const gone: PatchTarget[] = [];
  const stillExposed: PatchTarget[] = [];
  for (const target of view.targets) {
    const patched = row.exposures.find(({ exposure }) => exposure === target.exposure);
    if (patched === undefined) continue;
    const { asset } = target;
    const exposed =
      exposedOn.get(asset) ??
      (await exposuresOf(tx, institution, { asset, withFiltered: true }, at.slice(0, 10))).exposures;
    exposedOn.set(asset, exposed);
    const versions = exposed
      .filter((one) => one.component.package === patched.component && one.names.includes(patched.vulnerability))
      .map(({ component }) => component.id);
    const sightings = await sightingsOn(tx, institution, asset, patched.component);
    const found = lookAgain(patched.componentVersion, sightings, versions, workEndedAt);
    if (found === target.state) continue;
    if (found === 'gone') gone.push({ exposure: target.exposure, asset });
    if (found === 'still-exposed') stillExposed.push({ exposure: target.exposure, asset });
  }
  if (gone.length + stillExposed.length === 0) return;
  const looked = await move(tx, institution, row, { type: 'looked-again', at, gone, stillExposed }, inventoryActor);
  if (patchOf(looked).view.targets.every(({ state }) => state === 'gone'))
    await move(tx, institution, looked, { type: 'closed', at }, inventoryActor);
}

async function requirePatch(db: Db | Tx, institution: string, plan: string): Promise<PatchRow> {
  const [row] = await readPatches(db, institution, { plan, limit: 1 });
  if (row === undefined) throw new BreakwaterError('patch.not-found', `the plan ${plan} has no patch`, '/plan');
  return row;
}

/** Adds what happened, with its evidence. The caller holds `lockPatches`. */
async function move(tx: Tx, institution: string, row: PatchRow, event: PatchEvent, actor: Actor): Promise<PatchRow> {
  const next = { ...row, events: [...row.events, event] };
  const { state } = patchOf(next).view;
  const isOver = state === 'closed' || state === 'withdrawn';
  await insertPatchEvent(tx, institution, row.plan, { seq: next.events.length, event, isOver });
  await evidence.append(tx, {
    type: patchMoved.type,
    institution,
    subjects: { plan: row.plan },
    actor,
    at: event.at,
    payload: patchMoved.payload.parse({ patch: row.plan, plan: row.plan, event, state }),
  });
  return next;
}

function patchOf({ events, targets, ...row }: PatchRow): Patch {
  return { ...row, view: patchView(row.openedAt, targets, events) };
}
