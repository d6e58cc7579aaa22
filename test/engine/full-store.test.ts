import { createHash, hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { createPlanwright } from "../../src/create-planwright.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import type { Planwright } from "../../src/planwright.ts";
import { openMemory } from "../../src/store/memory/open-memory.ts";
import { StoreFault } from "../../src/store/store.ts";
import { interceptStores, type StoreOperation } from "../../src/testing/intercept-stores.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-full-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A store that refuses some operations for want of room, as long as it is told to. */
function openFullStore(isRefused: (operation: StoreOperation) => boolean) {
  const pure = createPure((text) => hash("sha256", text));
  const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
  const stores = openMemory({ clock: createSystemRuntime(), pure, sha256 });
  return interceptStores(stores, async (call, run) => {
    if (isRefused(call.operation)) {
      throw new StoreFault("full", "the disk is full", { retryable: true });
    }
    return await run();
  });
}

/** Refuses an operation for the first few times. */
function firstTimes(operation: StoreOperation, times: number) {
  let left = times;
  return (asked: StoreOperation): boolean => {
    if (asked !== operation || left === 0) return false;
    left -= 1;
    return true;
  };
}

async function runStep(planwright: Planwright, step: StepDocument) {
  const policy = { approval: "none", retry: { attempts: 1 } } as const;
  const result = await planwright.run({ plan: "Full", policy, steps: { step } });
  if (!result.ok) throw new Error(result.refusal.message);
  return result.view;
}

describe("a store without room", () => {
  test("a command whose process cannot be put on record waits for it, and has not failed", async () => {
    const store = openFullStore(firstTimes("recordProcess", 2));
    await using planwright = await createPlanwright({ store, folder });
    const step = { do: "command", with: { run: "echo done" }, effect: "once" } as const;
    const { plan, steps } = await runStep(planwright, step);
    expect(plan.status).toBe("completed");
    expect(steps["step"]).toMatchObject({ attempts: 1, output: { stdout: "done\n" } });
  });

  test("output that has no room yet is kept when it has, and the work is not done again", async () => {
    const store = openFullStore(firstTimes("putArtifact", 2));
    await using planwright = await createPlanwright({ store, folder });
    const run = "head -c 100000 /dev/zero | tr '\\0' x";
    const { plan, steps } = await runStep(planwright, { do: "command", with: { run } });
    expect(plan.status).toBe("completed");
    expect(steps["step"]?.attempts).toBe(1);
    expect(steps["step"]?.artifacts.map(({ size }) => size)).toEqual([100_000]);
  });

  test("a worker that is told to stop comes to its end, although nothing can be put on record", async () => {
    let isFull = false;
    const began = Promise.withResolvers<void>();
    const store = openFullStore((operation) => isFull && operation !== "read");
    const planwright = await createPlanwright({
      store,
      folder,
      onFault: () => began.resolve(),
    });
    const steps = { step: { do: "command", with: { run: "sleep 0.1" } } } as const;
    const policy = { approval: "none" } as const;
    const submitted = await planwright.submit({ plan: "Full", policy, steps }, { start: true });
    expect(submitted.ok).toBe(true);
    isFull = true;
    await began.promise;
    await planwright.drain(10);
  });
});
