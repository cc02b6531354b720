-- Gateways that know messages by ids of their own: which id is whose, what became of it, and what was submitted twice. Owner: notice.

-- `taken_at`: since when the message may be on its way. `submissions`: how often it was handed over; more than one = its
-- first answer was lost, and a gateway that knows no keys may have sent it twice.
alter table notice_recipient add column taken_at timestamptz;
alter table notice_recipient add column submissions smallint not null default 0;
grant update (taken_at, submissions) on notice_recipient to breakwater_app;

-- One message at a gateway, or one part of it. The answer that says whose it is and the report that says what became of it
-- come in any order: whichever is second completes the row.
create table notice_message (
  institution text not null,
  gateway text not null,
  id text not null,
  notice text,
  channel text,
  key text,
  parts smallint,
  state text check (state in ('delivered', 'failed')),
  code text,
  reported_at timestamptz,
  primary key (institution, gateway, id)
);
create index notice_message_key on notice_message (institution, key);

-- When the next message may go to a gateway by its contract, over all workers.
create table notice_gateway_pace (
  institution text not null,
  gateway text not null,
  next_at timestamptz not null,
  primary key (institution, gateway)
);

grant select, insert on notice_message, notice_gateway_pace to breakwater_app;
grant update (notice, channel, key, parts, state, code, reported_at) on notice_message to breakwater_app;
grant update (next_at) on notice_gateway_pace to breakwater_app;
