-- Passkeys: for signing in, and, once a second person has enrolled one, as operator keys. Owner: platform/auth.

create table passkey (
  institution text not null,
  -- base64url, as browsers name it.
  credential text not null,
  person text not null,
  -- COSE key, as the authenticator gave it.
  cose_key bytea not null,
  -- SHA-256 of the same key in SPKI DER: how it is named once it is an operator key.
  key text not null check (key ~ '^sha256:[0-9a-f]{64}$'),
  public_key text not null,
  rp_id text not null,
  origin text not null,
  counter bigint not null,
  transports text[] not null,
  -- False: the key does not leave its device. Only such a one may decide.
  is_synced boolean not null,
  aaguid text not null,
  label text not null,
  registered_at timestamptz not null,
  last_used_at timestamptz,
  removed_at timestamptz,
  primary key (institution, credential),
  foreign key (institution, person) references person (institution, id)
);
create index passkey_of on passkey (institution, person);

-- What a browser was asked to sign: once, within five minutes.
create table passkey_challenge (
  institution text not null,
  challenge text not null,
  purpose text not null check (purpose in ('register', 'sign-in')),
  person text,
  expires_at timestamptz not null,
  primary key (institution, challenge)
);

-- Where a passkey answers; null: an ordinary key.
alter table operator_key add column webauthn jsonb;

-- Enrolments that wait for a second person.
create table key_proposal (
  institution text not null,
  key text not null,
  statement jsonb not null,
  possession jsonb not null,
  proposed_at timestamptz not null,
  primary key (institution, key)
);

grant select, insert on passkey to breakwater_app;
grant update (counter, last_used_at, removed_at) on passkey to breakwater_app;
grant select, insert, delete on passkey_challenge, key_proposal to breakwater_app;
