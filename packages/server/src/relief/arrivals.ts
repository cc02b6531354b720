/** Links arrived claims to what happened: the disruption, what their customer was told before, how alternatives stood. */
import { downWithin, matchDisruption, type SeenDisruption } from '@breakwater/rules/relief';
import { claimAssigned, claimLinked } from '@breakwater/rules/relief/record';
import { BreakwaterError } from '@breakwater/rules';
import { append } from '#evidence';
import { disruptionsBetween } from '#guard';
import { planOfRun } from '#plan';
import { inTransaction, type Tx } from '#platform/db';
import {
  assignClaim,
  deleteArrivals,
  insertArrival,
  readChannelWatches,
  takeArrivals,
  telephoneSubject,
  triedArrivals,
  upsertLink,
  type ArrivedClaim,
  type Link,
} from './casework-store.ts';
import { lockLedger } from './ledger-store.ts';
import { readClaim } from './store.ts';
import type { Workflow } from './workflow.ts';

/** What relief asks of notices: which a plan's customers were told by, whether they hold or not, and whether one was told. */
export type NoticesOfRelief = {
  tellingsOfPlan(plan: string): Promise<{ notice: string; channel: string; at: string }[]>;
  /** What the lists of text messages name customers by; null = no gateway is configured. */
  customersAreNamedBy(): 'phone' | 'token' | 'email' | null;
  toldNumber(notice: string, address: string): Promise<{ state: string; submittedAt: string | null } | null>;
};

export type ArrivalOptions = {
  notices: NoticesOfRelief;
  /** The telephone number that was sealed with a claim. */
  unseal: (claim: string, sealed: Buffer) => string;
};

/** The name under which text messages reach whoever claims: a number left with the claim, or the company's token; null = neither. */
export function addressOf(
  { notices, unseal }: ArrivalOptions,
  { claim, contact, subject }: { claim: string; contact: Buffer | null; subject: string | null },
): string | null {
  if (notices.customersAreNamedBy() === 'token')
    return subject === null || subject.startsWith(telephoneSubject) ? null : subject;
  return contact === null ? null : unseal(claim, contact);
}

export type Arrivals = {
  /** Links and counts claims that wait. Returns how many it took up; 0 = none waits. */
  linkArrived(): Promise<number>;
  /** Gives a claim of no run its run, by a person. Throws BreakwaterError `claim.*`, Refused `late-facts-over`. */
  assign(of: { claim: string; run: string; by: string }): Promise<void>;
};

const batch = 200;

type PlanOfRelief = {
  plan: string;
  probed: readonly string[];
  alternatives: readonly { name: string; service: string }[];
};

