-- Advisories in the form in which they are matched, and the matches. Owner: advisory.

-- Newest revision of each. `readers` not null: only these named persons may read it.
create table advisory_document (
  id bigint generated always as identity primary key,
  institution text not null,
  format text not null,
  publisher text not null,
  name text not null,
  revision text not null,
  published_at timestamptz,
  modified_at timestamptz,
  withdrawn_at timestamptz,
  title text not null,
  aliases text[] not null,
  vulnerabilities text[] not null,
  severities jsonb not null,
  tlp text,
  readers text[],
  notes jsonb not null,
  digest text not null,
  source text not null,
  imported_by text not null,
  imported_at timestamptz not null,
  unique (institution, format, publisher, name)
);
create index advisory_document_vulnerabilities on advisory_document using gin (vulnerabilities);
create index advisory_document_aliases on advisory_document using gin (aliases);

-- Versions `lo <= vkey < hi` of a package; `distro` '' = in every release. `exact` not null: that very text and nothing by key.
create table advisory_interval (
  id bigint generated always as identity primary key,
  institution text not null,
  document bigint not null references advisory_document,
  package bigint not null references inventory_package,
  distro text not null,
  lo bytea not null,
  hi bytea,
  exact text,
  certain boolean not null,
  key_revision integer not null,
  rule text not null,
  introduced text,
  is_open boolean not null,
  end_kind text,
  end_version text,
  vulnerability text,
  path text not null
);
create index advisory_interval_package on advisory_interval (package, lo);
create index advisory_interval_document on advisory_interval (document);

-- A version of a package that an advisory holds, whoever has it. Never one row an asset.
create table advisory_match (
  component_version bigint not null references inventory_component_version,
  document bigint not null references advisory_document,
  interval bigint not null,
  institution text not null,
  verdict text not null check (verdict in ('affected', 'undetermined')),
  doubt text,
  matched_by text not null,
  matched_at timestamptz not null,
  primary key (component_version, document)
);
create index advisory_match_document on advisory_match (document);

-- Runs of matching. `differences` of a nightly run: pairs by which the kept state was wrong; anything but none is an alarm.
create table advisory_match_run (
  id bigint generated always as identity primary key,
  institution text not null,
  kind text not null check (kind in ('component', 'advisory', 'revision', 'nightly', 'manual')),
  started_at timestamptz not null,
  milliseconds integer not null,
  matches bigint not null,
  added bigint not null,
  removed bigint not null,
  differences bigint
);
create index advisory_match_run_of on advisory_match_run (institution, id);

grant select, insert on advisory_document, advisory_interval, advisory_match, advisory_match_run to breakwater_app;
grant update on advisory_document to breakwater_app;
grant delete on advisory_interval, advisory_match to breakwater_app;
grant update (interval, verdict, doubt) on advisory_match to breakwater_app;
grant update (lo, hi, exact, certain, rule, key_revision) on advisory_interval to breakwater_app;
