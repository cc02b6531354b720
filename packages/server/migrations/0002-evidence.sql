-- The evidence log: what was appended, the Merkle tree over it, and what was signed about it. Owner: evidence.
--
-- Everything here is only added to. Three changes are allowed, each by its own trigger: a tile grows at its end, the
-- state of the tree moves forward, and a payload is erased by `evidence_erase`, which writes the record of it.

create function evidence_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'evidence is only added to: % of % is refused', tg_op, tg_table_name using errcode = 'EV001';
end
$$;

-- One row a record, written in the transaction whose change it records. `leaf` is the RFC 8785 form of the leaf, so the
-- very bytes that are hashed. Payload and salt stand apart from it: they can be erased while the leaf and every proof over
-- it stay valid. Nobody is granted `id` and `xid`: the sequencer reads in their order.
-- No CHECK constraints: each is prepared anew for every inserting statement and costs half as much as the insert itself.
create table evidence_outbox (
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  institution text not null,
  leaf text not null,
  salt bytea,
  payload text,
  erased_at timestamptz,
  primary key (xid, id)
);

-- The time of receipt as a leaf states it: this database's clock.
create function evidence_received_at() returns text language sql volatile as $$
  select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The place of each entry in the log.
create table evidence_leaf (
  leaf_index bigint primary key check (leaf_index >= 0),
  xid xid8 not null,
  entry bigint not null,
  institution text not null,
  type text not null,
  subjects jsonb not null
);
create index evidence_leaf_subjects on evidence_leaf using gin (subjects jsonb_path_ops);

-- C2SP tlog-tiles. A partial tile of width w is the first 32 w bytes of its row.
create table evidence_tile (
  level smallint not null check (level between 0 and 7),
  tile_index bigint not null check (tile_index >= 0),
  width smallint not null check (width between 1 and 256),
  data bytea not null,
  primary key (level, tile_index),
  check (octet_length(data) = 32 * width)
);
alter table evidence_tile alter column data set storage external;

-- One row: the tree, and the last entry of the outbox that it holds. Moved by compare-and-set on `size`.
create table evidence_tree_state (
  only_row boolean primary key default true check (only_row),
  size bigint not null default 0 check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  xid xid8 not null default '0',
  entry bigint not null default 0,
  -- After a move of the data to another PostgreSQL, whose transaction ids start anew: entries up to here are in the tree.
  entry_floor bigint not null default 0
);
insert into evidence_tree_state (root) values (sha256(''));

-- Identities of the log, newest last. A new one is opened when the old one may no longer be signed.
create table evidence_origin (
  ordinal integer primary key,
  origin text not null unique,
  opened_at timestamptz not null default clock_timestamp(),
  opened_size bigint not null,
  opened_root bytea not null
);

-- Keys that sign for an origin, newest last; each but the first was named by the one before it.
create table evidence_log_key (
  origin text not null references evidence_origin (origin),
  ordinal integer not null,
  vkey text not null,
  succession text,
  primary key (origin, ordinal),
  unique (origin, vkey),
  check ((succession is null) = (ordinal = 1))
);

create table evidence_checkpoint (
  origin text not null references evidence_origin (origin),
  size bigint not null check (size > 0),
  root bytea not null,
  note text not null,
  signed_at timestamptz not null default clock_timestamp(),
  primary key (origin, size)
);

create table evidence_cosignature (
  origin text not null,
  size bigint not null,
  witness text not null,
  line text not null,
  cosigned_at timestamptz not null,
  primary key (origin, size, witness),
  foreign key (origin, size) references evidence_checkpoint (origin, size)
);

-- Checkpoints that are to be stamped by a time-stamping authority, and the tokens that came. A request without a token
-- is waiting.
create table evidence_timestamp_request (
  origin text not null,
  size bigint not null,
  requested_at timestamptz not null default clock_timestamp(),
  primary key (origin, size),
  foreign key (origin, size) references evidence_checkpoint (origin, size)
);

create table evidence_timestamp (
  origin text not null,
  size bigint not null,
  authority text not null,
  token bytea not null,
  stamped_at timestamptz not null,
  primary key (origin, size, authority),
  foreign key (origin, size) references evidence_timestamp_request (origin, size)
);

-- Appends entries, in the order of the arrays, and returns how many. A leaf is `p_head`, the time of receipt and `p_tail`.
create function evidence_append(
  p_institution text[], p_head text[], p_tail text[], p_salt bytea[], p_payload text[]) returns integer
