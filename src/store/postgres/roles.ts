import { StoreFault } from "../store.ts";
import { hasState } from "./has-state.ts";
import { ask, inTransaction, type OwnerClient } from "./owner-client.ts";

/** Whom every transaction acts as: a role that owns nothing, so that row-level security binds it. */
export const APP_ROLE = "planwright_app";

/** What the role that connects is, as far as row-level security is concerned. */
export interface Standing {
  readonly role: string;
  readonly isSuperuser: boolean;
  /** Its attribute BYPASSRLS. */
  readonly bypassesRowSecurity: boolean;
  /** The tables are its own, or those of a role that it is a member of. */
  readonly ownsTables: boolean;
  readonly hasAppRole: boolean;
  /** The application's role is no superuser either, has no BYPASSRLS, and owns no tables. */
  readonly isAppBound: boolean;
  /** It may `set role planwright_app`. */
  readonly mayActAsApp: boolean;
  /** It may read and write by the rights that it has without. */
  readonly mayWork: boolean;
}

/** What the role that connects is; the schema has to be there. */
export async function readStanding(client: OwnerClient): Promise<Standing> {
  // By the catalogue: to ask by name is refused to who may not use the schema.
  const [row] = await ask<Standing>(
    client,
    `with tables as materialized (
       select pg_class.oid, relname, relowner, relnamespace
       from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where nspname = 'planwright' and relkind = 'r'
     )
     select me.rolname as role, me.rolsuper as "isSuperuser",
       me.rolbypassrls as "bypassesRowSecurity",
       exists (select from tables where pg_has_role(me.oid, relowner, 'MEMBER')) as "ownsTables",
       app.oid is not null as "hasAppRole",
       coalesce(not app.rolsuper and not app.rolbypassrls and not exists (
         select from tables where pg_has_role(app.oid, relowner, 'MEMBER')), false) as "isAppBound",
       coalesce(pg_has_role(me.oid, app.oid,
         case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end),
         false) as "mayActAsApp",
       exists (select from tables where relname = 'events'
         and has_schema_privilege(me.oid, relnamespace, 'USAGE')
         and has_table_privilege(me.oid, oid, 'INSERT')) as "mayWork"
     from pg_roles me left join pg_roles app on app.rolname = $1
     where me.rolname = current_user`,
    APP_ROLE,
  );
  if (row === undefined) throw new StoreFault("failed", "the database does not say who connects");
  return row;
}

/**
 * The role that every connection has to take on; null where the one that connects is bound by
 * row-level security as it is. A fault, with what an administrator has to run, where neither can be.
 */
export function actingRole(standing: Standing): typeof APP_ROLE | null {
  const { role, isSuperuser, bypassesRowSecurity, ownsTables, mayActAsApp, mayWork } = standing;
  if (standing.hasAppRole && !standing.isAppBound) throw new StoreFault("unsupported", UNBOUND);
  if (mayActAsApp) return APP_ROLE;
  const isBound = !isSuperuser && !bypassesRowSecurity && !ownsTables;
  if (isBound && mayWork) return null;
  const why = isBound
    ? `the role ${role} may not work on this store`
    : `row-level security does not bind the role ${role}, and it may not take on ${APP_ROLE}`;
  throw unsettled(why, standing);
}

/**
 * As the owner of the tables, or as a superuser: makes the application's role where there is none,
 * lets it work on the tables, those to come among them, and lets the role that connects take it on.
 * Only what is missing is done. Any other role can give no rights, and gives none.
 */
export async function ensureRoles(client: OwnerClient): Promise<void> {
  let standing = await readStanding(client);
  if (!standing.ownsTables) return;
  try {
    if (!standing.hasAppRole) await tolerantly(client, MAKE_ROLE);
    standing = await readStanding(client);
    if (!(await grantTables(client))) throw unsettled(noGiver(standing), standing);
    const { mayActAsApp } = await readStanding(client);
    if (!mayActAsApp) await tolerantly(client, JOIN_ROLE);
  } catch (error) {
    if (!hasState(error, ["42501"])) throw error;
    throw unsettled(noGiver(standing), standing, error);
  }
}

const MAKE_ROLE = `do $$ begin
  create role planwright_app nologin;
exception when duplicate_object or unique_violation then null;
end $$`;

const JOIN_ROLE = `do $$ begin
  execute format('grant planwright_app to %I', current_user);
end $$`;

const UNBOUND = `row-level security does not bind the role ${APP_ROLE}: it is a superuser, has BYPASSRLS, or owns the tables. As a superuser, run:
alter role planwright_app nosuperuser nobypassrls;
and give the tables and functions of the schema planwright to another role, if they are its own.`;

/** `PLAN` + 1: who gives rights in one database waits for the others. */
const LOCK = 1_347_174_735;

/** False: what was given was not ours to give, of which the database only warns. */
function grantTables(client: OwnerClient): Promise<boolean> {
  return inTransaction(client, async () => {
    await ask(client, "select pg_advisory_xact_lock($1)", LOCK);
    if (await hasTables(client)) return true;
    await ask(client, GRANT);
    return hasTables(client);
  });
}

async function hasTables(client: OwnerClient): Promise<boolean> {
  return (await ask(client, MISSING, APP_ROLE)).length === 0;
}

/** Tables and sequences that the application's role may not use yet. */
const MISSING = `select oid from pg_class
  where relnamespace = 'planwright'::regnamespace
    and not case
      when not has_schema_privilege($1, relnamespace, 'USAGE') then false
      when relname = 'migrations' then has_table_privilege($1, oid, 'SELECT')
      when relname = 'events_position_seq' then has_sequence_privilege($1, oid, 'UPDATE')
      when relkind = 'r' then has_table_privilege($1, oid, 'SELECT')
        and has_table_privilege($1, oid, 'INSERT') and has_table_privilege($1, oid, 'UPDATE')
        and has_table_privilege($1, oid, 'DELETE')
      when relkind = 'S' then has_sequence_privilege($1, oid, 'USAGE')
      else true end
  order by oid limit 1`;

const GRANT = `
  grant usage on schema planwright to planwright_app;
  grant select, insert, update, delete on all tables in schema planwright to planwright_app;
  revoke insert, update, delete on planwright.migrations from planwright_app;
  grant usage on all sequences in schema planwright to planwright_app;
  grant update on sequence planwright.events_position_seq to planwright_app;
  alter default privileges in schema planwright
    grant select, insert, update, delete on tables to planwright_app;
  alter default privileges in schema planwright grant usage on sequences to planwright_app`;

const TRIES = 5;

/** Roles are shared by all databases of a server: somebody may be at the very same in another. */
async function tolerantly(client: OwnerClient, sql: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await ask(client, sql);
      return;
    } catch (error) {
      if (tries === TRIES || !hasState(error, COLLISIONS)) throw error;
    }
  }
}

/** Made meanwhile, given meanwhile, or "tuple concurrently updated". */
const COLLISIONS = ["42710", "23505", "XX000"];

function noGiver({ role }: Standing): string {
  return `the role ${role} may not give the rights that this store needs`;
}

function unsettled(why: string, { role, hasAppRole }: Standing, cause?: unknown): StoreFault {
  const statements = [
    ...(hasAppRole ? [] : ["create role planwright_app nologin;"]),
    ...GRANT.split(";").map((statement) => `${statement.trim().replaceAll(/\s+/g, " ")};`),
    `grant planwright_app to "${role.replaceAll('"', '""')}";`,
  ];
  const message = `${why}. As the owner of the tables, or as a superuser, run:\n${statements.join("\n")}`;
  return new StoreFault("unsupported", message, { cause });
}
