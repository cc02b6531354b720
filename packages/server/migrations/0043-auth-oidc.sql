-- Identities at the company's own identity provider, and the break-glass account. Owner: platform/auth.

-- Whom a subject of an issuer is here. Nobody is let in whom an administrator has not linked.
create table person_identity (
  institution text not null,
  issuer text not null,
  subject text not null,
  person text not null,
  linked_by text not null,
  linked_at timestamptz not null,
  primary key (institution, issuer, subject),
  foreign key (institution, person) references person (institution, id)
);
create index person_identity_of on person_identity (institution, person);

-- A sign-in that is under way at the identity provider: once, within ten minutes, in one browser.
create table oidc_request (
  institution text not null,
  state_hash bytea not null check (length(state_hash) = 32),
  code_verifier text not null,
  nonce text not null,
  max_age integer not null,
  expires_at timestamptz not null,
  primary key (institution, state_hash)
);

-- The sealed code of the break-glass account; the newest one counts, once.
create table break_glass (
  institution text not null,
  id uuid primary key,
  code_hash bytea not null unique check (length(code_hash) = 32),
  -- Which is the newest, also of two that were sealed in one instant.
  ordinal bigint not null unique generated always as identity,
  sealed_by text not null,
  sealed_at timestamptz not null,
  used_at timestamptz
);

grant select, insert, delete on person_identity, oidc_request to breakwater_app;
grant select, insert on break_glass to breakwater_app;
grant update (used_at) on break_glass to breakwater_app;
