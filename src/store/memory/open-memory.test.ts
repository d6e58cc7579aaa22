import { createHash } from "node:crypto";
import { describe, test } from "vitest";
import { storeContract } from "../../testing/store-contract.ts";
import { openMemory } from "./open-memory.ts";

storeContract({
  name: "the store in memory",
  describe,
  test,
  open: async (options) =>
    openMemory({
      ...options,
      sha256: (content) => createHash("sha256").update(content).digest("hex"),
    }),
});
