--! breaking
-- Every time is in milliseconds since 1970. JSON is kept as text: hashes are made over it, and jsonb
-- would put keys in another order. A plan, a tenant is known by its id outside and by a short number
-- inside; a key that holds a name from outside begins with the tenant's number, so that nobody learns
-- from a conflict what another tenant has.

-- Whose rows a transaction sees: `app.tenant` is set for each transaction alone.
create function planwright_tenant() returns bigint
  language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '')::bigint;

-- Whether it acts for the fleet: it then sees of all tenants what is due and who is at work.
create function planwright_is_fleet() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.scope', true) = 'fleet', false);

-- The one clock of a fleet. Not `now()`, which is when the transaction began.
create function planwright_clock() returns bigint
  language sql volatile parallel safe
  return floor(extract(epoch from clock_timestamp()) * 1000)::bigint;

create table migrations (
  number bigint primary key,
  name text not null,
  breaking boolean not null
);

create table tenants (
  no bigint generated always as identity primary key,
  id text not null unique
);

-- Which database this is, and since when: an epoch ends where its history may have been cut, by a
-- failover, a restore or a move.
create table deployment (
  is_only boolean primary key default true check (is_only),
  epoch bigint not null,
  system_id text,
  timeline bigint
);

insert into deployment (epoch) values (1);

-- A process takes a block of numbers at a time.
create sequence plan_numbers increment by 100;

