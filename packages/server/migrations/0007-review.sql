-- What the applicant declares about a run, how causes of disruptions were classified, and which dossiers were sealed.
-- Owner: review. Declarations are only added to: a later one stands beside the earlier, and the newest speaks.

create table review_declaration (
  institution text not null,
  id bigint generated always as identity,
  run text not null,
  subject text not null,
  declared jsonb not null,
  declared_by text not null,
  declared_at timestamptz not null,
  primary key (institution, id)
);
create index review_declaration_of on review_declaration (institution, run, id);

create table review_cause (
  institution text not null,
  id bigint generated always as identity,
  run text not null,
  disruption text not null,
  cause text not null check (cause in ('work', 'mixed', 'other')),
  evidence jsonb not null,
  classified_by text not null,
  classified_at timestamptz not null,
  primary key (institution, id)
);
create index review_cause_of on review_cause (institution, run, id);

-- A sealed dossier: which file, over which half-open range of the log. The bytes stand in the data folder under the
-- digest of the manifest; making the same dossier again adds nothing.
create table review_dossier (
  institution text not null,
  manifest text not null check (manifest ~ '^sha256:[0-9a-f]{64}$'),
  run text not null,
  first_index bigint not null check (first_index >= 0),
  end_index bigint not null check (end_index > first_index),
  file text not null,
  zip_sha256 text not null check (zip_sha256 ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz not null,
  primary key (institution, manifest)
);
create index review_dossier_of on review_dossier (institution, run, sealed_at);

grant select, insert on review_declaration, review_cause, review_dossier to breakwater_app;
