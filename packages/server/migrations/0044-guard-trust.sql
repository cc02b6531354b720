-- How servers, levers and execution hosts on other machines know each other: certificates of the company's own authority. Owner: guard.

-- One-time codes by which a host enrols itself; only their hashes are kept.
create table host_invitation (
  institution text not null,
  code_hash bytea not null check (length(code_hash) = 32),
  host text not null,
  invited_by text not null,
  expires_at timestamptz not null,
  primary key (institution, code_hash)
);

create table host_certificate (
  institution text not null,
  serial text not null,
  role text not null check (role in ('server', 'host', 'lever')),
  name text not null,
  issued_by text not null,
  issued_at timestamptz not null,
  not_after timestamptz not null,
  revoked_at timestamptz,
  primary key (institution, serial)
);
create index host_certificate_of on host_certificate (institution, role, name, issued_at);

grant select, insert, delete on host_invitation to breakwater_app;
grant select, insert on host_certificate to breakwater_app;
grant update (revoked_at) on host_certificate to breakwater_app;
