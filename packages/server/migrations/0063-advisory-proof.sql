-- The proof that an authority disseminated: pinned keys, and what was received with which verdict. Owner: advisory.

-- Keys are pinned by hand after their fingerprint was compared over another way; a key that came with a document proves nothing.
create table advisory_authority_key (
  institution text not null,
  authority text not null,
  fingerprint text not null,
  armored text not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  revoked_at timestamptz,
  pinned_by text not null,
  pinned_at timestamptz not null,
  primary key (institution, authority, fingerprint)
);

-- What was received, as it was received. The verdict is of the time of receipt and is never made anew. `key` is the armored key that
-- it was made with, so that it can be made again for that time.
create table advisory_dissemination (
  institution text not null,
  id text not null,
  authority text not null,
  channel text not null check (channel in ('csaf', 'taxii', 'letter', 'portal', 'mail')),
  document bytea not null,
  sha256 text not null,
  sha512 text not null,
  signature bytea,
  fingerprint text,
  key text,
  proof text not null check (proof in ('proven', 'absent')),
  doubt text,
  received_at timestamptz not null,
  vulnerabilities text[] not null,
  remediation text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  primary key (institution, id)
);

-- Two named persons who read the same ids in an unsigned document attest it.
create table advisory_transcript (
  institution text not null,
  dissemination text not null,
  person text not null,
  vulnerabilities text[] not null,
  at timestamptz not null,
  primary key (institution, dissemination, person)
);

grant select, insert on advisory_authority_key, advisory_dissemination, advisory_transcript to breakwater_app;
grant update (revoked_at) on advisory_authority_key to breakwater_app;
