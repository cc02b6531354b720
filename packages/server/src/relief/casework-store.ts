/** The SQL of work on claims: arrivals, links, clocks, escalations, the policy, late facts and events. */
import { sql } from 'kysely';
import type { EvidenceItem } from '@breakwater/rules/relief';
import type { Db, Tx } from '#platform/db';

/** How the subject of a claim by the public form begins: its customer is named by a keyed hash of the number. */
export const telephoneSubject = 'tel-';

/** Lets a claim wait to be linked and counted. */
export async function insertArrival(tx: Tx, institution: string, claim: string, at: Date): Promise<void> {
  await sql`
    insert into relief_arrival (institution, claim, arrived_at) values (${institution}, ${claim}, ${at})
    on conflict (institution, claim) do update set tried_at = null`.execute(tx);
}

export type ArrivedClaim = {
  claim: string;
  run: string | null;
  source: 'proactive' | 'filed';
  service: string;
  occurredAt: Date;
  amountLow: number | null;
  amountHigh: number | null;
  contact: Buffer | null;
  subject: string | null;
};

/**
 * Takes claims that wait, those never tried first, and locks them until the transaction ends; what another worker holds is
 * passed over. One that was tried in vain is taken again after a minute, then after as long as it has waited.
 */
export async function takeArrivals(tx: Tx, institution: string, now: Date, limit: number): Promise<ArrivedClaim[]> {
  const { rows } = await sql<ArrivedClaim>`
    with taken as (
      select claim from relief_arrival
      where institution = ${institution} and (tried_at is null
        or ${now} - tried_at > greatest(interval '1 minute', tried_at - arrived_at))
      order by tried_at nulls first, arrived_at limit ${limit} for update skip locked
    )
    select c.id as claim, c.run, c.source, c.service, c.occurred_at as "occurredAt", c.amount_low as "amountLow",
      c.amount_high as "amountHigh",
      (select f.contact from relief_claim_form f where f.institution = c.institution and f.claim = c.id
        and f.contact is not null order by f.filed_at desc limit 1) as contact,
      (select s.subject from relief_claim_subject s where s.institution = c.institution and s.claim = c.id) as subject
    from taken t join relief_claim c on c.institution = ${institution} and c.id = t.claim`.execute(tx);
  return rows;
}

export async function deleteArrivals(tx: Tx, institution: string, claims: readonly string[]): Promise<void> {
  await sql`delete from relief_arrival where institution = ${institution} and claim = any (${claims}::text[])`.execute(
    tx,
  );
}

export async function triedArrivals(tx: Tx, institution: string, claims: readonly string[], at: Date): Promise<void> {
  await sql`
    update relief_arrival set tried_at = ${at} where institution = ${institution} and claim = any (${claims}::text[])`.execute(
    tx,
  );
}

/** Gives a claim without a run its run. False when it has one. */
export async function assignClaim(tx: Tx, institution: string, claim: string, run: string): Promise<boolean> {
  const { rows } = await sql`
    update relief_claim set run = ${run} where institution = ${institution} and id = ${claim} and run is null
    returning id`.execute(tx);
  return rows.length === 1;
}

export type Link = {
  run: string;
  disruption: { id: string; service: string; start: string; end: string | null } | null;
  /** How far the claimed time lies outside the disruption, ms. */
  distanceMs: number | null;
  /** `told`: delivered, on-its-way, failed, not-sent, unknown; of the website: published. */
  notices: { notice: string; channel: string; told: string; at: string | null }[];
  /** `watched`: measured by probes, attested by a person, or nobody. */
  alternatives: { service: string; watched: string; downMs: number | null }[];
};

export async function upsertLink(tx: Tx, institution: string, claim: string, link: Link, at: Date): Promise<void> {
  await sql`
    insert into relief_link (institution, claim, run, disruption, distance_ms, notices, alternatives, linked_at)
    values (${institution}, ${claim}, ${link.run}, ${link.disruption === null ? null : JSON.stringify(link.disruption)}::jsonb,
      ${link.distanceMs}, ${JSON.stringify(link.notices)}, ${JSON.stringify(link.alternatives)}, ${at})
    on conflict (institution, claim) do update set run = excluded.run, disruption = excluded.disruption,
      distance_ms = excluded.distance_ms, notices = excluded.notices, alternatives = excluded.alternatives,
      linked_at = excluded.linked_at`.execute(tx);
}