language plpgsql as $$
begin
  insert into evidence_outbox (institution, leaf, salt, payload)
    select institution, head || evidence_received_at() || tail, salt, payload
    from unnest(p_institution, p_head, p_tail, p_salt, p_payload)
      with ordinality as entry (institution, head, tail, salt, payload, n)
    order by n;
  return cardinality(p_head);
end
$$;

-- Erases the payload and salt of a leaf and appends the record of it, whose leaf is `p_head`, the time of receipt and
-- `p_tail`. Returns false when they were erased before; then nothing is appended.
create function evidence_erase(
  p_leaf_index bigint, p_institution text, p_head text, p_tail text, p_salt bytea, p_payload text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update evidence_outbox o set salt = null, payload = null, erased_at = clock_timestamp()
    from evidence_leaf l
    where l.leaf_index = p_leaf_index and l.institution = p_institution
      and (o.xid, o.id) = (l.xid, l.entry) and o.erased_at is null;
  if not found then
    return false;
  end if;
  perform evidence_append(array[p_institution], array[p_head], array[p_tail], array[p_salt], array[p_payload]);
  return true;
end
$$;
revoke all on function evidence_erase(bigint, text, text, text, bytea, text) from public;

-- Since when the oldest transaction has been open that has written something, in any database of this server: entries that
-- were written after it wait for it. A function of the owner, because others do not see each other's sessions.
create function evidence_held_back_since() returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select min(xact_start) from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
$$;

create function evidence_outbox_only_erased() returns trigger language plpgsql as $$
begin
  if old.erased_at is null and new.erased_at is not null and new.salt is null and new.payload is null
    and (new.xid, new.id, new.institution, new.leaf) = (old.xid, old.id, old.institution, old.leaf) then
    return new;
  end if;
  raise exception 'an entry stays as it is, but for the erasure of its payload' using errcode = 'EV001';
end
$$;

create function evidence_tile_only_widens() returns trigger language plpgsql as $$
begin
  if new.level = old.level and new.tile_index = old.tile_index and new.width > old.width
    and substring(new.data from 1 for octet_length(old.data)) = old.data then
    return new;
  end if;
  raise exception 'a tile only grows at its end' using errcode = 'EV001';
end
$$;

create function evidence_tree_only_grows() returns trigger language plpgsql as $$
begin
  if new.size > old.size or (new.size = old.size and new.root = old.root) then
    return new;
  end if;
  raise exception 'the tree only grows: % leaves, not %', old.size, new.size using errcode = 'EV001';
end
$$;

create trigger evidence_outbox_update before update on evidence_outbox
  for each row execute function evidence_outbox_only_erased();
create trigger evidence_tile_update before update on evidence_tile
  for each row execute function evidence_tile_only_widens();
create trigger evidence_tree_state_update before update on evidence_tree_state
  for each row execute function evidence_tree_only_grows();

do $$
declare
  name text;
begin
  foreach name in array array['evidence_leaf', 'evidence_origin', 'evidence_log_key',
    'evidence_checkpoint', 'evidence_cosignature', 'evidence_timestamp_request', 'evidence_timestamp'] loop
    execute format('create trigger %I before update or delete or truncate on %I
      for each statement execute function evidence_refuse()', name || '_refuse', name);
  end loop;
  foreach name in array array['evidence_outbox', 'evidence_tile', 'evidence_tree_state'] loop
    execute format('create trigger %I before delete or truncate on %I
      for each statement execute function evidence_refuse()', name || '_refuse', name);
  end loop;
end
$$;

grant select on evidence_outbox to breakwater_app;
grant select (xid, id, institution, leaf) on evidence_outbox to breakwater_sequencer;
grant select on evidence_leaf, evidence_tile, evidence_tree_state, evidence_origin,
  evidence_log_key, evidence_checkpoint, evidence_cosignature, evidence_timestamp_request, evidence_timestamp
  to breakwater_app, breakwater_sequencer;
grant insert (institution, leaf, salt, payload) on evidence_outbox to breakwater_app, breakwater_sequencer;
grant execute on function evidence_erase(bigint, text, text, text, bytea, text) to breakwater_app;

grant insert on evidence_leaf, evidence_tile, evidence_origin, evidence_log_key, evidence_checkpoint,
  evidence_cosignature, evidence_timestamp_request, evidence_timestamp to breakwater_sequencer;
-- For the lock under which entries are taken up after a move of the data to another PostgreSQL.
grant maintain on evidence_outbox to breakwater_sequencer;
grant update (width, data) on evidence_tile to breakwater_sequencer;
grant update (size, root, xid, entry, entry_floor) on evidence_tree_state to breakwater_sequencer;
