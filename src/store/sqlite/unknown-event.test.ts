import { describe, expect, test } from "vitest";
import { onStore, planOf } from "../../testing/store-contract/fixture.ts";
import { openDriver, type Driver } from "./driver.ts";
import { openSqlite } from "./open-sqlite.ts";

let driver: Driver | undefined;

const options: Parameters<typeof onStore>[0] = {
  name: "",
  describe,
  test,
  open: (given) =>
    openSqlite({
      ...given,
      path: ":memory:",
      openDriver: (where) => (driver = openDriver(where)),
    }),
};

test(
  "P22: an event of a later release stops its plan with a named fault, and the others go on",
  onStore(
    options,
    async (fixture) => {
      await fixture.start("pln_1", planOf({ a: [] }));
      await fixture.start("pln_2", planOf({ a: [] }));
      driver?.run(
        "update events set body = replace(body, 'plan.started', 'plan.begun') where plan_no = 1",
      );
      const fault = {
        code: "unknown-event",
        message: expect.stringMatching(
          /^pln_1\/\d is plan.begun in shape 1, and this release knows/,
        ),
      };
      await expect(fixture.store.read("pln_1", () => true)).rejects.toMatchObject(fault);
      const [strange, plain] = await Promise.allSettled([
        fixture.commit(fixture.leaseCommand("pln_1")),
        fixture.accept(fixture.leaseCommand("pln_2")),
      ]);
      expect(strange).toMatchObject({ status: "rejected", reason: fault });
      expect(plain).toMatchObject({ value: { leases: [{ planId: "pln_2" }] } });
      expect((await fixture.store.events("pln_1")).map(({ type }) => type)).toContain("plan.begun");
    },
    { activeMax: 0, idleMax: 0 },
  ),
);
