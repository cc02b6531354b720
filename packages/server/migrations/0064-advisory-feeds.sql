-- Where advisories are fetched from, and what is known of it from the last time. Owner: advisory.

create table advisory_feed (
  institution text not null,
  name text not null,
  checked_at timestamptz not null,
  next_at timestamptz not null,
  failures integer not null,
  last_error text,
  primary key (institution, name)
);

-- `updated`: what the feed says of a document; `etag` and `modified`: what its server says.
create table advisory_feed_document (
  institution text not null,
  feed text not null,
  url text not null,
  updated text,
  etag text,
  modified text,
  error text,
  checked_at timestamptz not null,
  primary key (institution, feed, url)
);

grant select, insert, update on advisory_feed, advisory_feed_document to breakwater_app;
