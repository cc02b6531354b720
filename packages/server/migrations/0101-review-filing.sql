-- Reports that were filed, and tellings that were done, about a run. Owner: review. Rows are added and never changed.

create table review_filing (
  institution text not null,
  id bigint generated always as identity,
  run text not null,
  duty text not null,
  filed_at timestamptz not null,
  reference text not null,
  document text,
  delay_reason text,
  filed_by text not null,
  recorded_at timestamptz not null,
  primary key (institution, id)
);
create index review_filing_of on review_filing (institution, run, id);

grant select, insert on review_filing to breakwater_app;
