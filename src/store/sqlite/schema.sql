CREATE VIEW full_limits as
  select tenant_no, key from limits
  where stopped_at is not null or (max is not null and used >= max);

CREATE TABLE artifacts (
  no integer primary key,
  tenant_no integer not null,
  id text not null,
  plan_no integer not null,
  step_key text,
  attempt integer,
  name text not null,
  sha256 text not null,
  size integer not null,
  media_type text not null,
  published_at integer not null,
  unique (tenant_no, id)
) strict;

CREATE TABLE attempt_processes (
  plan_id text not null,
  step_key text not null,
  attempt integer not null,
  pid integer not null,
  tenant_id text not null,
  worker_id text not null,
  host text not null,
  boot_id text,
  start_ticks text not null,
  primary key (plan_id, step_key, attempt, pid)
) strict, without rowid;

CREATE TABLE checkpoints (
  plan_no integer primary key,
  seq integer not null,
  body text not null check (json_valid(body))
) strict;

CREATE TABLE commands (
  no integer primary key,
  tenant_no integer not null,
  id text not null,
  digest text not null,
  at integer not null,
  plan_no integer,
  first_seq integer,
  last_seq integer,
  revision integer,
  refusal text check (json_valid(refusal)),
  unique (tenant_no, id)
) strict;

CREATE TABLE due_lanes (
  plan_no integer not null,
  pool text not null,
  capability text not null,
  alone integer not null,
  at_once integer not null,
  at integer not null,
  priority integer not null,
  primary key (plan_no, pool, capability, alone)
) strict, without rowid;

CREATE TABLE due_messages (
  no integer primary key,
  tenant_no integer not null,
  id text not null,
  kind text not null,
  from_plan_id text not null,
  to_plan_id text not null,
  step_key text not null,
  at integer not null,
  unique (tenant_no, id)
) strict;

CREATE TABLE due_timers (
  plan_no integer not null,
  step_key text not null,
  at integer not null,
  primary key (plan_no, step_key)
) strict, without rowid;

CREATE TABLE events (
  position integer primary key,
  plan_no integer not null,
  seq integer not null,
  hash text not null,
  body text not null check (json_valid(body))
) strict;

CREATE TABLE leases (
  no integer primary key autoincrement,
  worker_id text not null unique,
  name text not null,
  host text not null,
  pid integer not null,
  boot_id text,
  began_at integer not null,
  expires_at integer not null,
  ended_at integer
) strict;

CREATE TABLE limits (
  tenant_no integer not null,
  key text not null,
  max integer,
  used integer not null,
  stopped_at integer,
  stop_reason text,
  changes integer not null,
  primary key (tenant_no, key)
) strict, without rowid;

CREATE TABLE migrations (
  number integer primary key,
  name text not null,
  breaking integer not null
) strict;

CREATE TABLE plans (
  no integer primary key,
  tenant_no integer not null,
  id text not null,
  status text not null,
  condition text,
  name text not null,
  revision integer not null,
  digest text not null,
  version integer not null,
  parent_id text,
  partial integer not null,
  step_count integer not null,
  counts text not null check (json_valid(counts)),
  open_requests integer not null,
  created_at integer not null,
  started_at integer,
  ended_at integer,
  updated_at integer not null,
  unique (tenant_no, id)
) strict;

CREATE TABLE progress (
  position integer primary key autoincrement,
  plan_no integer not null,
  step_key text not null,
  attempt integer not null,
  stream text not null,
  text text not null,
  at integer not null
) strict;

CREATE TABLE requests (
  no integer primary key,
  tenant_no integer not null,
  id text not null,
  plan_no integer not null,
  step_key text,
  status text not null,
  kind text not null,
  title text not null,
  reason text,
  assignees text not null check (json_valid(assignees)),
  created_at integer not null,
  due_at integer,
  unique (tenant_no, id)
) strict;

CREATE TABLE revisions (
  plan_no integer not null,
  number integer not null,
  digest text not null,
  body text not null check (json_valid(body)),
  primary key (plan_no, number)
) strict;

CREATE TABLE steps (
  plan_no integer not null,
  step_key text not null,
  first_seq integer not null,
  status text not null,
  attempt integer not null,
  worker_id text,
  since integer not null,
  primary key (plan_no, step_key)
) strict, without rowid;

CREATE TABLE tenants (
  no integer primary key,
  id text not null unique
) strict;

CREATE INDEX artifacts_by_content on artifacts (sha256);

CREATE INDEX artifacts_by_plan on artifacts (plan_no, no);

CREATE INDEX due_lanes_by_time on due_lanes (at) where at_once = 0;

CREATE INDEX due_lanes_in_line on due_lanes (priority desc, at, plan_no, at_once);

CREATE INDEX due_messages_by_time on due_messages (at);

CREATE INDEX due_timers_by_time on due_timers (at);

CREATE UNIQUE INDEX events_by_plan on events (plan_no, seq);

CREATE INDEX plans_by_parent on plans (tenant_no, parent_id, no) where parent_id is not null;

CREATE INDEX plans_by_status on plans (tenant_no, status, no);

CREATE INDEX progress_by_step on progress (plan_no, step_key, position);

CREATE INDEX requests_by_plan on requests (plan_no, no);

CREATE INDEX requests_by_status on requests (tenant_no, status, no);

CREATE INDEX steps_by_worker on steps (worker_id) where worker_id is not null;
