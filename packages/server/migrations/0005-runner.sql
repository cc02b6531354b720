-- Runs: an append-only, hash-chained event log each, and the lease that says who may write to it. Owner: runner.

create table run (
  id text primary key,
  institution text not null,
  plan text not null,
  plan_hash text not null,
  mode text not null check (mode in ('live', 'rehearsal')),
  host text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  check ((ended_at is null) = (outcome is null))
);
-- A plan revision runs live once: a second start attaches to the first. A start that the gate refused does not count.
create unique index run_live_once on run (institution, plan_hash) where mode = 'live' and outcome is distinct from 'refused';
create index run_open on run (requested_at) where ended_at is null;

-- One row a run: who owns it, since which epoch, until when, and the head of its log. Appending updates this row, so a
-- writer with an older epoch finds it changed and writes nothing.
create table run_lease (
  run text primary key references run (id),
  institution text not null,
  owner text,
  epoch integer not null default 0,
  expires timestamptz,
  seq integer not null default -1,
  head bytea
);

create table run_event (
  run text not null references run (id),
  seq integer not null,
  institution text not null,
  epoch integer not null,
  type text not null,
  -- `json`, not `jsonb`: the hash is over these very bytes.
  data json not null,
  at timestamptz not null,
  prev_hash bytea,
  hash bytea not null,
  primary key (run, seq)
);

-- Workers that may own runs. A worker holds the session advisory lock `lock_key` on a connection of its own; the lock goes
-- when the connection breaks, `seen_at` grows old when the host is lost.
create table run_worker (
  id text primary key,
  lock_key bigint not null unique,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
);

-- Appends events to a run in one statement, only while `p_epoch` is its epoch (null: whoever owns it, for facts that are
-- true under any owner). Returns the sequence number of the first event, or null when the epoch is not current: then
-- nothing was written. `p_at` are RFC 3339 texts in UTC with milliseconds; they and `p_data` enter the hash as given.
create function run_append(p_run text, p_epoch integer, p_types text[], p_data text[], p_at text[]) returns integer
language plpgsql as $$
declare
  v_lease run_lease;
  v_prev bytea;
  v_hash bytea;
  v_seq integer;
begin
  select * into v_lease from run_lease where run = p_run and (p_epoch is null or epoch = p_epoch) for update;
  if not found then
    return null;
  end if;
  v_prev := v_lease.head;
  v_seq := v_lease.seq;
  for i in 1 .. cardinality(p_types) loop
    v_seq := v_seq + 1;
    v_hash := sha256(convert_to(concat_ws(E'\n', coalesce(encode(v_prev, 'hex'), ''), p_run, v_seq, v_lease.epoch,
      p_types[i], p_at[i], p_data[i]), 'UTF8'));
    insert into run_event (run, seq, institution, epoch, type, data, at, prev_hash, hash)
    values (p_run, v_seq, v_lease.institution, v_lease.epoch, p_types[i], p_data[i]::json, p_at[i]::timestamptz, v_prev, v_hash);
    v_prev := v_hash;
  end loop;
  update run_lease set seq = v_seq, head = v_prev where run = p_run;
  return v_lease.seq + 1;
end
$$;

grant select, insert on run, run_lease, run_event to breakwater_app;
grant update (ended_at, outcome) on run to breakwater_app;
grant update (owner, epoch, expires, seq, head) on run_lease to breakwater_app;
grant select, insert, update, delete on run_worker to breakwater_app;
