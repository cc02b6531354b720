-- How many recipients of each batch are in which state, kept beside the change itself, so that nobody counts a list of millions
-- to say how far it is. Owner: notice.

create table notice_tally (
  institution text not null,
  notice text not null,
  channel text not null,
  batch integer not null,
  -- A state of recipients, or `resubmitted`, `accepted`, `viewed`, `certified`.
  what text not null,
  count bigint not null,
  primary key (institution, notice, channel, batch, what),
  foreign key (institution, notice, channel) references notice_sending (institution, notice, channel)
) with (fillfactor = 50);
grant select, insert on notice_tally to breakwater_app;
grant update (count) on notice_tally to breakwater_app;

-- Rows are locked in the order of their keys, so that two that count the same batches wait for each other and no more.
create function notice_tally_inserted() returns trigger language plpgsql as $$
begin
  insert into notice_tally as t (institution, notice, channel, batch, what, count)
    select institution, notice, channel, batch, state, count(*) from after_rows
    group by institution, notice, channel, batch, state
    order by institution, notice, channel, batch, state
  on conflict (institution, notice, channel, batch, what) do update set count = t.count + excluded.count;
  return null;
end $$;

create function notice_tally_updated() returns trigger language plpgsql as $$
begin
  insert into notice_tally as t (institution, notice, channel, batch, what, count)
    select r.institution, r.notice, r.channel, r.batch, w.what, sum(r.one)
    from (select *, -1 as one from before_rows union all select *, 1 from after_rows) r
    cross join lateral (values (r.state, true), ('resubmitted', r.submissions > 1), ('accepted', r.accepted_at is not null), ('viewed', r.viewed_at is not null),
      ('certified', r.certificate is not null)) w (what, holds)
    where w.holds
    group by r.institution, r.notice, r.channel, r.batch, w.what having sum(r.one) <> 0
    order by r.institution, r.notice, r.channel, r.batch, w.what
  on conflict (institution, notice, channel, batch, what) do update set count = t.count + excluded.count;
  return null;
end $$;

create trigger notice_tally_inserted after insert on notice_recipient
  referencing new table as after_rows for each statement execute function notice_tally_inserted();
create trigger notice_tally_updated after update on notice_recipient
  referencing old table as before_rows new table as after_rows for each statement execute function notice_tally_updated();

insert into notice_tally (institution, notice, channel, batch, what, count)
  select r.institution, r.notice, r.channel, r.batch, w.what, count(*)
  from notice_recipient r
  cross join lateral (values (r.state, true), ('resubmitted', r.submissions > 1), ('accepted', r.accepted_at is not null), ('viewed', r.viewed_at is not null),
    ('certified', r.certificate is not null)) w (what, holds)
  where w.holds group by 1, 2, 3, 4, 5;

-- Without an index that depends on the state, a change of state writes no index at all where its page has room.
drop index notice_recipient_batch;
drop index notice_recipient_unreported;
-- By batch first: an index that began as the primary key does would be taken in its place while there are no statistics of the
-- new rows, and every recipient of a sending read to find one.
drop index notice_recipient_of_batch;
create index notice_recipient_of_batch on notice_recipient (batch, notice, channel, institution);
alter table notice_recipient set (fillfactor = 60);
