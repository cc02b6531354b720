-- Patches as changes: which exposures a plan is to remove, and what happened to them; exceptions. Owner: plan.

-- One a plan, which need not be submitted yet. `exposures` as they were when it was opened; `targets`: each of them on each asset.
create table plan_patch (
  institution text not null,
  plan text not null,
  exposures jsonb not null,
  targets jsonb not null,
  due_at timestamptz,
  advisory text,
  opened_by text not null,
  opened_at timestamptz not null,
  -- Closed or withdrawn.
  is_over boolean not null default false,
  primary key (institution, plan)
);
create index plan_patch_open on plan_patch (institution) where not is_over;

-- What happened, in order: the state is folded from it.
create table plan_patch_event (
  institution text not null,
  plan text not null,
  seq integer not null check (seq >= 1),
  event jsonb not null,
  primary key (institution, plan, seq),
  foreign key (institution, plan) references plan_patch (institution, plan)
);

create table plan_exception (
  institution text not null,
  id text not null,
  exposures text[] not null,
  reason text not null,
  meanwhile text not null,
  until timestamptz not null,
  -- Over what was asked for: it is what others agree to.
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  asked_by text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  primary key (institution, id)
);

create table plan_exception_word (
  institution text not null,
  exception text not null,
  person text not null,
  decision text not null check (decision in ('approve', 'return')),
  at timestamptz not null,
  primary key (institution, exception, person),
  foreign key (institution, exception) references plan_exception (institution, id)
);

grant select, insert on plan_patch, plan_patch_event, plan_exception, plan_exception_word to breakwater_app;
grant update (is_over) on plan_patch to breakwater_app;
grant update (ended_at) on plan_exception to breakwater_app;
