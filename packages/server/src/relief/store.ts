/** The SQL of relief: preparations, claims, and the ledger row of each run. */
import { sql } from 'kysely';
import type { ClaimTotals, Range } from '@breakwater/rules/relief';
import type { Db, Tx } from '#platform/db';

export type PreparationRow = { plan: string; preparedAt: Date; claimsUntil: Date; contact: string; preparedBy: string };

/** Adds a preparation. False when the plan has one. */
export async function insertPreparation(tx: Tx, institution: string, row: PreparationRow): Promise<boolean> {
  const { rows } = await sql`
    insert into relief_preparation (institution, plan, prepared_at, claims_until, contact, prepared_by)
    values (${institution}, ${row.plan}, ${row.preparedAt}, ${row.claimsUntil}, ${row.contact}, ${row.preparedBy})
    on conflict do nothing returning plan`.execute(tx);
  return rows.length > 0;
}

export async function readPreparation(db: Db | Tx, institution: string, plan: string): Promise<PreparationRow | null> {
  const { rows } = await sql<PreparationRow>`
    select plan, prepared_at as "preparedAt", claims_until as "claimsUntil", contact, prepared_by as "preparedBy"
    from relief_preparation where institution = ${institution} and plan = ${plan}`.execute(db);
  return rows[0] ?? null;
}

/** Parts of the damage that persons attest; null or left out = unknown. */
export type AttestedDamage = Partial<Record<'company' | 'thirdParty' | 'goodwill' | 'recourse', Range | null>>;
export type LedgerRow = { isComplete: boolean; attested: AttestedDamage };