/** The linking of arrivals. */
export function createArrivals(workflow: Workflow, options: ArrivalOptions): Arrivals {
  const { notices } = options;
  const { db, clock, institution, policy, proof, requireOpen, openUntil, settle } = workflow;

  const planFor = async (tx: Tx, run: string): Promise<PlanOfRelief | null> => {
    const revision = await planOfRun(tx, institution, run);
    if (revision === null) return null;
    const document = revision.document as {
      probes?: { service: string }[];
      notice?: { alternativeChannels?: { name: string; service: string }[] };
    };
    return {
      plan: revision.plan,
      probed: [...new Set(document.probes?.map(({ service }) => service))],
      alternatives: document.notice?.alternativeChannels ?? [],
    };
  };

  /** Disruptions of live runs around the claimed times. */
  const seenAround = async (
    tx: Tx,
    claims: readonly ArrivedClaim[],
    withinMs: number,
    plans: (run: string) => Promise<PlanOfRelief | null>,
  ): Promise<SeenDisruption[]> => {
    const times = claims.map(({ occurredAt }) => occurredAt.getTime());
    const told = await disruptionsBetween(tx, institution, {
      from: new Date(Math.min(...times) - withinMs),
      to: new Date(Math.max(...times) + withinMs),
    });
    const live = await Promise.all(told.map(async ({ run }) => (await plans(run)) !== null));
    return told
      .filter((_, i) => live[i])
      .map(({ run, disruption, service, start, end }) => ({
        run,
        id: disruption,
        service,
        start: start.getTime(),
        end: end?.getTime() ?? null,
      }));
  };

  const noticesTold = async (plan: PlanOfRelief | null, address: string | null): Promise<Link['notices']> => {
    if (plan === null) return [];
    const sent = await notices.tellingsOfPlan(plan.plan);
    return Promise.all(
      sent.map(async ({ notice, channel, at }) => {
        if (channel === 'website') return { notice, channel, told: 'published', at };
        if (address === null) return { notice, channel, told: 'unknown', at: null };
        const found = await notices.toldNumber(notice, address);
        return { notice, channel, told: toldBy(found?.state ?? null), at: found?.submittedAt ?? null };
      }),
    );
  };

  const alternativesOf = async (
    tx: Tx,
    run: string,
    plan: PlanOfRelief | null,
    { start, end }: { start: number; end: number | null },
  ): Promise<Link['alternatives']> => {
    if (plan === null || plan.alternatives.length === 0) return [];
    const interval = { start, end: end ?? clock.now().getTime() };
    const attested = await readChannelWatches(tx, institution, run);
    const told = await disruptionsBetween(tx, institution, {
      from: new Date(interval.start),
      to: new Date(interval.end),
      run,
    });
    return plan.alternatives.map(({ service }) => {
      const measured = plan.probed.includes(service);
      const own = attested.filter((one) => one.service === service);
      const watched = measured ? 'measured' : own.length > 0 ? 'attested' : 'nobody';
      const down = [...told.filter((one) => one.service === service), ...own].map((one) => ({
        start: one.start.getTime(),
        end: one.end?.getTime() ?? null,
      }));
      return { service, watched, downMs: downWithin(interval, down, watched !== 'nobody') };
    });
  };

  const link = async (
    tx: Tx,
    claim: ArrivedClaim,
    run: string,
    match: ReturnType<typeof matchDisruption>,
    plan: PlanOfRelief | null,
  ): Promise<void> => {
    const at = clock.now();
    const around = match?.disruption ?? { start: claim.occurredAt.getTime(), end: claim.occurredAt.getTime() };
    const found: Link = {
      run,
      disruption:
        match === null
          ? null
          : {
              id: match.disruption.id,
              service: match.disruption.service,
              start: new Date(match.disruption.start).toISOString(),
              end: match.disruption.end === null ? null : new Date(match.disruption.end).toISOString(),
            },
      distanceMs: match?.distanceMs ?? null,
      notices: await noticesTold(plan, addressOf(options, claim)),
      alternatives: await alternativesOf(tx, run, plan, around),
    };
    await upsertLink(tx, institution, claim.claim, found, at);
    const subjects = { run, claim: claim.claim };
    const payload = claimLinked.payload.parse({ claim: claim.claim, ...found, at: at.toISOString() });
    await append(tx, proof(claimLinked.type, subjects, null, at, payload));
  };

  const giveRun = async (tx: Tx, claim: ArrivedClaim, run: string, by: string | null): Promise<void> => {
    if (!(await assignClaim(tx, institution, claim.claim, run))) return;
    const at = clock.now();
    const amount = claim.amountLow === null ? null : { low: claim.amountLow, high: claim.amountHigh };
    const payload = { claim: claim.claim, run, source: claim.source, amount, at: at.toISOString() };
    await append(tx, proof(claimAssigned.type, { run, claim: claim.claim }, by, at, payload));
  };

  return {
    async linkArrived() {
      return inTransaction(db, async (tx) => {
        const now = clock.now();
        const claims = await takeArrivals(tx, institution, now, batch);
        if (claims.length === 0) return 0;
        const known = new Map<string, Promise<PlanOfRelief | null>>();
        const plans = (run: string): Promise<PlanOfRelief | null> => {
          const asked = known.get(run) ?? planFor(tx, run);
          known.set(run, asked);
          return asked;
        };
        const withinMs = (await policy(tx)).matchWithinMinutes * 60_000;
        const seen = await seenAround(tx, claims, withinMs, plans);
        const isOpen = new Map<string, boolean>();
        const linked: { claim: ArrivedClaim; run: string; match: ReturnType<typeof matchDisruption> }[] = [];
        for (const claim of claims) {
          const own = claim.run === null ? seen : seen.filter(({ run }) => run === claim.run);
          const match = matchDisruption({ service: claim.service, at: claim.occurredAt.getTime() }, own, withinMs);
          const run = claim.run ?? match?.disruption.run ?? null;
          if (run === null) continue;
          if (!isOpen.has(run)) isOpen.set(run, now.getTime() <= ((await openUntil(tx, run)) ?? Infinity));
          if (isOpen.get(run) === true) linked.push({ claim, run, match });
        }
        const runs = [...new Set(linked.map(({ run }) => run))].toSorted();
        for (const run of runs) {
          const ledger = await lockLedger(tx, institution, run);
          for (const one of linked.filter((each) => each.run === run)) {
            await giveRun(tx, one.claim, run, null);
            await link(tx, one.claim, run, one.match, await plans(run));
          }
          await settle(tx, run, null, ledger);
        }
        const done = linked.map(({ claim }) => claim.claim);
        await deleteArrivals(tx, institution, done);
        const left = claims.map(({ claim }) => claim).filter((claim) => !done.includes(claim));
        await triedArrivals(tx, institution, left, now);
        return claims.length;
      });
    },

    async assign({ claim, run, by }) {
      await inTransaction(db, async (tx) => {
        await requireOpen(tx, run);
        const ledger = await lockLedger(tx, institution, run);
        const row = await readClaim(tx, institution, claim, true);
        if (row === null)
          throw new BreakwaterError('claim.not-found', `there is no claim ${JSON.stringify(claim)}`, '/claim');
        if (row.run !== null) throw new BreakwaterError('claim.assigned', `${claim} is of run ${row.run}`, '/run');
        const { source, service, occurredAt, amountLow, amountHigh } = row;
        const arrived = {
          claim,
          run: null,
          source,
          service,
          occurredAt,
          amountLow,
          amountHigh,
          contact: null,
          subject: null,
        };
        await giveRun(tx, arrived, run, by);
        await insertArrival(tx, institution, claim, clock.now());
        await settle(tx, run, by, ledger);
      });
    },
  };
}

/** Whether a message reached its customer, in the words of a link. */
function toldBy(state: string | null): string {
  if (state === null) return 'not-sent';
  if (state === 'delivered') return 'delivered';
  return ['failed', 'refused', 'invalid', 'expired', 'rejected', 'suppressed'].includes(state)
    ? 'failed'
    : 'on-its-way';
}
