import { expect, test } from "vitest";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedRuntime } from "./simulated-runtime.ts";

function start(name = "process") {
  const clock = new SimulatedClock(1000);
  return { clock, runtime: new SimulatedRuntime({ clock, seed: 1, name, skewMs: 500 }) };
}

test("its time is off by its skew, and what it measures is not", async () => {
  const { clock, runtime } = start();
  expect(runtime.now()).toBe(1500);
  runtime.skewMs = -200;
  await clock.advance(50);
  expect(runtime.now()).toBe(850);
  expect(runtime.monotonic()).toBe(50);
});

test("while it is stopped nothing of it happens, and then all at once", async () => {
  const { clock, runtime } = start();
  const told: string[] = [];
  runtime.setTimer(10, () => told.push(`timer at ${clock.now()}`));
  runtime.defer(() => told.push("deferred"));
  const promise = runtime.receive(Promise.resolve("answer")).then((value) => told.push(value));
  runtime.stop();
  await clock.advance(100);
  expect(told).toEqual([]);
  runtime.resume();
  await promise;
  expect(told.toSorted()).toEqual(["answer", "deferred", "timer at 1100"]);
});

test("of a killed one nothing is heard again", async () => {
  const { clock, runtime } = start();
  const told: string[] = [];
  runtime.setTimer(10, () => told.push("timer"));
  void runtime.receive(Promise.resolve("answer")).then((value) => told.push(value));
  runtime.kill();
  runtime.resume();
  await clock.advance(100);
  expect(told).toEqual([]);
  expect(runtime.state).toBe("killed");
});

test("a timer that is cancelled while it is stopped does not run when it goes on", async () => {
  const { clock, runtime } = start();
  let ran = false;
  const timer = runtime.setTimer(10, () => (ran = true));
  runtime.stop();
  await clock.advance(20);
  timer.cancel();
  runtime.resume();
  expect(ran).toBe(false);
});

test("its ids are UUIDs, its own, and the same each time", () => {
  const first = start("one").runtime;
  const again = start("one").runtime;
  const other = start("two").runtime;
  const id = first.uuid();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(again.uuid()).toBe(id);
  expect(other.uuid()).not.toBe(id);
  expect(first.uuid()).not.toBe(id);
});
