-- The order in which notices were written down: two may carry the same instant. Owner: notice.

alter table notice add column number bigint generated always as identity;
