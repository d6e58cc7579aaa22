import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import type { PostgresServer } from "./postgres-server.ts";
import { startServer } from "./start-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whom to ask for the address of the suite's Postgres server. */
    readonly postgres: string;
  }
}

/**
 * One server for a whole run, shared by all test files. It is started when the first of them asks
 * for it: a run in which none does pays nothing.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | null = null;
  // The answer holds a superuser's password: only who was told the path gets it.
  const path = `/${randomUUID()}`;
  const desk = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    server ??= startServer({ durable: false });
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(desk.listen(0, "127.0.0.1"), "listening");
  const { port } = desk.address() as AddressInfo;
  project.provide("postgres", `http://127.0.0.1:${port}${path}`);
  return async () => {
    desk.close();
    desk.closeAllConnections();
    // One that could not be started has been told to those who asked for it.
    await (await server?.catch(() => null))?.[Symbol.asyncDispose]();
  };
}