export async function readLink(
  db: Db | Tx,
  institution: string,
  claim: string,
): Promise<(Link & { linkedAt: Date }) | null> {
  const { rows } = await sql<Link & { linkedAt: Date }>`
    select run, disruption, distance_ms as "distanceMs", notices, alternatives, linked_at as "linkedAt"
    from relief_link where institution = ${institution} and claim = ${claim}`.execute(db);
  return rows[0] ?? null;
}

/** A claim whose answer was not told yet. */
export type UntoldClaim = {
  id: string;
  run: string | null;
  source: 'proactive' | 'filed';
  openedAt: Date;
  state: string;
  reminded: string | null;
};

/** Claims opened before `before` whose result was not told, the oldest first, after the claim `after`. */
export async function untoldClaims(
  db: Db | Tx,
  institution: string,
  before: Date,
  after: string | null,
  limit: number,
): Promise<UntoldClaim[]> {
  const { rows } = await sql<UntoldClaim>`
    select id, run, source, opened_at as "openedAt", state, reminded from relief_claim
    where institution = ${institution} and told_at is null and opened_at <= ${before}
      and (${after}::text is null or (opened_at, id) > (select a.opened_at, a.id from relief_claim a
        where a.institution = ${institution} and a.id = ${after}))
    order by opened_at, id limit ${limit}`.execute(db);
  return rows;
}

export async function markReminded(tx: Tx, institution: string, claim: string, step: string): Promise<boolean> {
  const { rows } = await sql`
    update relief_claim set reminded = ${step} where institution = ${institution} and id = ${claim}
      and reminded is distinct from ${step} and told_at is null returning id`.execute(tx);
  return rows.length === 1;
}

/** Marks that the result of decided claims was told. Returns those for which that was not known before. */
export async function markTold(
  tx: Tx,
  institution: string,
  claims: readonly string[],
  at: Date,
): Promise<{ id: string; run: string | null }[]> {
  const { rows } = await sql<{ id: string; run: string | null }>`
    update relief_claim set told_at = ${at} where institution = ${institution} and id = any (${claims}::text[])
      and state <> 'open' and told_at is null returning id, run`.execute(tx);
  return rows;
}

/** A decided claim whose result was not told: its newest sealed number, and the notice that was sent for it. */
export type TellableClaim = {
  claim: string;
  run: string | null;
  contact: Buffer | null;
  subject: string | null;
  telling: string | null;
};

/** Decided claims whose result was not told and whose customer can be named: `sent` = those for which a notice is on its way. */
export async function tellable(
  db: Db | Tx,
  institution: string,
  { run, sent, by, limit }: { run: string | null; sent: boolean; by: 'token' | 'phone'; limit: number },
): Promise<TellableClaim[]> {
  const { rows } = await sql<TellableClaim>`
    select distinct on (c.id) c.id as claim, c.run, f.contact, s.subject, c.telling from relief_claim c
    left join relief_claim_form f on f.institution = c.institution and f.claim = c.id and f.contact is not null
    left join relief_claim_subject s on s.institution = c.institution and s.claim = c.id
    where case when ${by} = 'token' then s.subject is not null and not starts_with(s.subject, ${telephoneSubject})
      else f.contact is not null end
      and c.institution = ${institution} and c.state <> 'open' and c.told_at is null
      and (${run}::text is null or c.run = ${run}) and (c.telling is not null) = ${sent}
    order by c.id, f.filed_at desc limit ${limit}`.execute(db);
  return rows;
}

/** Keeps by which notice the result of claims is told; null = it did not arrive, and may be sent again. */
export async function setTelling(
  tx: Tx,
  institution: string,
  claims: readonly string[],
  notice: string | null,
): Promise<void> {
  await sql`
    update relief_claim set telling = ${notice} where institution = ${institution} and id = any (${claims}::text[])
      and told_at is null`.execute(tx);
}

export type Escalation = { authority: 'fss' | 'court'; case: string; stage: string; by: string; at: Date };

