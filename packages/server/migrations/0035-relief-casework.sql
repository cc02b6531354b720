-- Relief from the filing to the last appeal: whom a claim is about apart from the claim, decisions by two persons, links to
-- what happened, damage and leaks row by row, clocks and events. Owner: relief.

-- Who claims and which transaction, apart from the claim: erasing is one row, and whoever works on claims need not read it.
create table relief_claim_subject (
  institution text not null,
  claim text not null,
  subject text,
  reference text,
  primary key (institution, claim),
  foreign key (institution, claim) references relief_claim (institution, id)
);
insert into relief_claim_subject (institution, claim, subject, reference)
  select institution, id, subject, reference from relief_claim where subject is not null or reference is not null;
alter table relief_claim drop column subject, drop column reference;

-- `proposal`: what one person decided while a second one must still sign. `reminded`: the newest step that was said.
-- `telling`: the notice by which the result is being told.
alter table relief_claim
  add column code text,
  add column second_by text,
  add column proposal jsonb,
  add column reminded text,
  add column told_at timestamptz,
  add column telling text,
  add column appeals integer not null default 0;
create index relief_claim_by_subject on relief_claim (institution, subject_key, service);
create index relief_claim_untold on relief_claim (institution, opened_at) where told_at is null;

-- Claims that wait to be linked to what happened and to be counted in the ledger of their run.
create table relief_arrival (
  institution text not null,
  claim text not null,
  arrived_at timestamptz not null,
  tried_at timestamptz,
  primary key (institution, claim),
  foreign key (institution, claim) references relief_claim (institution, id)
);

-- What a claim is shown by: source, digest, when it was obtained.
alter table relief_claim_form add column evidence jsonb not null default '[]';

create table relief_link (
  institution text not null,
  claim text not null,
  run text not null,
  disruption jsonb,
  distance_ms bigint,
  notices jsonb not null,
  alternatives jsonb not null,
  linked_at timestamptz not null,
  primary key (institution, claim),
  foreign key (institution, claim) references relief_claim (institution, id)
);

create table relief_escalation (
  institution text not null,
  claim text not null,
  authority text not null check (authority in ('fss', 'court')),
  case_number text not null,
  stage text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (institution, claim, authority, case_number, stage),
  foreign key (institution, claim) references relief_claim (institution, id)
);

-- Rows are added and never changed: the newest revision of a row stands. `is_known` false = nobody knows the amount yet.
create table relief_damage_row (
  institution text not null,
  run text not null,
  id text not null,
  revision integer not null check (revision >= 1),
  type text not null check (type in ('customer', 'company', 'thirdParty', 'goodwill', 'recourse')),
  state text not null check (state in ('claimed', 'estimated', 'accepted', 'paid')),
  is_known boolean not null,
  low bigint not null check (low >= 0),
  high bigint check (high is null or high >= low),
  evidence jsonb not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (institution, run, id, revision)
);
insert into relief_damage_row (institution, run, id, revision, type, state, is_known, low, high, evidence, recorded_by, recorded_at)
  select l.institution, l.run, 'attested-' || lower(p.key), 1, p.key, 'estimated', p.value <> 'null'::jsonb,
    coalesce((p.value ->> 'low')::bigint, 0), (p.value ->> 'high')::bigint, '[]', 'attested', now()
  from relief_ledger l, jsonb_each(l.attested) p where p.key in ('company', 'thirdParty', 'goodwill', 'recourse');

-- `step`: percent of the limit that the damage had reached. `changed_at`/`assessed_at`: whether a late fact waits.
alter table relief_ledger drop column attested;
alter table relief_ledger
  add column step integer not null default 0,
  add column changed_at timestamptz,
  add column assessed_at timestamptz;

create table relief_leak (
  institution text not null,
  run text not null,
  id text not null,
  revision integer not null check (revision >= 1),
  entry jsonb not null,
  class text not null check (class in ('personalCredit', 'other', 'unclassified')),
  special boolean,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (institution, id, revision)
);
create index relief_leak_of on relief_leak (institution, run);

create table relief_leak_duty (
  institution text not null,
  leak text not null,
  duty text not null,
  status text not null check (status in ('due', 'possible', 'lapsed')),
  due_at timestamptz not null,
  done_at timestamptz,
  reference text,
  done_by text,
  reminded text,
  primary key (institution, leak, duty)
);

create table relief_channel_attested (
  institution text not null,
  run text not null,
  service text not null,
  start_at timestamptz not null,
  end_at timestamptz not null check (end_at >= start_at),
  evidence jsonb not null,
  attested_by text not null,
  attested_at timestamptz not null,
  primary key (institution, run, service, start_at)
);

create table relief_policy (
  institution text not null,
  version integer not null check (version >= 1),
  document jsonb not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (institution, version)
);

create table relief_late_facts (
  institution text not null,
  run text not null,
  until timestamptz not null,
  reason text not null,
  extended_by text not null,
  extended_at timestamptz not null,
  primary key (institution, run, until)
);

-- What people are told of: steps of damage, ends of time, late facts. `key` makes each event happen once.
create table relief_event (
  institution text not null,
  id bigint generated always as identity primary key,
  key text not null,
  kind text not null,
  run text,
  subject text,
  detail jsonb not null,
  at timestamptz not null,
  unique (institution, key)
);

grant select, insert on relief_claim_subject, relief_arrival, relief_link, relief_escalation, relief_damage_row, relief_leak,
  relief_leak_duty, relief_channel_attested, relief_policy, relief_late_facts, relief_event to breakwater_app;
grant delete on relief_claim_subject, relief_arrival to breakwater_app;
grant update (tried_at) on relief_arrival to breakwater_app;
grant update (run, amount_low, amount_high, code, second_by, proposal, reminded, told_at, telling, appeals) on relief_claim to breakwater_app;
grant update (run, disruption, distance_ms, notices, alternatives, linked_at) on relief_link to breakwater_app;
grant update (step, changed_at, assessed_at) on relief_ledger to breakwater_app;
grant update (status, due_at, done_at, reference, done_by, reminded) on relief_leak_duty to breakwater_app;
