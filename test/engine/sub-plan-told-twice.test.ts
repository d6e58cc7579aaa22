import { mkdtempSync, rmSync } from "node:fs";
import { hash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlanwright } from "../../src/create-planwright.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { StoreFault, type Stores } from "../../src/store/store.ts";
import { interceptStores } from "../../src/testing/intercept-stores.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-told-twice-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): Promise<Stores> {
  const pure = createPure((text) => hash("sha256", text));
  const path = join(folder, "planwright.db");
  return openSqlite({ path, clock: createSystemRuntime(), pure, ballastBytes: 0 });
}

// The second process knows the parent from its events, where keys are sorted.
test("a process that died between making a sub-plan and saying so is followed by one that goes on", async () => {
  const policy = { approval: "none" } as const;
  const steps = { say: { owner: "std.echo", do: "tool", with: { z: 1, a: 2 } } } as const;
  const inner = { steps, plan: "Inner" };
  const origin = { trust: "operator", kind: "library" } as const;
  const refused = Promise.withResolvers<void>();

  const stores = await open();
  const dying = interceptStores(stores, (call, run) => {
    if (call.command?.type !== "child.acknowledge") return run();
    refused.resolve();
    return Promise.reject(new StoreFault("unreachable", "the process dies here"));
  });
  const first = await createPlanwright({ store: dying, folder });
  const outer = { plan: "Outer", policy, steps: { sub: { do: "plan", plan: inner } } } as const;
  const submitted = await first.submit(outer, { start: true, origin });
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  await refused.promise;
  await first[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();

  await using again = await open();
  await using second = await createPlanwright({ store: again, folder });
  const result = await second.wait(submitted.plan.id);
  expect(result).toMatchObject({ ok: true, view: { plan: { status: "completed", error: null } } });
});
