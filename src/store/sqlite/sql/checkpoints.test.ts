import { describe, expect, test } from "vitest";
import { viewPlan } from "../../../core/plan/view.ts";
import { onStore, planOf } from "../../../testing/store-contract/fixture.ts";
import { openDriver, type Driver } from "../driver.ts";
import { openSqlite } from "../open-sqlite.ts";

const EVENTS = 6000;

test("a long log is read from its checkpoint on, and comes to the same plan", async () => {
  let driver: Driver | undefined;
  const open: Parameters<typeof onStore>[0]["open"] = (options) =>
    openSqlite({
      ...options,
      path: ":memory:",
      // Nothing stays folded, so every look reads the plan afresh.
      cache: { activeMax: 0, idleMax: 0 },
      openDriver: (where) => (driver = openDriver(where)),
    });
  await onStore({ name: "", describe, test, open }, async (fixture) => {
    await fixture.start("pln_1", planOf({ pause: { do: "wait", wait: { signal: "end" } } }));
    const signals = Array.from({ length: EVENTS }, (_, index) =>
      fixture.commit(
        fixture.command("signal.deliver", { data: { name: `s${index % 10}`, payload: index } }),
      ),
    );
    expect((await Promise.all(signals)).every((decision) => decision.ok)).toBe(true);
    const before = await fixture.store.read("pln_1", viewPlan);
    expect(await fixture.stores.check()).toEqual([]);
    // Without its first events the log cannot be folded from the beginning any more.
    driver?.run("delete from events where seq < 10");
    expect(await fixture.store.read("pln_1", viewPlan)).toEqual(before);
    await fixture.accept(
      fixture.command("signal.deliver", { data: { name: "end", payload: null } }),
    );
    const after = await fixture.store.read("pln_1", viewPlan);
    expect(after?.plan.status).toBe("completed");
  })();
});
