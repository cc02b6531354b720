-- Sendings that are steered, taken over and proved one recipient at a time. Owner: notice.

alter table notice_sending drop constraint notice_sending_channel_check;
alter table notice_sending add constraint notice_sending_channel_check check (channel in ('sms', 'email'));
alter table notice_sending drop constraint notice_sending_state_check;
alter table notice_sending add constraint notice_sending_state_check
  check (state in ('loading', 'sending', 'paused', 'settling', 'settled', 'stopped'));

-- `gateway`: which of the configured gateways takes its messages, 1 = the first. `lines` and `list_digest`: how much of the
-- list was read, and a chain of digests over it, so that a list that is read again goes on where it was and a changed one shows.
-- `lookup_key` is wrapped as `data_key` is: without it (forgotten) nobody can say any more whether a number was in the list.
alter table notice_sending
  add column gateway smallint not null default 1,
  add column switched_at timestamptz,
  add column lines bigint not null default 0,
  add column list_digest text check (list_digest ~ '^sha256:[0-9a-f]{64}$'),
  add column lookup_key bytea,
  add column forgotten_at timestamptz,
  add column unsealed boolean not null default true;

alter table notice_recipient drop constraint notice_recipient_state_check;
alter table notice_recipient add constraint notice_recipient_state_check
  check (state in ('waiting', 'submitting', 'submitted', 'delivered', 'failed', 'refused', 'invalid', 'suppressed'));
-- What is proved beside the state: since when the gateway has it, when it was seen, and the certificate of a certified channel.
alter table notice_recipient
  add column accepted_at timestamptz,
  add column viewed_at timestamptz,
  add column certificate text;

-- One batch of recipients. A worker that submits it holds it until `leased_until` and says so again while it lives; what a
-- dead one held is free again then. `root`: of the Merkle tree over what became of its messages, as last put into the log.
create table notice_batch (
  institution text not null,
  notice text not null,
  channel text not null,
  batch integer not null,
  owner text,
  leased_until timestamptz,
  root text check (root ~ '^sha256:[0-9a-f]{64}$'),
  leaves integer,
  seals smallint not null default 0,
  changed boolean not null default false,
  primary key (institution, notice, channel, batch),
  foreign key (institution, notice, channel) references notice_sending (institution, notice, channel)
);
create index notice_batch_held on notice_batch (leased_until) where owner is not null;
create index notice_batch_changed on notice_batch (institution) where changed;
-- The batches of sendings before this table: held by nobody, and not sealed.
insert into notice_batch (institution, notice, channel, batch)
  select distinct institution, notice, channel, batch from notice_recipient;
-- A batch is read whole when it is sealed.
create index notice_recipient_of_batch on notice_recipient (institution, notice, channel, batch);

-- Lines of a list that reach nobody, by their place and never by what stands there. The first 10,000 of a sending.
create table notice_rejected_line (
  institution text not null,
  notice text not null,
  channel text not null,
  line bigint not null,
  reason text not null,
  primary key (institution, notice, channel, line),
  foreign key (institution, notice, channel) references notice_sending (institution, notice, channel)
);

-- Who gets no notices, and why: by keyed hash, never by number.
create table notice_suppression (
  institution text not null,
  key text not null check (key ~ '^[0-9a-f]{40}$'),
  reason text not null check (reason in ('wrong-number', 'deceased', 'customer-request', 'closed-account')),
  added_by text not null,
  added_at timestamptz not null,
  primary key (institution, key)
);

-- The switch that holds every sending of an institution. There is a row while it is thrown.
create table notice_halt (
  institution text not null primary key,
  by text not null,
  reason text not null,
  at timestamptz not null
);

grant select, insert on notice_batch, notice_rejected_line, notice_suppression, notice_halt to breakwater_app;
grant update (owner, leased_until, root, leaves, seals, changed) on notice_batch to breakwater_app;
grant delete on notice_suppression, notice_halt to breakwater_app;
grant update (reason, added_by, added_at) on notice_suppression to breakwater_app;
grant update (gateway, switched_at, lines, list_digest, lookup_key, forgotten_at, unsealed)
  on notice_sending to breakwater_app;
grant update (accepted_at, viewed_at, certificate) on notice_recipient to breakwater_app;
