import type { Pure } from "../core/pure.ts";
import { evaluateExpression } from "./expression.ts";
import { validateJson } from "./json-schema.ts";
import { resolveTemplate } from "./template.ts";

/** What the core cannot have itself, made of this floor and a SHA-256. */
export function createPure(digest: (text: string) => string): Pure {
  return {
    evaluate: evaluateExpression,
    resolve: resolveTemplate,
    validate: validateJson,
    digest,
  };
}
