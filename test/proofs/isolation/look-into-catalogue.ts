import type { Client } from "pg";

/** What the catalogue says that would let the application's role past row-level security. */
export async function lookIntoCatalogue(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ fault: string }>(`
    select format('%I may be read past its policies', relname) as fault from pg_class
      where relnamespace = 'planwright'::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity)
    union all
    select format('%I has no policy', relname) from pg_class
      where relnamespace = 'planwright'::regnamespace and relkind in ('r', 'p')
        and not exists (select from pg_policy where polrelid = pg_class.oid)
    union all
    select format('%I is no table, and shows rows as its owner sees them', relname) from pg_class
      where relnamespace = 'planwright'::regnamespace and relkind in ('v', 'm', 'f')
    union all
    select format('%I belongs to the application''s role', relname) from pg_class
      where relnamespace = 'planwright'::regnamespace
        and pg_has_role('planwright_app', relowner, 'member')
    union all
    select format('%I acts as its owner', proname) from pg_proc
      where pronamespace = 'planwright'::regnamespace and prosecdef
    union all
    select format('%I is a superuser or has BYPASSRLS', rolname) from pg_roles
      where pg_has_role('planwright_app', oid, 'member') and (rolsuper or rolbypassrls)
    union all
    select 'there is no role planwright_app'
      where not exists (select from pg_roles where rolname = 'planwright_app')
    union all
    select 'there are no tables'
      where not exists (select from pg_class where relnamespace = 'planwright'::regnamespace)`);
  return rows.map(({ fault }) => fault);
}

/** Tables whose rows are a tenant's. */
export async function readTenantTables(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class
    join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_no'
    where relnamespace = 'planwright'::regnamespace and relkind = 'r' order by relname`);
  return rows.map(({ name }) => name);
}
