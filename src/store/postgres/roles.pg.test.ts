import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connected } from "../../../test/postgres/connected.ts";
import type { TestDatabase } from "../../../test/postgres/create-database-on.ts";
import type { PostgresServer } from "../../../test/postgres/postgres-server.ts";
import { startServer } from "../../../test/postgres/start-server.ts";
import { StoreFault } from "../store.ts";
import { migrate } from "./migrate.ts";
import { actingRole, APP_ROLE, ensureRoles, readStanding } from "./roles.ts";

/** A server of its own: roles are shared by all databases of one. */
let server: PostgresServer;
let database: TestDatabase;

beforeAll(async () => {
  server = await startServer({ durable: false });
});

beforeEach(async () => {
  await database?.[Symbol.asyncDispose]();
  await asSuperuser(server.url, async (admin) => {
    const { rows } = await admin.query<{ statement: string }>(
      `select format('drop role %I', rolname) as statement from pg_roles
       where oid >= 16384 order by rolname`,
    );
    for (const { statement } of rows) await admin.query(statement);
  });
  database = await server.createDatabase();
});

afterAll(() => server[Symbol.asyncDispose]());

const asSuperuser = connected;

/** A role with its attributes, made by the superuser. */
async function addRole(name: string, attributes = ""): Promise<void> {
  await asSuperuser(database.url, async (admin) => {
    await admin.query(`create role ${name} login password 'secret' ${attributes}`);
  });
}

function as<T>(role: string, work: (client: Client) => Promise<T>): Promise<T> {
  const url = new URL(database.url);
  url.username = role;
  url.password = "secret";
  return connected(url.href, work);
}

/** The store's tables, as those of a role that may do no more than own them. */
async function migrateAs(role: string, attributes = ""): Promise<void> {
  await addRole(role, attributes);
  await asSuperuser(database.url, (admin) =>
    admin.query(`alter database ${database.name} owner to ${role}`),
  );
  await as(role, (client) => migrate(client, { breaking: false }));
}

async function actingRoleOf(client: Client): Promise<string | null> {
  return actingRole(await readStanding(client));
}

/** What a fault tells an administrator to run. */
async function statementsIn(work: Promise<unknown>): Promise<string> {
  const fault = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ code: "unsupported" });
  return StoreFault.is(fault) ? fault.message.slice(fault.message.indexOf("\n")) : "";
}

/** Works as an application does, in the role that it has to take on. */
async function workAs(client: Client): Promise<void> {
  const role = await actingRoleOf(client);
  if (role !== null) await client.query(`set role ${role}`);
  await client.query("set search_path = planwright");
  await client.query("begin; set local app.scope = 'fleet'");
  await client.query("insert into tenants (id) values ('acme')");
  await client.query("select nextval('plan_numbers')");
  await client.query("commit");
}

describe("the application's role", () => {
  test("is made by a superuser, who acts as that role from then on", async () => {
    await asSuperuser(database.url, async (client) => {
      await migrate(client, { breaking: false });
      await ensureRoles(client);
      expect(await actingRoleOf(client)).toBe(APP_ROLE);
      await workAs(client);
    });
  });

  test("is made by an owner who may make roles, and who acts as that role from then on", async () => {
    await migrateAs("maker", "createrole");
    await as("maker", async (client) => {
      await ensureRoles(client);
      await ensureRoles(client);
      expect(await actingRoleOf(client)).toBe(APP_ROLE);
      await workAs(client);
    });
  });

  test("is to be made by an administrator where the owner may not, who is told how", async () => {
    await migrateAs("owner");
    const statements = await statementsIn(as("owner", ensureRoles));
    expect(statements).toContain("create role planwright_app nologin;");
    expect(statements).toContain('grant planwright_app to "owner";');
    await asSuperuser(database.url, (admin) => admin.query(statements));
    await as("owner", async (client) => {
      await ensureRoles(client);
      await workAs(client);
    });
  });

  test("is let into the schema by whose it is, where that is not the owner of the tables", async () => {
    await migrateAs("maker", "createrole");
    await asSuperuser(database.url, (admin) =>
      admin.query(`alter schema planwright owner to postgres;
        grant usage, create on schema planwright to maker`),
    );
    const statements = await statementsIn(as("maker", ensureRoles));
    await asSuperuser(database.url, (admin) => admin.query(statements));
    await as("maker", async (client) => {
      await ensureRoles(client);
      await workAs(client);
    });
  });

  test("may use tables that come later, but not write down migrations", async () => {
    await migrateAs("maker", "createrole");
    await as("maker", async (client) => {
      await ensureRoles(client);
      await client.query("create table planwright.later (id bigint)");
      await client.query("set role planwright_app");
      await client.query("insert into planwright.later (id) values (1)");
      await expect(client.query("delete from planwright.migrations")).rejects.toMatchObject({
        code: "42501",
      });
      await expect(client.query("truncate planwright.events")).rejects.toMatchObject({
        code: "42501",
      });
    });
  });

  test("is made once, though many databases want it at the same moment", async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => server.createDatabase()));
    try {
      const acting = await Promise.all(
        [...databases, ...databases].map(({ url }) =>
          asSuperuser(url, async (client) => {
            await migrate(client, { breaking: false });
            await ensureRoles(client);
            return actingRoleOf(client);
          }),
        ),
      );
      expect(new Set(acting)).toEqual(new Set([APP_ROLE]));
    } finally {
      for (const one of databases) await one[Symbol.asyncDispose]();
    }
  });
});

describe("a role that connects", () => {
  test("works as it is where row-level security binds it and it has the rights", async () => {
    await migrateAs("maker", "createrole");
    await as("maker", ensureRoles);
    await addRole("plain", "in role planwright_app");
    await addRole("reluctant", "noinherit in role planwright_app");
    await as("plain", workAs);
    await as("reluctant", async (client) => {
      expect(await actingRoleOf(client)).toBe(APP_ROLE);
    });
    await addRole("direct");
    await as("maker", async (client) => {
      await client.query("grant usage on schema planwright to direct");
      await client.query("grant select, insert on all tables in schema planwright to direct");
    });
    await as("direct", async (client) => {
      await ensureRoles(client);
      expect(await actingRoleOf(client)).toBe(null);
    });
  });

  test("without any right is refused, with what gives it the right", async () => {
    await migrateAs("maker", "createrole");
    await as("maker", ensureRoles);
    await addRole("stranger");
    const statements = await statementsIn(as("stranger", actingRoleOf));
    await asSuperuser(database.url, (admin) => admin.query(statements));
    await as("stranger", workAs);
  });

  test("P21: that goes round row-level security never works as it is", async () => {
    await migrateAs("maker", "createrole");
    await as("maker", ensureRoles);
    await addRole("bypasser", "bypassrls");
    await addRole("heir", "in role maker");
    for (const role of ["bypasser", "heir"]) {
      await asSuperuser(database.url, (admin) =>
        admin.query(`grant all on all tables in schema planwright to ${role}`),
      );
    }
    await expect(as("bypasser", actingRoleOf)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("row-level security does not bind the role bypasser"),
    });
    await as("heir", async (client) => {
      await ensureRoles(client);
      expect(await actingRoleOf(client)).toBe(APP_ROLE);
    });
  });

  test("P21: is refused where the application's role itself is not bound", async () => {
    await migrateAs("planwright_app");
    await expect(as("planwright_app", actingRoleOf)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("row-level security does not bind the role planwright_app"),
    });
  });
});
