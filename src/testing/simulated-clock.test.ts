import { expect, test } from "vitest";
import { SimulatedClock } from "./simulated-clock.ts";

test("timers run in the order of their times, each at its own moment", async () => {
  const clock = new SimulatedClock(0);
  const told: string[] = [];
  const tell = (what: string) => (): void => void told.push(`${what} at ${clock.now()}`);
  for (const ms of [50, 10, 30, 10, 90]) clock.setTimer(ms, tell(`${ms}`));
  await clock.advance(60);
  expect(told).toEqual(["10 at 10", "10 at 10", "30 at 30", "50 at 50"]);
  expect(clock.now()).toBe(60);
});

test("many timers come out sorted", async () => {
  const clock = new SimulatedClock(0);
  const told: number[] = [];
  const times = Array.from({ length: 500 }, (_, n) => (n * 7919) % 1009);
  for (const ms of times) clock.setTimer(ms, () => told.push(clock.now()));
  await clock.advance(2000);
  expect(told).toEqual(times.toSorted((left, right) => left - right));
});

test("time stands still while anything can proceed", async () => {
  const clock = new SimulatedClock(0);
  const told: string[] = [];
  clock.setTimer(1, () => told.push("timer"));
  clock.defer(() => {
    told.push("deferred");
    void Promise.resolve()
      .then(() => clock.defer(() => told.push("deferred by a promise")))
      .then(() => told.push("promise"));
  });
  await clock.advance(1);
  expect(told).toEqual(["deferred", "promise", "deferred by a promise", "timer"]);
});

test("a cancelled timer does not run", async () => {
  const clock = new SimulatedClock(0);
  let ran = false;
  clock.setTimer(5, () => (ran = true)).cancel();
  await clock.advance(10);
  expect(ran).toBe(false);
});

test("time does not pass a call that is under way", async () => {
  const clock = new SimulatedClock(0);
  const told: string[] = [];
  clock.setTimer(1, () => told.push("timer"));
  const call = clock.during(async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setImmediate(done));
    told.push("call");
  });
  await clock.advance(1);
  await call;
  expect(told).toEqual(["call", "timer"]);
});

test("what needs turns and no time is completed", async () => {
  const clock = new SimulatedClock(0);
  const value = await clock.complete(
    () => new Promise<string>((resolve) => clock.defer(() => resolve("done"))),
  );
  expect(value).toBe("done");
  expect(clock.now()).toBe(0);
});

test("timers that go round without delay are noticed", async () => {
  const clock = new SimulatedClock(0);
  const again = (): void => void clock.setTimer(0, again);
  again();
  await expect(clock.advance(1)).rejects.toThrow("go round in a circle");
});
