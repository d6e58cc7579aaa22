-- Limits that plans share, and what attempts under way have taken of them: of one tenant, or, with
-- the tenant's number 0, of all of them together. A maximum of null, and no stop, limits nothing.
-- `changes` grows with `used`, so that who counts again sees whether somebody came in between.
create table limits (
  tenant_no bigint not null,
  key text not null,
  max bigint,
  used bigint not null,
  stopped_at bigint,
  stop_reason text,
  changes bigint not null,
  primary key (tenant_no, key)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);

alter table limits enable row level security;
alter table limits force row level security;

-- A tenant has its own, and takes from those that all share.
create policy tenant on limits
  using (tenant_no = planwright_tenant() or tenant_no = 0 and planwright_tenant() is not null)
  with check (tenant_no = planwright_tenant() or tenant_no = 0 and planwright_tenant() is not null);

-- The fleet sees for which work there is no room.
create policy fleet on limits for select using (planwright_is_fleet());