-- One row per plan, as lists show it.
create table plans (
  no bigint primary key,
  tenant_no bigint not null,
  id text not null,
  status text not null,
  condition text,
  name text not null,
  revision bigint not null,
  digest text not null,
  version bigint not null,
  parent_id text,
  partial boolean not null,
  step_count bigint not null,
  counts text not null,
  open_requests bigint not null,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  updated_at bigint not null,
  unique (tenant_no, id)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

-- Numbers come in blocks, so they are no order of making.
create index plans_by_status on plans (tenant_no, status, created_at, no);
create index plans_by_parent on plans (tenant_no, parent_id, created_at, no)
  where parent_id is not null;

-- Texts, each stored once.
create table revisions (
  plan_no bigint not null,
  number bigint not null,
  tenant_no bigint not null,
  digest text not null,
  body text not null,
  primary key (plan_no, number)
);

-- The log. A position is the epoch * 2^40 + a number that grows within it. Positions and transaction
-- ids are given before the commit, so neither alone is an order to read by: a reader takes what is
-- older than every transaction under way, by (epoch, xid, position).
create table events (
  plan_no bigint not null,
  seq bigint not null,
  tenant_no bigint not null,
  position bigint generated always as identity (start with 1099511627777),
  epoch bigint not null generated always as (position >> 40) stored,
  xid xid8 not null default pg_current_xact_id(),
  hash text not null,
  body text not null,
  primary key (plan_no, seq)
);

create index events_in_feed on events (tenant_no, epoch, xid, position);

-- Folded plans that replay may begin from.
create table checkpoints (
  plan_no bigint primary key,
  tenant_no bigint not null,
  seq bigint not null,
  body text not null
);

-- Steps that something has happened to; `first_seq` is the event in which it first did.
create table steps (
  plan_no bigint not null,
  step_key text not null,
  tenant_no bigint not null,
  first_seq bigint not null,
  status text not null,
  attempt bigint not null,
  worker_id text,
  since bigint not null,
  primary key (plan_no, step_key)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

create index steps_by_worker on steps (worker_id) where worker_id is not null;

create table requests (
  no bigint generated always as identity primary key,
  tenant_no bigint not null,
  id text not null,
  plan_no bigint not null,
  step_key text,
  status text not null,
  kind text not null,
  title text not null,
  reason text,
  assignees text not null,
  created_at bigint not null,
  due_at bigint,
  unique (tenant_no, id)
);

create index requests_by_status on requests (tenant_no, status, no);
create index requests_by_age on requests (tenant_no, no);
create index requests_by_plan on requests (plan_no, no);

create table artifacts (
  no bigint generated always as identity primary key,
  tenant_no bigint not null,
  id text not null,
  plan_no bigint not null,
  step_key text,
  attempt bigint,
  name text not null,
  sha256 text not null,
  size bigint not null,
  media_type text not null,
  published_at bigint not null,
  unique (tenant_no, id)
);

create index artifacts_by_plan on artifacts (plan_no, no);
create index artifacts_by_content on artifacts (tenant_no, sha256);

-- What is due: ready work by lane, timers (an empty key is the plan's own), messages between plans.
-- Their rows name tenant and plan in full, so that who asks what is due needs to see nothing else.
create table due_lanes (
  plan_no bigint not null,
  pool text not null,
  capability text not null,
  alone boolean not null,
  tenant_no bigint not null,
  tenant_id text not null,
  plan_id text not null,
  at bigint not null,
  priority bigint not null,
  primary key (plan_no, pool, capability, alone)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

-- A line for each tenant: they are served in turn.
create index due_lanes_in_line on due_lanes (tenant_no, priority desc, at, plan_no);
create index due_lanes_by_time on due_lanes (at);

create table due_timers (
  plan_no bigint not null,
  step_key text not null,
  tenant_no bigint not null,
  tenant_id text not null,
  plan_id text not null,
  at bigint not null,
  primary key (plan_no, step_key)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

create index due_timers_by_time on due_timers (at, plan_no, step_key);

create table due_messages (
  no bigint generated always as identity primary key,
  tenant_no bigint not null,
  tenant_id text not null,
  id text not null,
  kind text not null,
  from_plan_id text not null,
  to_plan_id text not null,
  step_key text not null,
  at bigint not null,
  unique (tenant_no, id)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

create index due_messages_by_time on due_messages (at, no);

-- Answers to commands, for 24 hours.
create table commands (
  tenant_no bigint not null,
  id text not null,
  digest text not null,
  at bigint not null,
  plan_no bigint,
  first_seq bigint,
  last_seq bigint,
  revision bigint,
  refusal text,
  primary key (tenant_no, id)
);

create index commands_by_age on commands (tenant_no, at);

-- Who is at work. Of those that live no two have the same name.
create table leases (
  no bigint generated by default as identity primary key,
  worker_id text not null unique,
  name text not null,
  host text not null,
  pid bigint not null,
  boot_id text,
  began_at bigint not null,
  expires_at bigint not null,
  ended_at bigint
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

create unique index leases_living on leases (name) where ended_at is null;

-- What carries out attempts on which machine: the fleet's, as the leases are.
create table attempt_processes (
  tenant_id text not null,
  plan_id text not null,
  step_key text not null,
  attempt bigint not null,
  pid bigint not null,
  worker_id text not null,
  host text not null,
  boot_id text,
  start_ticks text not null,
  primary key (tenant_id, plan_id, step_key, attempt, pid)
);

-- Live output, beside the log. Positions are never used twice.
create table progress (
  position bigint generated always as identity primary key,
  tenant_no bigint not null,
  plan_no bigint not null,
  step_key text not null,
  attempt bigint not null,
  stream text not null,
  text text not null,
  at bigint not null
);

create index progress_by_step on progress (plan_no, step_key, position);

-- Row-level security, for the owner as well. Nothing is to be seen where no scope is set.

alter table migrations enable row level security;
alter table tenants enable row level security;
alter table deployment enable row level security;
alter table plans enable row level security;
alter table revisions enable row level security;
alter table events enable row level security;
alter table checkpoints enable row level security;
alter table steps enable row level security;
alter table requests enable row level security;
alter table artifacts enable row level security;
alter table due_lanes enable row level security;
alter table due_timers enable row level security;
alter table due_messages enable row level security;
alter table commands enable row level security;
alter table leases enable row level security;
alter table attempt_processes enable row level security;
alter table progress enable row level security;

alter table migrations force row level security;
alter table tenants force row level security;
alter table deployment force row level security;
alter table plans force row level security;
alter table revisions force row level security;
alter table events force row level security;
alter table checkpoints force row level security;
alter table steps force row level security;
alter table requests force row level security;
alter table artifacts force row level security;
alter table due_lanes force row level security;
alter table due_timers force row level security;
alter table due_messages force row level security;
alter table commands force row level security;
alter table leases force row level security;
alter table attempt_processes force row level security;
alter table progress force row level security;

-- A tenant has its own rows, and no others. The + 0 keeps this condition from choosing the index: it
-- holds for all that a tenant has, so that a plan made of it, while little was known of the tables,
-- would walk through all of it at every statement. Who looks for a tenant's rows says so besides.
create policy tenant on plans
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on revisions
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on events
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on checkpoints
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on steps
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on requests
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on artifacts
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on due_lanes
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on due_timers
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on due_messages
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on commands
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on progress
  using (tenant_no + 0 = planwright_tenant()) with check (tenant_no = planwright_tenant());
create policy tenant on tenants for select using (no = planwright_tenant());

-- The fleet sees what is due and which steps run, and keeps who is at work.
create policy fleet on due_lanes for select using (planwright_is_fleet());
create policy fleet on due_timers for select using (planwright_is_fleet());
create policy fleet on due_messages for select using (planwright_is_fleet());
create policy fleet on steps for select using (planwright_is_fleet());
create policy fleet on leases
  using (planwright_is_fleet()) with check (planwright_is_fleet());
create policy fleet on attempt_processes
  using (planwright_is_fleet()) with check (planwright_is_fleet());
create policy fleet on tenants for select using (planwright_is_fleet());
create policy fleet_adds on tenants for insert with check (planwright_is_fleet());
create policy fleet_changes on deployment for update
  using (planwright_is_fleet()) with check (planwright_is_fleet());

-- Neither says anything of a tenant; rights decide who may write the first.
create policy everybody on deployment for select using (true);
create policy everybody on migrations using (true) with check (true);
