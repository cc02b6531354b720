-- Editions of dossiers, and copies that individuals ask for. Owner: review.

-- null: the dossier itself.
alter table review_dossier add column edition text check (edition in ('en'));

-- A request for a copy of what concerns one's own acts, and what became of it. `received`: where the request itself is kept.
create table review_copy (
  institution text not null,
  id uuid not null,
  run text not null,
  person text not null,
  received text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  manifest text check (manifest ~ '^sha256:[0-9a-f]{64}$'),
  file text,
  zip_sha256 text check (zip_sha256 ~ '^[0-9a-f]{64}$'),
  refusal text,
  answered_by text,
  answered_at timestamptz,
  primary key (institution, id)
);

grant select, insert on review_copy to breakwater_app;
grant update (manifest, file, zip_sha256, refusal, answered_by, answered_at) on review_copy to breakwater_app;
