-- Advisories and the proof that an authority disseminated them. Owner: advisory.

create table advisory (
  institution text not null,
  id text not null,
  disseminated_by text not null,
  received_at timestamptz not null,
  proof text not null check (proof in ('proven', 'attested', 'absent')),
  vulnerabilities text[] not null,
  document text,
  recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (institution, id)
);

grant select, insert on advisory to breakwater_app;
