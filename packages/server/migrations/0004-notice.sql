-- Notices to customers: what was announced, when it could be read, to how many it was sent and what arrived. Owner: notice.

create table notice (
  institution text not null,
  id text not null,
  plan text not null,
  document jsonb not null,
  submitted_by text not null,
  submitted_at timestamptz not null,
  primary key (institution, id)
);
create index notice_of_plan on notice (institution, plan);

-- Each time a notice was put on the public site. `phase` is what the page said about the work.
create table notice_publication (
  id bigint generated always as identity primary key,
  institution text not null,
  notice text not null,
  published_at timestamptz not null,
  phase text not null check (phase in ('scheduled', 'under-way', 'over')),
  content text not null check (content ~ '^sha256:[0-9a-f]{64}$'),
  url text not null,
  foreign key (institution, notice) references notice (institution, id)
);
create index notice_publication_of on notice_publication (institution, notice, id);

-- One sending of a notice on one channel. `data_key` encrypts its recipients' numbers and is itself encrypted; without it
-- (erased) nobody can read them any more.
create table notice_sending (
  institution text not null,
  notice text not null,
  channel text not null check (channel in ('sms')),
  state text not null check (state in ('loading', 'sending', 'settling', 'settled', 'stopped')),
  content text not null check (content ~ '^sha256:[0-9a-f]{64}$'),
  batches integer not null default 0,
  intended bigint not null default 0,
  repeated bigint not null default 0,
  requested_by text not null,
  requested_at timestamptz not null,
  last_submitted_at timestamptz,
  progressed_at timestamptz not null,
  rescued_at timestamptz,
  settled_at timestamptz,
  data_key bytea,
  erased_at timestamptz,
  primary key (institution, notice, channel),
  foreign key (institution, notice) references notice (institution, id)
);
create index notice_sending_open on notice_sending (state) where state in ('sending', 'settling');

-- One row a recipient. `key` is a keyed hash of the number: it finds doubles, names the message at the gateway, and lets a
-- person's own number be looked up later, without holding it.
create table notice_recipient (
  institution text not null,
  notice text not null,
  channel text not null,
  key text not null check (key ~ '^[0-9a-f]{40}$'),
  batch integer not null,
  number bytea,
  state text not null check (state in ('waiting', 'submitting', 'submitted', 'delivered', 'failed', 'refused', 'invalid')),
  code text,
  submitted_at timestamptz,
  settled_at timestamptz,
  primary key (institution, notice, channel, key),
  foreign key (institution, notice, channel) references notice_sending (institution, notice, channel)
);
-- Only those that are still to be moved: both indexes are small again when a sending is over.
create index notice_recipient_batch on notice_recipient (institution, notice, channel, batch)
  where state in ('waiting', 'submitting');
create index notice_recipient_unreported on notice_recipient (institution, notice, channel) where state = 'submitted';
create index notice_recipient_key on notice_recipient (key);

-- How far the delivery reports of a gateway were read.
create table notice_report_cursor (
  institution text not null,
  gateway text not null,
  position bigint not null default 0,
  primary key (institution, gateway)
);

grant select, insert on notice, notice_publication, notice_sending, notice_recipient, notice_report_cursor to breakwater_app;
grant update (state, batches, intended, repeated, last_submitted_at, progressed_at, rescued_at, settled_at, data_key, erased_at)
  on notice_sending to breakwater_app;
grant update (number, state, code, submitted_at, settled_at) on notice_recipient to breakwater_app;
grant update (position) on notice_report_cursor to breakwater_app;
