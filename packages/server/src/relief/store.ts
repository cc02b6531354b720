/** The SQL of claims: preparations, claims and the forms they came by. */
import { sql } from 'kysely';
import type { ClaimTotals, Decision, EvidenceItem, Range, ReasonCode } from '@breakwater/rules/relief';
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
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as u (id text, run text, source text, service text,
        occurred_at timestamptz, subject text, subject_key text, reference text, reference_key text, amount_low bigint,
        amount_high bigint, opened_at timestamptz)
    ), added as (
      insert into relief_claim (institution, id, run, source, service, occurred_at, subject_key, reference_key, amount_low,
        amount_high, opened_at)
      select ${institution}, id, run, source, service, occurred_at, subject_key, reference_key, amount_low, amount_high, opened_at
      from given on conflict do nothing returning id
    ), told as (
      insert into relief_claim_subject (institution, claim, subject, reference)
      select ${institution}, g.id, g.subject, g.reference from given g join added a on a.id = g.id
    )
    select id from added`.execute(tx);
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
  code: ReasonCode | null;
  secondBy: string | null;
  proposal: Proposal | null;
  paidAmount: number | null;
  paidAt: Date | null;
  toldAt: Date | null;
  appeals: number;
};

/** A decision that waits for a second person. */
export type Proposal = {
  decision: Decision;
  amount: number;
  code: ReasonCode | null;
  reason: string | null;
  by: string;
  at: string;
};

const claimColumns = sql`id, run, source, service, occurred_at as "occurredAt", amount_low as "amountLow",
  amount_high as "amountHigh", opened_at as "openedAt", state, decided_amount as "decidedAmount", decided_by as "decidedBy",
  decided_at as "decidedAt", reason, code, second_by as "secondBy", proposal, paid_amount as "paidAmount", paid_at as "paidAt",
  told_at as "toldAt", appeals`;

/** A claim; with `lock`, no other transaction changes it until this one ends. */
export async function readClaim(db: Db | Tx, institution: string, id: string, lock = false): Promise<ClaimRow | null> {
  const { rows } = await sql<ClaimRow>`
    select ${claimColumns} from relief_claim where institution = ${institution} and id = ${id}
    ${lock ? sql`for update` : sql``}`.execute(db);
  return rows[0] ?? null;
}

/** The claim that a customer filed of the same minute of the same service without naming a transaction, if it is open. */
export async function findSameClaim(
  tx: Tx,
  institution: string,
  { subjectKey, service, occurredAt }: Pick<NewClaim, 'subjectKey' | 'service' | 'occurredAt'>,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from relief_claim where institution = ${institution} and subject_key = ${subjectKey} and service = ${service}
      and reference_key is null and state = 'open'
      and date_trunc('minute', occurred_at) = date_trunc('minute', ${occurredAt}::timestamptz)
    order by opened_at limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}

/** The claim of a transaction, by the transaction's key. */
export async function findClaim(db: Db | Tx, institution: string, referenceKey: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from relief_claim where institution = ${institution} and reference_key = ${referenceKey}`.execute(db);
  return rows[0]?.id ?? null;
}

