-- Work plans as submitted, what persons decided about them, and what rehearsals measured. Owner: plan.

create table plan_revision (
  institution text not null,
  plan text not null,
  revision integer not null check (revision >= 1),
  plan_hash text not null check (plan_hash ~ '^sha256:[0-9a-f]{64}$'),
  author text not null,
  document jsonb not null,
  submitted_by text not null,
  submitted_at timestamptz not null,
  primary key (institution, plan, revision),
  -- The same bytes are the same revision: submitting them again adds nothing.
  unique (institution, plan_hash)
);

create table plan_decision (
  institution text not null,
  nonce text not null,
  plan_hash text not null,
  person text not null,
  decision text not null check (decision in ('approve', 'return')),
  decided_at timestamptz not null,
  is_author boolean not null,
  -- As it was signed: times keep their offsets.
  approval jsonb not null,
  -- A signed decision counts once, however often it is presented.
  primary key (institution, nonce),
  foreign key (institution, plan_hash) references plan_revision (institution, plan_hash)
);
create index plan_decision_of on plan_decision (institution, plan_hash);

create table plan_rehearsal (
  institution text not null,
  run text primary key,
  plan text not null,
  plan_hash text not null,
  host text not null,
  rehearsed_at timestamptz not null,
  passed boolean not null,
  result jsonb not null
);
create index plan_rehearsal_of on plan_rehearsal (institution, plan, rehearsed_at);

-- The live run of a revision, as far as plans need to know it. A start that the gate refused is none.
create table plan_run (
  institution text not null,
  plan_hash text not null,
  run text primary key,
  is_over boolean not null default false,
  foreign key (institution, plan_hash) references plan_revision (institution, plan_hash)
);
create index plan_run_of on plan_run (institution, plan_hash);

grant select, insert on plan_revision, plan_decision, plan_rehearsal, plan_run to breakwater_app;
grant update (is_over) on plan_run to breakwater_app;
grant delete on plan_run to breakwater_app;
