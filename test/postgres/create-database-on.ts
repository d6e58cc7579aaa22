import { randomBytes } from "node:crypto";
import { connected } from "./connected.ts";

/** An empty database, gone with its disposal, whoever may still be connected to it. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** As the superuser `postgres`. */
  readonly url: string;
}

/** A new database on the server of which a superuser's address is given. */
export async function createDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await connected(serverUrl, (client) =>
    client.query(`create database ${name} template template0 strategy file_copy`),
  );
  const url = new URL(serverUrl);
  url.pathname = name;
  return {
    name,
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await connected(serverUrl, (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}
