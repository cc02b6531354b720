-- Relief: that it was prepared, the claims of consumers, and the ledgers of damage and leaked records. Owner: relief.

create table relief_preparation (
  institution text not null,
  plan text not null,
  prepared_at timestamptz not null,
  claims_until timestamptz not null,
  contact text not null,
  prepared_by text not null,
  primary key (institution, plan)
);

-- One row a run: the parts of the damage that no claim tells, as persons attest them, and whether all failed transactions
-- were looked at. Whoever changes the claims of a run locks this row, so that the ledger's records add up.
create table relief_ledger (
  institution text not null,
  run text not null,
  is_complete boolean not null default false,
  attested jsonb not null default '{}',
  leaks jsonb,
  primary key (institution, run)
);

-- `subject` (a pseudonym) and `reference` (the transaction) can be erased; their keyed hashes stay and find doubles.
create table relief_claim (
  institution text not null,
  id text not null,
  run text,
  source text not null check (source in ('proactive', 'filed')),
  service text not null,
  occurred_at timestamptz not null,
  subject text,
  subject_key text not null,
  reference text,
  reference_key text,
  amount_low bigint,
  amount_high bigint,
  opened_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'refused', 'paid')),
  decided_amount bigint,
  decided_by text,
  decided_at timestamptz,
  reason text,
  paid_amount bigint,
  paid_at timestamptz,
  payment text,
  primary key (institution, id),
  check (amount_low >= 0 and (amount_high is null or amount_high >= amount_low)),
  check ((state = 'open') = (decided_at is null)),
  check ((state = 'paid') = (paid_at is not null))
);
create index relief_claim_of on relief_claim (institution, run, opened_at, id);
create unique index relief_claim_reference on relief_claim (institution, reference_key) where reference_key is not null;

grant select, insert on relief_preparation, relief_ledger, relief_claim to breakwater_app;
grant update (is_complete, attested, leaks) on relief_ledger to breakwater_app;
grant update (state, decided_amount, decided_by, decided_at, reason, paid_amount, paid_at, payment, subject, reference)
  on relief_claim to breakwater_app;
