-- Persons of an institution, their signing keys, and the tokens by which they reach the API. Owner: platform/auth.

create table person (
  institution text not null,
  -- A pseudonym (`p-17`): the only form in which a person enters the evidence log.
  id text not null,
  enrolled_at timestamptz not null default now(),
  primary key (institution, id)
);

create table operator_key (
  institution text not null,
  -- SHA-256 of the public key in SPKI DER.
  key text not null check (key ~ '^sha256:[0-9a-f]{64}$'),
  person text not null,
  role text not null,
  public_key text not null,
  enrolled_by text not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  primary key (institution, key),
  foreign key (institution, person) references person (institution, id),
  check (person <> enrolled_by),
  check (valid_from < valid_to)
);
create index operator_key_of on operator_key (institution, person);

-- Signed statements that were accepted once; presenting one again changes nothing.
create table used_nonce (
  institution text not null,
  nonce text not null,
  used_at timestamptz not null default now(),
  primary key (institution, nonce)
);

grant select, insert on person, operator_key, used_nonce to breakwater_app;
grant update (revoked_at, revoked_by) on operator_key to breakwater_app;