/** Locks the ledger of a run until the transaction ends, and makes it when there is none. */
export async function lockLedger(tx: Tx, institution: string, run: string): Promise<LedgerRow> {
  await sql`insert into relief_ledger (institution, run) values (${institution}, ${run}) on conflict do nothing`.execute(
    tx,
  );
  const { rows } = await sql<LedgerRow>`
    select is_complete as "isComplete", attested from relief_ledger
    where institution = ${institution} and run = ${run} for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger that was made is there');
  return row;
}

export async function readLedger(db: Db | Tx, institution: string, run: string): Promise<LedgerRow | null> {
  const { rows } = await sql<LedgerRow>`
    select is_complete as "isComplete", attested from relief_ledger
    where institution = ${institution} and run = ${run}`.execute(db);
  return rows[0] ?? null;
}

export async function updateLedger(
  tx: Tx,
  institution: string,
  run: string,
  { isComplete, attested }: LedgerRow,
): Promise<void> {
  await sql`
    update relief_ledger set is_complete = ${isComplete}, attested = ${JSON.stringify(attested)}
    where institution = ${institution} and run = ${run}`.execute(tx);
}

export async function updateLeaks(tx: Tx, institution: string, run: string, leaks: object): Promise<void> {
  await sql`
    update relief_ledger set leaks = ${JSON.stringify(leaks)} where institution = ${institution} and run = ${run}`.execute(
    tx,
  );
}

export type ClaimState = 'open' | 'accepted' | 'refused' | 'paid';
export type NewClaim = {
  id: string;
  run: string | null;
  source: 'proactive' | 'filed';
  service: string;
  occurredAt: Date;
  subject: string;
  subjectKey: string;
  reference: string | null;
  referenceKey: string | null;
  amount: Range | null;
  openedAt: Date;
};

/** Adds claims; those whose transaction has a claim already are left out. Returns the ids that were added. */
export async function insertClaims(tx: Tx, institution: string, claims: readonly NewClaim[]): Promise<Set<string>> {
  const rows = claims.map((claim) => ({
    id: claim.id,
    run: claim.run,
    source: claim.source,
    service: claim.service,
    occurred_at: claim.occurredAt.toISOString(),
    subject: claim.subject,
    subject_key: claim.subjectKey,
    reference: claim.reference,
    reference_key: claim.referenceKey,
    amount_low: claim.amount?.low ?? null,
    amount_high: claim.amount?.high ?? null,
    opened_at: claim.openedAt.toISOString(),
  }));
  const { rows: added } = await sql<{ id: string }>`
    insert into relief_claim (institution, id, run, source, service, occurred_at, subject, subject_key, reference,
      reference_key, amount_low, amount_high, opened_at)
    select ${institution}, u.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as u (id text, run text, source text,
      service text, occurred_at timestamptz, subject text, subject_key text, reference text, reference_key text,
      amount_low bigint, amount_high bigint, opened_at timestamptz)
    on conflict do nothing returning id`.execute(tx);
  return new Set(added.map(({ id }) => id));
}

export type ClaimRow = {
  id: string;
  run: string | null;
  source: 'proactive' | 'filed';
  service: string;
  occurredAt: Date;
  amountLow: number | null;
  amountHigh: number | null;
  openedAt: Date;
  state: ClaimState;
  decidedAmount: number | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  reason: string | null;
  paidAmount: number | null;
  paidAt: Date | null;
};

const claimColumns = sql`id, run, source, service, occurred_at as "occurredAt", amount_low as "amountLow",
  amount_high as "amountHigh", opened_at as "openedAt", state, decided_amount as "decidedAmount", decided_by as "decidedBy",
  decided_at as "decidedAt", reason, paid_amount as "paidAmount", paid_at as "paidAt"`;

/** A claim; with `lock`, no other transaction changes it until this one ends. */
export async function readClaim(db: Db | Tx, institution: string, id: string, lock = false): Promise<ClaimRow | null> {
  const { rows } = await sql<ClaimRow>`
    select ${claimColumns} from relief_claim where institution = ${institution} and id = ${id}
    ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

/** The claim of a transaction, by the transaction's key. */
export async function findClaim(db: Db | Tx, institution: string, referenceKey: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from relief_claim where institution = ${institution} and reference_key = ${referenceKey}`.execute(db);
  return rows[0]?.id ?? null;
}

export type ClaimFilter = {
  run?: string | undefined;
  state?: ClaimState | undefined;
  source?: 'proactive' | 'filed' | undefined;
};

/** Claims in the order they were opened, after the claim `after`. */
export async function listClaims(
  db: Db | Tx,
  institution: string,
  filter: ClaimFilter,
  after: string | null,
  limit: number,
): Promise<ClaimRow[]> {
  const { rows } = await sql<ClaimRow>`
    select ${claimColumns} from relief_claim c
    where institution = ${institution}
      and (${filter.run ?? null}::text is null or run = ${filter.run ?? null})
      and (${filter.state ?? null}::text is null or state = ${filter.state ?? null})
      and (${filter.source ?? null}::text is null or source = ${filter.source ?? null})
      and (${after}::text is null or (opened_at, id) > (select a.opened_at, a.id from relief_claim a
        where a.institution = ${institution} and a.id = ${after}))
    order by opened_at, id limit ${limit}`.execute(db);
  return rows;
}

export async function decideClaim(
  tx: Tx,
  institution: string,
  id: string,
  decision: { state: 'accepted' | 'refused'; amount: number; by: string; at: Date; reason: string | null },
): Promise<void> {
  await sql`
    update relief_claim set state = ${decision.state}, decided_amount = ${decision.amount}, decided_by = ${decision.by},
      decided_at = ${decision.at}, reason = ${decision.reason}
    where institution = ${institution} and id = ${id} and state = 'open'`.execute(tx);
}

export async function payClaim(
  tx: Tx,
  institution: string,
  id: string,
  total: number,
  isWhole: boolean,
  at: Date,
  payment: string,
): Promise<void> {
  await sql`
    update relief_claim set paid_amount = ${total}, payment = ${payment}, state = ${isWhole ? 'paid' : 'accepted'},
      paid_at = case when ${isWhole} then ${at}::timestamptz end
    where institution = ${institution} and id = ${id} and state = 'accepted'`.execute(tx);
}

export type ClaimFigures = ClaimTotals & {
  open: number;
  accepted: number;
  refused: number;
  paid: number;
  paidAmount: number;
  unpaidAmount: number;
};

/** The claims of a run, counted and summed. `accepted` counts the paid ones too. */
export async function sumClaims(db: Db | Tx, institution: string, run: string): Promise<ClaimFigures> {
  const { rows } = await sql<Omit<ClaimFigures, 'openHigh'> & { openHigh: number; boundless: number }>`
    select count(*) as count,
      count(*) filter (where state = 'open') as open,
      count(*) filter (where state in ('accepted', 'paid')) as accepted,
      count(*) filter (where state = 'refused') as refused,
      count(*) filter (where state = 'paid') as paid,
      coalesce(sum(amount_low) filter (where state = 'open'), 0)::bigint as "openLow",
      coalesce(sum(amount_high) filter (where state = 'open'), 0)::bigint as "openHigh",
      count(*) filter (where state = 'open' and amount_high is null) as boundless,
      coalesce(sum(paid_amount), 0)::bigint as "paidAmount",
      coalesce(sum(decided_amount - coalesce(paid_amount, 0)) filter (where state = 'accepted'), 0)::bigint as "unpaidAmount",
      coalesce(sum(decided_amount) filter (where state in ('accepted', 'paid')), 0)::bigint as "acceptedAmount"
    from relief_claim where institution = ${institution} and run = ${run}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate has one row');
  const { boundless, openHigh, ...figures } = row;
  return { ...figures, openHigh: boundless > 0 ? null : openHigh };
}

/** Erases who claimed and which transactions; keyed hashes stay. Returns how many claims there were. */
export async function eraseSubjects(tx: Tx, institution: string, run: string): Promise<number> {
  const { rows } = await sql`
    update relief_claim set subject = null, reference = null
    where institution = ${institution} and run = ${run} and (subject is not null or reference is not null) returning id`.execute(
    tx,
  );
  return rows.length;
}

/** Whom to pay a claim to: the pseudonym, or null when it was erased. */
export async function readSubject(db: Db | Tx, institution: string, id: string): Promise<string | null> {
  const { rows } = await sql<{ subject: string | null }>`
    select subject from relief_claim where institution = ${institution} and id = ${id}`.execute(db);
  return rows[0]?.subject ?? null;
}

export type FormRow = {
  claim: string;
  form: string;
  basis: string;
  alternative: string;
  contact: Buffer;
  lookupKey: string;
  filedAt: Date;
};

/** Adds what the public form said beside its claim. A form that is there already is left. */
export async function insertForm(tx: Tx, institution: string, row: FormRow): Promise<void> {
  await sql`
    insert into relief_claim_form (institution, claim, form, basis, alternative, contact, lookup_key, filed_at)
    values (${institution}, ${row.claim}, ${row.form}, ${row.basis}, ${row.alternative}, ${row.contact}, ${row.lookupKey}, ${row.filedAt})
    on conflict do nothing`.execute(tx);
}

/** The claim that one filling of the form made. */
export async function findForm(
  db: Db | Tx,
  institution: string,
  form: string,
): Promise<{ claim: string; filedAt: Date } | null> {
  const { rows } = await sql<{ claim: string; filedAt: Date }>`
    select claim, filed_at as "filedAt" from relief_claim_form where institution = ${institution} and form = ${form}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** How the claim of a form stands, for who has its code. */
export async function readForm(
  db: Db | Tx,
  institution: string,
  claim: string,
  lookupKey: string,
): Promise<{ state: ClaimState; filedAt: Date } | null> {
  const { rows } = await sql<{ state: ClaimState; filedAt: Date }>`
    select c.state, f.filed_at as "filedAt" from relief_claim_form f
    join relief_claim c on c.institution = f.institution and c.id = f.claim
    where f.institution = ${institution} and f.claim = ${claim} and f.lookup_key = ${lookupKey}`.execute(db);
  return rows[0] ?? null;
}

/** The sealed telephone numbers of a claim, newest first. */
export async function readContacts(db: Db | Tx, institution: string, claim: string): Promise<Buffer[]> {
  const { rows } = await sql<{ contact: Buffer }>`
    select contact from relief_claim_form
    where institution = ${institution} and claim = ${claim} and contact is not null order by filed_at desc`.execute(db);
  return rows.map(({ contact }) => contact);
}