export type ClaimFilter = {
  run?: string | undefined;
  /** Of no run yet. */
  unmatched?: boolean | undefined;
  /** Decided by one person, and waiting for the second. */
  proposed?: boolean | undefined;
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
      and (${filter.unmatched ?? false}::boolean = false or run is null)
      and (${filter.proposed ?? false}::boolean = false or proposal is not null)
      and (${filter.state ?? null}::text is null or state = ${filter.state ?? null})
      and (${filter.source ?? null}::text is null or source = ${filter.source ?? null})
      and (${after}::text is null or (opened_at, id) > (select a.opened_at, a.id from relief_claim a
        where a.institution = ${institution} and a.id = ${after}))
    order by opened_at, id limit ${limit}`.execute(db);
  return rows;
}

export type NewDecision = {
  id: string;
  state: Decision;
  amount: number;
  by: string;
  reason: string | null;
  code: ReasonCode | null;
  secondBy: string | null;
};

/** Decides open claims. */
export async function decideClaims(
  tx: Tx,
  institution: string,
  decided: readonly NewDecision[],
  at: Date,
): Promise<void> {
  await sql`
    update relief_claim c set state = u.state, decided_amount = u.amount, decided_by = u.by, decided_at = ${at},
      reason = u.reason, code = u.code, second_by = u."secondBy", proposal = null
    from jsonb_to_recordset(${JSON.stringify(decided)}::jsonb) as u (id text, state text, amount bigint, by text,
      reason text, code text, "secondBy" text)
    where c.institution = ${institution} and c.id = u.id and c.state = 'open'`.execute(tx);
}

/** Sets or takes away the decision that waits for a second person. */
export async function setProposal(tx: Tx, institution: string, id: string, proposal: Proposal | null): Promise<void> {
  await sql`
    update relief_claim set proposal = ${proposal === null ? null : JSON.stringify(proposal)}::jsonb
    where institution = ${institution} and id = ${id} and state = 'open'`.execute(tx);
}

/** Opens a decided claim again for `asked`. What was paid stays paid, and is what it comes to at least. */
export async function reopenClaim(tx: Tx, institution: string, id: string, asked: Range | null): Promise<void> {
  await sql`
    update relief_claim set state = 'open', decided_amount = null, decided_by = null, decided_at = null, reason = null,
      code = null, second_by = null, proposal = null, paid_at = null, told_at = null, reminded = null, appeals = appeals + 1,
      amount_low = greatest(coalesce(paid_amount, 0), ${asked?.low ?? 0}), amount_high = ${asked?.high ?? null}
    where institution = ${institution} and id = ${id} and state <> 'open'`.execute(tx);
}

/** Raises what an open claim may come to at most; null = nobody knows. Answers the new range, or null when it was enough. */
export async function raiseClaim(tx: Tx, institution: string, id: string, high: number): Promise<Range | null> {
  const { rows } = await sql<{ low: number; high: number }>`
    update relief_claim set amount_low = coalesce(amount_low, 0), amount_high = ${high}
    where institution = ${institution} and id = ${id} and state = 'open'
      and (amount_low is null or (amount_high is not null and amount_high < ${high}))
    returning amount_low as low, amount_high as high`.execute(tx);
  return rows[0] ?? null;
}

/** Keeps what accepted claims have been paid in all, and which of them that makes whole. */
export async function payClaims(
  tx: Tx,
  institution: string,
  paid: readonly { id: string; total: number; isWhole: boolean; payment: string }[],
  at: Date,
): Promise<void> {
  await sql`
    update relief_claim c set paid_amount = u.total, payment = u.payment,
      state = case when u."isWhole" then 'paid' else 'accepted' end,
      paid_at = case when u."isWhole" then ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(paid)}::jsonb) as u (id text, total bigint, "isWhole" boolean, payment text)
    where c.institution = ${institution} and c.id = u.id and c.state = 'accepted'`.execute(tx);
}

export type ClaimFigures = ClaimTotals & {
  open: number;
  accepted: number;
  refused: number;
  paid: number;
  unpaidAmount: number;
};

/** The claims of a run, counted and summed. `accepted` counts the paid ones too. */
export async function sumClaims(db: Db | Tx, institution: string, run: string): Promise<ClaimFigures> {
  type Row = Omit<ClaimFigures, 'openHigh' | 'estimatedHigh'> & { openHigh: number; estimatedHigh: number };
  const { rows } = await sql<Row & { boundless: number; boundlessEstimates: number }>`
    select count(*) as count,
      count(*) filter (where state = 'open') as open,
      count(*) filter (where state in ('accepted', 'paid')) as accepted,
      count(*) filter (where state = 'refused') as refused,
      count(*) filter (where state = 'paid') as paid,
      coalesce(sum(amount_low) filter (where state = 'open'), 0)::bigint as "openLow",
      coalesce(sum(amount_high) filter (where state = 'open'), 0)::bigint as "openHigh",
      count(*) filter (where state = 'open' and amount_high is null) as boundless,
      coalesce(sum(amount_low) filter (where state = 'open' and source = 'proactive'), 0)::bigint as "estimatedLow",
      coalesce(sum(amount_high) filter (where state = 'open' and source = 'proactive'), 0)::bigint as "estimatedHigh",
      count(*) filter (where state = 'open' and source = 'proactive' and amount_high is null) as "boundlessEstimates",
      coalesce(sum(paid_amount), 0)::bigint as "paidAmount",
      coalesce(sum(decided_amount - coalesce(paid_amount, 0)) filter (where state = 'accepted'), 0)::bigint as "unpaidAmount",
      coalesce(sum(decided_amount) filter (where state in ('accepted', 'paid')), 0)::bigint as "acceptedAmount"
    from relief_claim where institution = ${institution} and run = ${run}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate has one row');
  const { boundless, boundlessEstimates, openHigh, estimatedHigh, ...figures } = row;
  return {
    ...figures,
    openHigh: boundless > 0 ? null : openHigh,
    estimatedHigh: boundlessEstimates > 0 ? null : estimatedHigh,
  };
}

