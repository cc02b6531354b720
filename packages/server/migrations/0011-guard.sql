-- Execution hosts and what was taken from their journals. Owner: guard.

create table execution_host (
  institution text not null,
  host text not null,
  -- SPKI PEM of the key that signs journal heads.
  public_key text not null,
  enrolled_by text not null,
  enrolled_at timestamptz not null,
  primary key (institution, host)
);

-- What the host last said of itself: rewritten at each hello.
create table execution_host_seen (
  institution text not null,
  host text not null,
  boot text not null,
  protocol integer not null,
  level text not null,
  clock_offset_ms double precision not null,
  seen_at timestamptz not null,
  primary key (institution, host)
);

-- One row a run: how far its journal was taken, and the newest head the host signed. Locked while entries are taken.
-- The entries themselves are evidence, and events of the run.
create table guard_journal (
  run text primary key,
  institution text not null,
  host text not null,
  seq integer not null default -1,
  head text,
  promised_seq integer not null default -1,
  promised_hash text,
  promised_signature text,
  -- Up to where heads were put into the evidence log.
  sealed_seq integer not null default -1,
  -- Kinds of alarms that were raised: each once a run.
  alarms text[] not null default '{}'
);

grant select, insert on execution_host, execution_host_seen, guard_journal to breakwater_app;
grant update (public_key, enrolled_by, enrolled_at) on execution_host to breakwater_app;
grant update (boot, protocol, level, clock_offset_ms, seen_at) on execution_host_seen to breakwater_app;
grant update (seq, head, promised_seq, promised_hash, promised_signature, sealed_seq, alarms) on guard_journal to breakwater_app;
