import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Spawned } from "../process/spawned.ts";
import { until } from "../process/until.ts";
import { Witness } from "./witness.ts";

const PATIENCE_MS = 10_000;
let folder: string;
let witness: Witness;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-witness-"));
  witness = new Witness(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Execution {
  readonly life: string;
  readonly step: string;
  readonly attempt?: number;
  readonly seconds?: string;
  readonly kind?: string;
}

function begin({ life, step, attempt = 1, seconds = "0", kind = "plain" }: Execution): Spawned {
  return new Spawned(["sh", Witness.step, seconds, kind, "a line"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      WITNESS: folder,
      LC_WITNESS_LIFE: life,
      PLANWRIGHT_PLAN_ID: "pln_1",
      PLANWRIGHT_STEP_KEY: step,
      PLANWRIGHT_ATTEMPT: String(attempt),
      PLANWRIGHT_IDEMPOTENCY_KEY: `key-of-${step}`,
    },
  });
}

function kinds(): readonly string[] {
  return witness.read().map(({ kind, stepKey }) => `${kind} ${stepKey}`);
}

test("what a step prints is handed on, and its start and its end are written down", async () => {
  await using step = begin({ life: "life-1", step: "a" });
  await step.endsWith(0, PATIENCE_MS);
  expect(step.lines).toEqual(["a line"]);
  expect(kinds()).toEqual(["start a", "end a"]);
  expect(witness.read()[0]).toMatchObject({
    life: "life-1",
    planId: "pln_1",
    attempt: 1,
    idempotencyKey: "key-of-a",
  });
});

test("a command that outlives its worker is found by the next worker's steps", async () => {
  await using survivor = begin({ life: "life-1", step: "a", seconds: "60" });
  await until("its start", PATIENCE_MS, () => kinds().includes("start a") || null);
  await using next = begin({ life: "life-2", step: "b" });
  await next.endsWith(0, PATIENCE_MS);
  expect(kinds()).toEqual(["start a", "start b", "outlived b", "end b"]);
  expect(witness.findLiving()).toHaveLength(1);
  expect(witness.findLiving()[0]).toContain(`~${survivor.pid}~`);
});

test("a child that a command left behind is found after the command is gone", async () => {
  await using step = begin({ life: "life-1", step: "a", kind: "brood" });
  await step.endsWith(0, PATIENCE_MS);
  const [child = ""] = witness.findLiving();
  await using next = begin({ life: "life-2", step: "b" });
  await next.endsWith(0, PATIENCE_MS);
  process.kill(Number(child.split("~")[4]), "SIGKILL");
  expect(kinds()).toContain("outlived b");
});

test("two attempts of one step at once are found", async () => {
  await using first = begin({ life: "life-1", step: "a", seconds: "60" });
  await until("its start", PATIENCE_MS, () => kinds().includes("start a") || null);
  await using second = begin({ life: "life-1", step: "a", attempt: 2 });
  await second.endsWith(0, PATIENCE_MS);
  expect(kinds()).toContain("overlap a");
  expect(first.exit).toBeNull();
});

test("a command that ignores SIGTERM is one that ignores SIGTERM", async () => {
  await using step = begin({ life: "life-1", step: "a", seconds: "0.3", kind: "deaf" });
  await until("its start", PATIENCE_MS, () => kinds().includes("start a") || null);
  step.kill("SIGTERM");
  await step.endsWith(0, PATIENCE_MS);
  expect(kinds()).toEqual(["start a", "end a"]);
});