/** Erases who claimed, which transactions, and where they can be reached; keyed hashes stay. Returns how many claims there were. */
export async function eraseSubjects(tx: Tx, institution: string, run: string): Promise<number> {
  await sql`
    update relief_claim_form f set contact = null from relief_claim c
    where f.institution = ${institution} and f.contact is not null
      and c.institution = f.institution and c.id = f.claim and c.run = ${run}`.execute(tx);
  const { rows } = await sql`
    delete from relief_claim_subject s using relief_claim c
    where s.institution = ${institution} and c.institution = s.institution and c.id = s.claim and c.run = ${run}
    returning s.claim`.execute(tx);
  return rows.length;
}

/** Whom a claim is about: the pseudonym and the transaction, or null when they were erased. */
export async function readSubject(
  db: Db | Tx,
  institution: string,
  claim: string,
): Promise<{ subject: string | null; reference: string | null } | null> {
  const { rows } = await sql<{ subject: string | null; reference: string | null }>`
    select subject, reference from relief_claim_subject where institution = ${institution} and claim = ${claim}`.execute(
    db,
  );
  return rows[0] ?? null;
}

export type FormRow = {
  claim: string;
  form: string;
  basis: string;
  alternative: string;
  contact: Buffer | null;
  lookupKey: string;
  filedAt: Date;
  evidence: EvidenceItem[];
};

/** Adds what the public form said beside its claim. A form that is there already is left. */
export async function insertForm(tx: Tx, institution: string, row: FormRow): Promise<void> {
  await sql`
    insert into relief_claim_form (institution, claim, form, basis, alternative, contact, lookup_key, filed_at, evidence)
    values (${institution}, ${row.claim}, ${row.form}, ${row.basis}, ${row.alternative}, ${row.contact}, ${row.lookupKey},
      ${row.filedAt}, ${JSON.stringify(row.evidence)})
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

type StandingRow = {
  state: ClaimState;
  filedAt: Date;
  toldAt: Date | null;
  amount: number | null;
  code: ReasonCode | null;
};

/** How many claims a customer filed since a time. */
export async function countFilings(db: Db | Tx, institution: string, subjectKey: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from relief_claim
    where institution = ${institution} and subject_key = ${subjectKey} and source = 'filed' and opened_at > ${since}`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** How the claim of a form stands, for who has its code. */
export async function readForm(
  db: Db | Tx,
  institution: string,
  claim: string,
  lookupKey: string,
): Promise<StandingRow | null> {
  const { rows } = await sql<StandingRow>`
    select c.state, f.filed_at as "filedAt", c.told_at as "toldAt", c.decided_amount as amount, c.code from relief_claim_form f
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

/** What was said beside a claim each time that it was filed; whether a number can be called back stands for the number. */
export type StatementRow = {
  basis: string;
  alternative: string;
  evidence: EvidenceItem[];
  filedAt: Date;
  hasContact: boolean;
};

export async function readStatements(db: Db | Tx, institution: string, claim: string): Promise<StatementRow[]> {
  const { rows } = await sql<StatementRow>`
    select basis, alternative, evidence, filed_at as "filedAt", contact is not null as "hasContact" from relief_claim_form
    where institution = ${institution} and claim = ${claim} order by filed_at`.execute(db);
  return rows;
}

export type PayableClaim = {
  id: string;
  run: string | null;
  subject: string | null;
  owed: number;
  decidedAt: Date;
  decidedBy: string;
  secondBy: string | null;
  code: string | null;
};

/** Accepted claims that are not paid in full, in the order of their ids, after the claim `after`. */
export async function readPayable(
  db: Db | Tx,
  institution: string,
  run: string | null,
  after: string | null,
  limit: number,
): Promise<PayableClaim[]> {
  const { rows } = await sql<PayableClaim>`
    select c.id, c.run, s.subject, c.decided_amount - coalesce(c.paid_amount, 0) as owed, c.decided_at as "decidedAt",
      c.decided_by as "decidedBy", c.second_by as "secondBy", c.code
    from relief_claim c left join relief_claim_subject s on s.institution = c.institution and s.claim = c.id
    where c.institution = ${institution} and c.state = 'accepted' and (${run}::text is null or c.run = ${run})
      and (${after}::text is null or c.id > ${after})
    order by c.id limit ${limit}`.execute(db);
  return rows;
}