/** Adds a stage of a complaint; false when it was recorded before. */
export async function insertEscalation(
  tx: Tx,
  institution: string,
  claim: string,
  { authority, case: number, stage, by, at }: Escalation,
): Promise<boolean> {
  const { rows } = await sql`
    insert into relief_escalation (institution, claim, authority, case_number, stage, recorded_by, recorded_at)
    values (${institution}, ${claim}, ${authority}, ${number}, ${stage}, ${by}, ${at})
    on conflict do nothing returning claim`.execute(tx);
  return rows.length === 1;
}

export async function readEscalations(db: Db | Tx, institution: string, claim: string): Promise<Escalation[]> {
  const { rows } = await sql<Escalation>`
    select authority, case_number as case, stage, recorded_by as by, recorded_at as at from relief_escalation
    where institution = ${institution} and claim = ${claim} order by recorded_at, stage`.execute(db);
  return rows;
}

/** The newest policy of the company; null = the defaults. */
export async function readPolicy(
  db: Db | Tx,
  institution: string,
): Promise<{ version: number; document: unknown } | null> {
  const { rows } = await sql<{ version: number; document: unknown }>`
    select version, document from relief_policy where institution = ${institution} order by version desc limit 1`.execute(
    db,
  );
  return rows[0] ?? null;
}

export async function insertPolicy(
  tx: Tx,
  institution: string,
  policy: { version: number; document: object; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into relief_policy (institution, version, document, set_by, set_at)
    values (${institution}, ${policy.version}, ${JSON.stringify(policy.document)}, ${policy.by}, ${policy.at})`.execute(
    tx,
  );
}

/** Until when late facts of a run are taken, as extended; null = it was not. */
export async function readExtension(db: Db | Tx, institution: string, run: string): Promise<Date | null> {
  const { rows } = await sql<{ until: Date }>`
    select until from relief_late_facts where institution = ${institution} and run = ${run}
    order by extended_at desc limit 1`.execute(db);
  return rows[0]?.until ?? null;
}

export async function insertExtension(
  tx: Tx,
  institution: string,
  extension: { run: string; until: Date; reason: string; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into relief_late_facts (institution, run, until, reason, extended_by, extended_at)
    values (${institution}, ${extension.run}, ${extension.until}, ${extension.reason}, ${extension.by}, ${extension.at})
    on conflict do nothing`.execute(tx);
}

export type ChannelWatch = { service: string; start: Date; end: Date };

export async function insertChannelWatch(
  tx: Tx,
  institution: string,
  of: ChannelWatch & { run: string; evidence: readonly EvidenceItem[]; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into relief_channel_attested (institution, run, service, start_at, end_at, evidence, attested_by, attested_at)
    values (${institution}, ${of.run}, ${of.service}, ${of.start}, ${of.end}, ${JSON.stringify(of.evidence)}, ${of.by}, ${of.at})
    on conflict do nothing`.execute(tx);
}

/** Times in which persons attest that an alternative channel was down; one that ends as it begins says that it was not. */
export async function readChannelWatches(db: Db | Tx, institution: string, run: string): Promise<ChannelWatch[]> {
  const { rows } = await sql<ChannelWatch>`
    select service, start_at as start, end_at as "end" from relief_channel_attested
    where institution = ${institution} and run = ${run} order by service, start_at`.execute(db);
  return rows;
}

export type ReliefEvent = {
  id: number;
  kind: string;
  run: string | null;
  subject: string | null;
  detail: Record<string, unknown>;
  at: Date;
};

/** Adds an event; false when one of this key happened before. */
export async function insertEvent(
  tx: Tx,
  institution: string,
  event: Omit<ReliefEvent, 'id'> & { key: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into relief_event (institution, key, kind, run, subject, detail, at)
    values (${institution}, ${event.key}, ${event.kind}, ${event.run}, ${event.subject}, ${JSON.stringify(event.detail)}, ${event.at})
    on conflict do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function readEvents(
  db: Db | Tx,
  institution: string,
  { run, after, limit }: { run: string | null; after: number; limit: number },
): Promise<ReliefEvent[]> {
  const { rows } = await sql<ReliefEvent>`
    select id, kind, run, subject, detail, at from relief_event
    where institution = ${institution} and id > ${after} and (${run}::text is null or run = ${run})
    order by id limit ${limit}`.execute(db);
  return rows;
}
