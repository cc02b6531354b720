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

-- No foreign key: events are written by `run_append` alone, under the lease of their run, and a check of each would lock the
-- run's row once an event.
create table run_event (
  run text not null,
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

-- Appends events of one or more runs, in the order given, each only while its `p_epoch` is the run's (null: whoever owns
-- it, for facts that are true under any owner). Returns the sequence number of each event, null for one whose epoch is not
-- current: then nothing of it was written. Events of one run stand together, and runs are given in the order of their ids,
-- so that two writers never wait for each other. `p_at` are RFC 3339 texts in UTC with milliseconds; they and `p_data`
-- enter the hash as given.
create function run_append(p_run text[], p_epoch integer[], p_type text[], p_data text[], p_at text[]) returns integer[]
language plpgsql as $$
declare
  v_seqs integer[] := '{}';
  v_institution text;
  v_epoch integer;
  v_seq integer;
  v_prev bytea;
  v_head bytea;
begin
  for i in 1 .. cardinality(p_run) loop
    -- The head of the log moves with its lease, so the row is found only while the epoch is current.
    update run_lease set seq = seq + 1, head = sha256(convert_to(coalesce(encode(head, 'hex'), '') || E'\n' || p_run[i]
        || E'\n' || seq + 1 || E'\n' || epoch || E'\n' || p_type[i] || E'\n' || p_at[i] || E'\n' || p_data[i], 'UTF8'))
      where run = p_run[i] and (p_epoch[i] is null or epoch = p_epoch[i])
      returning institution, epoch, new.seq, old.head, new.head into v_institution, v_epoch, v_seq, v_prev, v_head;
    if not found then
      v_seqs := v_seqs || null::integer;
      continue;
    end if;
    insert into run_event (run, seq, institution, epoch, type, data, at, prev_hash, hash)
      values (p_run[i], v_seq, v_institution, v_epoch, p_type[i], p_data[i]::json, p_at[i]::timestamptz, v_prev, v_head);
    v_seqs := v_seqs || v_seq;
  end loop;
  return v_seqs;
end
$$;

grant select, insert on run, run_lease, run_event to breakwater_app;
grant update (ended_at, outcome) on run to breakwater_app;
grant update (owner, epoch, expires, seq, head) on run_lease to breakwater_app;
grant select, insert, update, delete on run_worker to breakwater_app;
