-- What is told to configured webhooks, and how each try ended. Owner: platform/webhook.

create table webhook_delivery (
  id bigint primary key generated always as identity,
  institution text not null,
  -- Which setting names the webhook: notice, containment, auth.
  source text not null,
  webhook text not null,
  -- The header that names what `event` is of, and its id: the same in every try.
  header text not null,
  event text not null,
  body text not null,
  left_at timestamptz not null,
  -- Null: not taken yet.
  delivered_at timestamptz
);
create index webhook_delivery_of on webhook_delivery (institution, id);

create table webhook_attempt (
  delivery bigint not null references webhook_delivery,
  at timestamptz not null,
  -- Null: it was taken.
  failure text,
  ms integer not null
);
create index webhook_attempt_of on webhook_attempt (delivery);

grant select, insert on webhook_delivery, webhook_attempt to breakwater_app;
grant update (delivered_at) on webhook_delivery to breakwater_app;
