-- Roles. A table's own migration grants what the server needs, statement by statement; nothing is granted by default,
-- and evidence is granted INSERT and SELECT only. Rows that belong to a company carry `institution text not null`.
--
-- Roles belong to the whole PostgreSQL server, so several databases may create them at once.
-- Where the migrating user may not create roles, an administrator creates both and grants them to that user.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['breakwater_app', 'breakwater_sequencer'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
    if not pg_has_role(current_user, wanted, 'set') then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to breakwater_app, breakwater_sequencer;
grant select on migration to breakwater_app, breakwater_sequencer;

-- Background work keeps its tables in a schema of its own.
create schema pgboss authorization breakwater_app;
