-- Disruptions as execution hosts told them, by service and time. Owner: guard.
create table guard_disruption (
  institution text not null,
  run text not null,
  disruption text not null,
  service text not null,
  start_at timestamptz not null,
  end_at timestamptz,
  primary key (institution, run, disruption)
);
create index guard_disruption_of on guard_disruption (institution, service, start_at);

grant select, insert on guard_disruption to breakwater_app;
grant update (end_at) on guard_disruption to breakwater_app;
