-- Cases before a committee or an authority, event by event: a case is what its events add up to. Owner: review.

create table review_case (
  institution text not null,
  id uuid not null,
  kind text not null check (kind in ('application', 'ex-officio', 'prior-inquiry')),
  run text,
  plan text,
  opened_at timestamptz not null,
  primary key (institution, id)
);
create index review_case_by_opening on review_case (institution, opened_at desc, id);

-- Texts of questions and opinions may name persons: they stand here and nowhere else; the log holds their digests.
create table review_case_event (
  institution text not null,
  case_id uuid not null,
  seq integer not null check (seq >= 1),
  act text not null,
  body jsonb not null,
  by_whom text not null,
  at timestamptz not null,
  primary key (institution, case_id, seq),
  foreign key (institution, case_id) references review_case (institution, id)
);

grant select, insert on review_case, review_case_event to breakwater_app;
