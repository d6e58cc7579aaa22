-- Limits that plans share, and what attempts under way have taken of them: of one tenant, or, with
-- the tenant's number 0, of all of them together. A maximum of null, and no stop, limits nothing.
-- `changes` grows with `used`, so that who counts again sees whether somebody came in between.
create table limits (
  tenant_no integer not null,
  key text not null,
  max integer,
  used integer not null,
  stopped_at integer,
  stop_reason text,
  changes integer not null,
  primary key (tenant_no, key)
) strict, without rowid;

-- Of which there is nothing left.
create view full_limits as
  select tenant_no, key from limits
  where stopped_at is not null or (max is not null and used >= max);

pragma user_version = 3;
