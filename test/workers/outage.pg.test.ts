import { expect, test, vi } from "vitest";
import { startServer } from "../postgres/start-server.ts";
import { eventually, Fleet, hasEnded, held, pidOf, says } from "./fleet.ts";

// Processes take their time where many tests run.
vi.setConfig({ testTimeout: 90_000 });

const SHORT = { ttlMs: 4000 };
const LONG = { ttlMs: 120_000 };

test("a worker that no lease is granted any more ends what it carries out, and begins anew when the database is back", async () => {
  await using server = await startServer({ durable: true });
  await using fleet = await Fleet.open(server);
  const worker = await fleet.worker("one", SHORT);
  const planId = await fleet.start({ hold: held("go") });
  await says(worker, "attempt.started hold 1");
  const pid = await pidOf(fleet, "go");
  await server.stop("immediate");
  await eventually("the end of its command", async () => hasEnded(pid) || null);
  fleet.write("go");
  await server.start();
  await says(worker, "attempt.started hold 2");
  await says(worker, "plan.completed");
  const ends = await fleet.event(planId, ({ type }) => type === "attempt.lost");
  expect(ends).toMatchObject({ stepKey: "hold", attempt: 1, data: { reason: "worker-gone" } });
  expect(await fleet.client.stores.check()).toEqual([]);
});

test("an outage that is shorter than the lease costs nobody what it carries out", async () => {
  await using server = await startServer({ durable: true });
  await using fleet = await Fleet.open(server);
  const workers = [await fleet.worker("one", LONG), await fleet.worker("two", LONG)];
  const planId = await fleet.start({
    hold: held("go"),
    after: { do: "tool", owner: "std.echo", needs: ["hold"] },
  });
  await fleet.event(planId, ({ type }) => type === "attempt.started");
  await server.stop("immediate");
  fleet.write("go");
  await server.start();
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  const events = await fleet.events(planId);
  expect(events.filter(({ type }) => type === "attempt.started")).toHaveLength(2);
  expect(workers.map(({ exit }) => exit)).toEqual([null, null]);
  expect((await fleet.living()).toSorted()).toEqual(["one", "two"]);
});
