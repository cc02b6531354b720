-- The chain of a work's notices, what people decide about a notice, drafts, and what was seen of the public site. Owner: notice.

-- What the public calls a work: a plan's own id may tell what is patched.
create table notice_chain (
  institution text not null,
  plan text not null,
  year integer not null,
  serial integer not null check (serial > 0),
  primary key (institution, plan),
  unique (institution, year, serial)
);

-- One version. It is never changed: `hash` is over the hash of the version before and the document.
create table notice_version (
  institution text not null,
  plan text not null,
  version integer not null check (version > 0),
  notice text not null,
  document text not null check (document ~ '^sha256:[0-9a-f]{64}$'),
  previous text check (previous ~ '^sha256:[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^sha256:[0-9a-f]{64}$'),
  primary key (institution, plan, version),
  unique (institution, notice),
  foreign key (institution, plan) references notice_chain (institution, plan),
  foreign key (institution, notice) references notice (institution, id),
  check ((version = 1) = (previous is null))
);

-- What the pages said when they were made, as a digest: another one now means that they must be made again.
alter table notice_publication add column shown text;

-- A notice that is still written. Each save is a revision; the one that is submitted becomes a notice.
create table notice_draft (
  institution text not null,
  id text not null,
  plan text not null,
  run text,
  revision integer not null check (revision > 0),
  document jsonb not null,
  origin text not null check (origin in ('person', 'plan', 'trip')),
  drafted_by text not null,
  drafted_at timestamptz not null,
  saved_at timestamptz not null,
  notice text,
  discarded_at timestamptz,
  primary key (institution, id),
  foreign key (institution, notice) references notice (institution, id)
);
create index notice_draft_of_plan on notice_draft (institution, plan);

-- Signed decisions about a notice, by the digest of its document.
create table notice_decision (
  institution text not null,
  notice text not null,
  document text not null check (document ~ '^sha256:[0-9a-f]{64}$'),
  person text not null,
  role text not null,
  decision text not null check (decision in ('approve', 'return')),
  waiver text,
  at timestamptz not null,
  key text not null,
  nonce text not null,
  primary key (institution, notice, nonce),
  foreign key (institution, notice) references notice (institution, id)
);

-- What a stranger would have read on the public site.
create table notice_fetch (
  id bigint generated always as identity primary key,
  institution text not null,
  notice text not null,
  url text not null,
  fetched_at timestamptz not null,
  status integer,
  body text check (body ~ '^sha256:[0-9a-f]{64}$'),
  served_at text,
  certificate text,
  as_published boolean not null,
  failure text,
  foreign key (institution, notice) references notice (institution, id)
);
create index notice_fetch_of on notice_fetch (institution, notice, id);

-- What the probes of a running work last said of a service that notices name.
create table notice_service (
  institution text not null,
  service text not null,
  state text not null check (state in ('available', 'limited', 'down')),
  plan text not null,
  read_at timestamptz not null,
  primary key (institution, service)
);

grant select, insert on notice_chain, notice_version, notice_draft, notice_decision, notice_fetch, notice_service to breakwater_app;
grant update (revision, document, saved_at, notice, discarded_at) on notice_draft to breakwater_app;
grant update (state, plan, read_at) on notice_service to breakwater_app;
