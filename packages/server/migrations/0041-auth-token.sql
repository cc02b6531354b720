-- Tokens of machines, and answers that are given again to a request that is sent again. Owners: platform/auth, platform/http.

create table api_token (
  institution text not null,
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  -- What it is for, in the words of who issued it: no secret, no person.
  label text not null,
  -- Actions that it may do, and no others.
  scope text[] not null check (cardinality(scope) > 0),
  issued_by text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text
);
create index api_token_of on api_token (institution, issued_at desc);
grant select, insert on api_token to breakwater_app;
grant update (revoked_at, revoked_by) on api_token to breakwater_app;

-- No state that anything is concluded from: without it a request that is sent again is carried out again.
create table http_answer (
  institution text not null,
  caller text not null,
  key text not null,
  -- SHA-256 over method, address and body: the same key with another request is a mistake.
  request_hash bytea not null check (length(request_hash) = 32),
  begun_at timestamptz not null,
  status integer,
  media_type text,
  body text,
  primary key (institution, caller, key)
);
create index http_answer_age on http_answer (begun_at);
grant select, insert, update, delete on http_answer to breakwater_app;
