-- What an institution has: services, their modules, assets, and the components on them. Owner: inventory.

-- Packages and their versions, each once whatever has them: matches are about these. They belong to nobody.
create table inventory_package (
  id bigint generated always as identity primary key,
  type text not null,
  name text not null unique
);

-- `vkey` orders versions of a package byte by byte; null when the version has no place in the order. `distro` is '' where there is
-- none or it is not known.
create table inventory_component_version (
  id bigint generated always as identity primary key,
  package bigint not null references inventory_package,
  version text not null,
  distro text not null,
  vkey bytea,
  key_revision integer not null,
  unique (package, version, distro)
);
create index inventory_component_version_key on inventory_component_version (package, vkey);

-- One row an import that was applied.
create table inventory_import (
  id bigint generated always as identity primary key,
  institution text not null,
  source text not null,
  format text not null,
  digest text not null,
  counts jsonb not null,
  imported_by text not null,
  imported_at timestamptz not null
);
create index inventory_import_of on inventory_import (institution, source, id);

create table inventory_service (
  institution text not null,
  id text not null,
  record jsonb not null,
  source text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  gone_at timestamptz,
  primary key (institution, id)
);

create table inventory_module (
  institution text not null,
  id text not null,
  service text not null,
  record jsonb not null,
  source text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  gone_at timestamptz,
  primary key (institution, id)
);
create index inventory_module_service on inventory_module (institution, service);

-- `record` as its source states it. `modules`: what runs on it.
create table inventory_asset (
  institution text not null,
  id text not null,
  record jsonb not null,
  modules text[] not null default '{}',
  addresses text[] not null default '{}',
  end_of_life date,
  source text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  gone_at timestamptz,
  primary key (institution, id)
);
create index inventory_asset_modules on inventory_asset using gin (modules);
create index inventory_asset_addresses on inventory_asset using gin (addresses);

-- A component on an asset, as one source saw it. A binary package and the source it was built from are two rows of one `ref`.
create table inventory_occurrence (
  id bigint generated always as identity primary key,
  institution text not null,
  asset text not null,
  source text not null,
  ref text not null,
  role text not null check (role in ('itself', 'source', 'cpe')),
  component_version bigint not null references inventory_component_version,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  gone_at timestamptz
);
create unique index inventory_occurrence_once on inventory_occurrence (institution, asset, source, ref, role, component_version);
create index inventory_occurrence_of on inventory_occurrence (component_version, institution) where gone_at is null;

-- Components that a source names without a version that could be matched: they are shown, and match nothing.
create table inventory_unmatched (
  institution text not null,
  asset text not null,
  source text not null,
  ref text not null,
  name text not null,
  version text,
  why text not null,
  primary key (institution, asset, source, ref)
);

-- A port that listens.
create table inventory_listener (
  institution text not null,
  asset text not null,
  source text not null,
  address text not null,
  protocol text not null,
  port integer not null,
  record jsonb not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  gone_at timestamptz,
  primary key (institution, asset, source, address, protocol, port)
);

-- Ends of support by package and prefix of its version.
create table inventory_end_of_life (
  package text not null,
  version_prefix text not null,
  ends_on date not null,
  document text not null,
  primary key (package, version_prefix)
);

grant select, insert on inventory_package, inventory_component_version, inventory_import, inventory_service, inventory_module,
  inventory_asset, inventory_occurrence, inventory_unmatched, inventory_listener, inventory_end_of_life to breakwater_app;
grant update (vkey, key_revision) on inventory_component_version to breakwater_app;
grant update on inventory_service, inventory_module, inventory_asset, inventory_listener, inventory_end_of_life to breakwater_app;
grant update (last_seen, gone_at) on inventory_occurrence to breakwater_app;
grant delete on inventory_unmatched, inventory_end_of_life to breakwater_app;
