-- Policy packs that a company loaded, what persons decided about them, and every assessment ever made. Owner: criteria.
-- An assessment is never changed or replaced: another pack or other facts make another row beside it.

create table criteria_pack (
  institution text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  id text not null,
  version text not null,
  document jsonb not null,
  imported_by text not null,
  imported_at timestamptz not null,
  primary key (institution, digest)
);
create index criteria_pack_of on criteria_pack (institution, id);

create table criteria_pack_decision (
  institution text not null,
  nonce text not null,
  digest text not null,
  person text not null,
  role text not null,
  decision text not null check (decision in ('approve', 'return')),
  decided_at timestamptz not null,
  primary key (institution, nonce),
  foreign key (institution, digest) references criteria_pack (institution, digest)
);
create index criteria_pack_decision_of on criteria_pack_decision (institution, digest);

create table criteria_assessment (
  institution text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  run text not null,
  facts_digest text not null,
  pack_id text not null,
  pack_version text not null,
  pack_digest text not null,
  as_of text not null,
  facts jsonb not null,
  assessment jsonb not null,
  made_at timestamptz not null,
  -- The digest of the assessment is over facts, pack and time as well: the same question is answered once.
  primary key (institution, run, digest)
);
create index criteria_assessment_of on criteria_assessment (institution, run, made_at);

grant select, insert on criteria_pack, criteria_pack_decision, criteria_assessment to breakwater_app;
