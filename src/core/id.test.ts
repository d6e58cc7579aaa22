import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { deriveId } from "./id.ts";

const sha256 = (text: string) => hash("sha256", text);

test("an id follows from its command, and is shaped as a UUID of version 8", () => {
  const ids = Array.from({ length: 200 }, (_, index) => deriveId("req", `cmd_${index}`, 1, sha256));
  for (const id of ids) {
    expect(id).toMatch(/^req_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(ids).size).toBe(200);
  expect(deriveId("req", "cmd_7", 1, sha256)).toBe(ids[7]);
});

test("a command's ids differ by their number, and by what they name", () => {
  const ids = [
    deriveId("req", "cmd_1", 1, sha256),
    deriveId("req", "cmd_1", 2, sha256),
    deriveId("pln", "cmd_1", 1, sha256),
  ].map((id) => id.slice(4));
  expect(new Set(ids).size).toBe(3);
});
