import { expect, test } from "vitest";
import { createTenantGate } from "./tenant-gate.ts";

const never = new AbortController().signal;

test("of each tenant so many are inside at once, and the others follow in turn", async () => {
  const gate = createTenantGate(2);
  const log: string[] = [];
  const enter = async (name: string) => {
    const place = await gate.enter("a", never);
    log.push(name);
    return place;
  };
  const [first] = [await enter("1"), await enter("2")];
  const third = enter("3");
  const fourth = enter("4");
  await gate.enter("b", never);
  expect(log).toEqual(["1", "2"]);
  first[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  await fourth;
  expect(log).toEqual(["1", "2", "3", "4"]);
});

test("who gives up waiting leaves the line", async () => {
  const gate = createTenantGate(1);
  const place = await gate.enter("a", never);
  const controller = new AbortController();
  const waiting = gate.enter("a", controller.signal);
  const next = gate.enter("a", never);
  controller.abort();
  await expect(waiting).rejects.toThrow("aborted before its turn");
  await expect(gate.enter("a", controller.signal)).rejects.toThrow("aborted before its turn");
  place[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  (await gate.enter("a", never))[Symbol.dispose]();
});
