import { expect, test } from "vitest";
import { given, type Given, type Wish } from "../given.ts";
import { SimulatedClock } from "../simulated-clock.ts";
import { checkWorld, type Losses } from "./check-world.ts";
import { World } from "./world.ts";

const offer = {
  workerId: "wrk_1",
  slots: 1,
  pools: ["default"],
  capabilities: new Set(["command", "agent"]),
  idle: true,
};
const LEASE: Wish = { type: "attempt.lease", offer };
const LOSE: Wish = { type: "attempt.lose", stepKey: "a", attempt: 1, reason: "worker-gone" };

function begun(effect: "once" | "repeatable"): Given {
  return given({
    plan: "One step",
    policy: { approval: "none" },
    steps: { a: { do: "command", effect, with: { argv: ["make"] } } },
  }).after({ type: "plan.submit" }, { type: "plan.start" }, LEASE);
}

function check(history: Given, world: World, losses: Losses = new Map()): readonly string[] {
  const kept = { planId: history.plan.id, chain: [], ...history };
  return checkWorld(kept, { world, losses, sameHost: true });
}

function attempt(history: Given, number: number) {
  const effect = history.plan.graph.specs.get("a")?.effect ?? "none";
  return { planId: history.plan.id, stepKey: "a", attempt: number, effect };
}

test("an attempt that is carried out once does what it was started for", () => {
  const history = begun("once");
  const world = new World(new SimulatedClock());
  world.begin(attempt(history, 1));
  world.act(attempt(history, 1), "call");
  expect(check(history, world)).toEqual([]);
});

test("an attempt that was never started, or is carried out twice, is found", () => {
  const history = begun("once");
  const world = new World(new SimulatedClock());
  world.begin(attempt(history, 1));
  world.begin(attempt(history, 1));
  world.begin(attempt(history, 2));
  expect(check(history, world)).toEqual([
    expect.stringContaining("a 1 is carried out 2 times"),
    expect.stringContaining("a 2 is carried out and was never started"),
  ]);
});

test("what is harmless may happen again after a loss, and what happens once may not", () => {
  for (const effect of ["repeatable", "once"] as const) {
    const history = begun(effect).after(LOSE);
    const world = new World(new SimulatedClock());
    world.act(attempt(history, 1), "call");
    world.act(attempt(history, 2), "call");
    expect(check(history, world)).toHaveLength(effect === "once" ? 1 : 0);
  }
});

test("a person's word lets it happen again", () => {
  const history = begun("once").after(LOSE, { type: "step.retry", stepKey: "a" });
  const world = new World(new SimulatedClock());
  world.act(attempt(history, 1), "call");
  world.act(attempt(history, 2), "call");
  expect(check(history, world)).toEqual([]);
});

test("a command that goes on after its attempt was taken over is found", async () => {
  const clock = new SimulatedClock();
  const world = new World(clock);
  const history = begun("repeatable").after(LOSE);
  const losses = new Map([[`${history.plan.id} a 1`, { at: clock.now() + 50, workerId: "wrk_1" }]]);
  const program = world.nameProgram();
  world.run(program, 100, (begunAt) => world.act(attempt(history, 1), "call", begunAt));
  await clock.advance(200);
  expect(check(history, world, losses)).toEqual([
    expect.stringContaining("outlived its being taken over"),
  ]);
});

test("a command that is let go after its attempt was taken over is found", async () => {
  const clock = new SimulatedClock();
  const world = new World(clock);
  const history = begun("repeatable").after(LOSE);
  const losses = new Map([[`${history.plan.id} a 1`, { at: clock.now(), workerId: "wrk_1" }]]);
  await clock.advance(100);
  const program = world.nameProgram();
  world.run(program, 100, (begunAt) => world.act(attempt(history, 1), "call", begunAt));
  await clock.advance(200);
  expect(check(history, world, losses)).toEqual([
    expect.stringContaining("outlived its being taken over"),
  ]);
});

test("a program that was ended does nothing, also if it was ended before it was let go", async () => {
  const clock = new SimulatedClock();
  const world = new World(clock);
  const [running, named] = [world.nameProgram(), world.nameProgram()];
  const history = begun("repeatable");
  const deed = (): void => world.act(attempt(history, 1), "call");
  world.run(running, 100, deed);
  world.endProgram(running);
  world.endProgram(named);
  world.run(named, 100, deed);
  await clock.advance(200);
  expect(world.deeds).toEqual([]);
});
