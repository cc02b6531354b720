-- Starts that are forbidden: since when, by whom, why, and who signed that they are allowed again. Owner: runner.

create table run_start_ban (
  id text primary key,
  institution text not null,
  begun_by text not null,
  begun_at timestamptz not null,
  -- The reason may follow later.
  reason text,
  note text,
  released_at timestamptz
);
-- One at a time: pulling the lever again adds to the ban that stands.
create unique index run_start_ban_standing on run_start_ban (institution) where released_at is null;

-- Two persons' signatures end a ban; each counts once.
create table run_start_release (
  ban text not null references run_start_ban (id),
  institution text not null,
  person text not null,
  signed_at timestamptz not null,
  primary key (ban, person)
);

grant select, insert on run_start_ban, run_start_release to breakwater_app;
grant update (reason, note, released_at) on run_start_ban to breakwater_app;
