-- What is known of vulnerabilities in the wild, and what authors say of single products (VEX). Owner: advisory.

-- By CVE, of public lists: they belong to nobody.
create table advisory_signal (
  cve text primary key,
  kev_added date,
  kev_due date,
  ransomware boolean,
  epss real,
  epss_percentile real
);
create table advisory_signal_source (
  kind text primary key check (kind in ('kev', 'epss')),
  release text not null,
  digest text not null,
  entries integer not null,
  taken_at timestamptz not null
);

-- Filters on read: they never take a match away. `origin` is the document that is replaced by its next revision.
create table advisory_vex (
  id bigint generated always as identity primary key,
  institution text not null,
  origin text not null,
  author text not null,
  digest text not null,
  vulnerability text not null,
  statement jsonb not null
);
create index advisory_vex_vulnerability on advisory_vex (institution, vulnerability);
create index advisory_vex_origin on advisory_vex (institution, origin);

grant select, insert, update on advisory_signal, advisory_signal_source to breakwater_app;
grant select, insert, delete on advisory_vex to breakwater_app;
