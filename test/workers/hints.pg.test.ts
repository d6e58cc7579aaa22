import { hash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { createCommitter } from "../../src/engine/committer.ts";
import { createStoreDispatcher } from "../../src/engine/dispatcher.ts";
import { Engine } from "../../src/engine/engine.ts";
import { createStoreRuntime } from "../../src/engine/store-runtime.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../src/store/store.ts";
import { startTcpProxy, type TcpProxy } from "../../src/testing/faults/tcp-proxy.ts";
import { eventually, Fleet, hasEnded, held, pidOf, says } from "./fleet.ts";

// Processes take their time where many tests run.
vi.setConfig({ testTimeout: 90_000 });

const WITHIN_MS = 40_000;
const NEVER_MS = 24 * 60 * 60 * 1000;

test("work that another process leaves is begun without anybody looking for it", async () => {
  await using fleet = await Fleet.open();
  await using worker = await startWokenWorker(fleet.url, "default");
  const planId = await fleet.start({
    one: { do: "tool", owner: "std.echo" },
    two: { do: "tool", owner: "std.echo", needs: ["one"] },
  });
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(worker.carriedOut).toEqual(["one", "two"]);
});

test("a command line that ends at once has woken the workers", async () => {
  await using fleet = await Fleet.open();
  await using worker = await startWokenWorker(fleet.url, "default");
  const gate = { do: "human", request: { kind: "approval", title: "Agree?" } } as const;
  const planId = await fleet.start({
    agree: gate,
    after: { do: "tool", owner: "std.echo", needs: ["agree"] },
  });
  const asked = await fleet.event(planId, ({ type }) => type === "request.created");
  const { requestId = "" } = asked.type === "request.created" ? asked.data : {};
  await fleet.cli("request", "approve", requestId).endsWith(0, WITHIN_MS);
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(worker.carriedOut).toEqual(["after"]);
});

test("who serves other pools is left asleep", async () => {
  await using fleet = await Fleet.open();
  await using gpu = await startWokenWorker(fleet.url, "gpu");
  await using worker = await startWokenWorker(fleet.url, "default");
  const before = gpu.looks();
  const planId = await fleet.start({ one: { do: "tool", owner: "std.echo" } });
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(worker.carriedOut).toEqual(["one"]);
  expect(gpu.looks()).toBe(before);
});

test("where LISTEN is not to be had, work is found by looking for it", async () => {
  await using fleet = await Fleet.open();
  await using proxy = await refuseListening(fleet.url);
  const worker = await fleet.worker("one", { url: proxy.route(fleet.url) });
  const planId = await fleet.start({ one: { do: "tool", owner: "std.echo" } });
  await says(worker, "attempt.started one 1");
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(proxy.commitCuts.made).toBeGreaterThan(0);
});

test("where LISTEN is not to be had, a cancelled plan's command is ended all the same", async () => {
  await using fleet = await Fleet.open();
  await using proxy = await refuseListening(fleet.url);
  const worker = await fleet.worker("one", { url: proxy.route(fleet.url) });
  const planId = await fleet.start({ hold: held("never") });
  await says(worker, "attempt.started hold 1");
  const pid = await pidOf(fleet, "never");
  await fleet.cli("plan", "cancel", planId).endsWith(0, WITHIN_MS);
  await eventually("the end of its command", async () => hasEnded(pid) || null);
  expect((await fleet.events(planId)).at(-1)?.type).toBe("plan.cancelled");
});

/** Cuts every connection at its LISTEN. */
async function refuseListening(url: string): Promise<TcpProxy> {
  const port = Number(new URL(url).port);
  const isCommit = (statement: string): boolean => statement.startsWith("listen ");
  const proxy = await startTcpProxy({ port, isCommit });
  proxy.cutCommits();
  return proxy;
}

/** A worker that never looks for work unless it is told that there is some. */
async function startWokenWorker(url: string, pool: string) {
  const system = createSystemRuntime();
  const pure = createPure((text) => hash("sha256", text));
  const stores = await openPostgres({ url, clock: system, pure, acceptDataLoss: true });
  const runtime = createStoreRuntime(system, stores.clock);
  const dispatcher = createStoreDispatcher(stores);
  const committer = createCommitter({ stores, runtime, dispatcher });
  const carriedOut: string[] = [];
  let looks = 0;
  const due = stores.due.bind(stores);
  stores.due = (query) => {
    looks += 1;
    return due(query);
  };
  const engine = new Engine({
    stores,
    runtime,
    pure,
    committer,
    dispatcher,
    executors: [
      {
        capabilities: ["tool:std.echo"],
        execute: async ({ stepKey }) => {
          carriedOut.push(stepKey);
          return { kind: "succeeded", output: null };
        },
      },
    ],
    holder: { name: pool, host: "box", pid: 1, bootId: null },
    endProcess: () => Promise.resolve("gone"),
    pools: [pool],
    sweepMs: NEVER_MS,
  });
  await hearing(stores);
  await engine.start();
  await eventually("its first look", async () => looks > 0 || null);
  return {
    carriedOut,
    looks: () => looks,
    [Symbol.asyncDispose]: async () => {
      await engine.drain(0);
      await stores[Symbol.asyncDispose]();
    },
  };
}

/** When it hears others: it is then told that it may have missed something. */
async function hearing(stores: Stores): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stores.listen(() => resolve());
  await promise;
}
