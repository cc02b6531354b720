-- Persons who sign in: their roles, sessions and one-time links. Owner: platform/auth.

-- A name is for the screens of the company's own people; evidence and logs hold the pseudonym only.
alter table person add column name text check (length(name) between 1 and 200);
-- From then on they sign in no more.
alter table person add column disabled_at timestamptz;
grant update (name, disabled_at) on person to breakwater_app;

create table person_role (
  institution text not null,
  person text not null,
  role text not null,
  granted_by text not null,
  granted_at timestamptz not null,
  primary key (institution, person, role),
  foreign key (institution, person) references person (institution, id)
);

-- A browser that is signed in. The cookie is not here: only its hash, which signs nobody in.
create table person_session (
  institution text not null,
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  person text not null,
  method text not null,
  began_at timestamptz not null,
  -- When the person last showed who they are.
  authenticated_at timestamptz not null,
  last_used_at timestamptz not null,
  -- Absolute limit.
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  -- What the browser calls itself, cut short: so that a person knows their own sessions apart.
  agent text not null,
  foreign key (institution, person) references person (institution, id)
);
create index person_session_of on person_session (institution, person, began_at desc);

-- A link signs one person in, once. It is exchanged by POST, so that a preview of the link does not use it up.
create table sign_in_link (
  institution text not null,
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  person text not null,
  issued_by text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (institution, person) references person (institution, id)
);

grant select, insert, delete on person_role to breakwater_app;
grant select, insert, update, delete on person_session, sign_in_link to breakwater_app;
