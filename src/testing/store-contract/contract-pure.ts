import { createHash } from "node:crypto";
import type { Pure } from "../../core/pure.ts";

/** No expressions and no schemas: the contract's plans have none. */
export const CONTRACT_PURE: Pure = {
  evaluate: (expression) => ({ ok: false, message: `no expressions here: ${expression}` }),
  resolve: (template) => ({ ok: true, value: template }),
  validate: () => [],
  digest: (text) => createHash("sha256").update(text).digest("hex"),
};
