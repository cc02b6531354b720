-- Security tests: what their cages reported, what they tried outside their scope, what they found, and who was told. Owner:
-- containment.

-- A run that anything is known of. `begun_at` orders runs: the earliest instant that was told of it.
create table containment_run (
  institution text not null,
  run text not null,
  begun_at timestamptz not null,
  primary key (institution, run)
);

-- One row a cage: a run may have several tests, and a cage several tools one after the other. `names` are the scope's pinned
-- names, for findings that are about names.
create table containment_report (
  institution text not null,
  run text not null,
  step text not null,
  tools text[] not null,
  report jsonb not null,
  names jsonb not null,
  recorded_at timestamptz not null default now(),
  primary key (institution, run, step)
);

create table containment_attempt (
  id bigint generated always as identity primary key,
  institution text not null,
  run text not null,
  address text not null,
  port integer,
  protocol text not null,
  packets bigint not null,
  at timestamptz not null
);
create index containment_attempt_of on containment_attempt (institution, run, id);

-- One row a sighting: the same fingerprint seen by two tools or in two runs has two.
create table containment_finding (
  id bigint generated always as identity primary key,
  institution text not null,
  run text not null,
  fingerprint text not null,
  tool text not null,
  rule text not null,
  asset text not null,
  protocol text not null,
  port integer,
  level text check (level in ('critical', 'high', 'medium', 'low', 'info')),
  record jsonb not null,
  unique (institution, run, fingerprint, tool, rule)
);
create index containment_finding_of on containment_finding (institution, fingerprint);

-- Fingerprints that only the restricted group may read: one critical sighting is enough, whoever else graded it lower.
create table containment_restricted (
  institution text not null,
  fingerprint text not null,
  run text not null,
  since timestamptz not null,
  primary key (institution, fingerprint)
);

-- What is told to people at once. A restricted page is told to the restricted group only.
create table containment_page (
  id bigint generated always as identity primary key,
  institution text not null,
  kind text not null check (kind in ('attempt', 'restricted')),
  body jsonb not null,
  at timestamptz not null
);
create index containment_page_of on containment_page (institution, kind, id);

create table containment_delivery (
  page bigint not null references containment_page,
  webhook text not null,
  delivered_at timestamptz not null,
  primary key (page, webhook)
);

-- Acts in the restricted group: the evidence log holds the digest of salt and details, which only this table opens.
create table containment_restricted_act (
  id bigint generated always as identity primary key,
  institution text not null,
  digest text not null,
  salt text not null,
  details jsonb not null,
  at timestamptz not null
);

grant select, insert on containment_run, containment_report, containment_attempt, containment_finding, containment_restricted,
  containment_page, containment_delivery, containment_restricted_act to breakwater_app;
grant update (begun_at) on containment_run to breakwater_app;
