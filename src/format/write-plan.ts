import { Document, isScalar, Scalar, visit } from "yaml";
import type { PlanDocument } from "../core/plan/document.ts";
import type { Syntax } from "./text/text-limits.ts";

/** A plan as text that reads back as the same plan. */
export function writePlan(document: PlanDocument, syntax: Syntax): string {
  if (syntax === "json") return `${JSON.stringify(document, null, 2)}\n`;
  const yaml = new Document(document, {
    version: "1.2",
    schema: "core",
    // What is the same by chance stays two values: no anchors.
    aliasDuplicateObjects: false,
  });
  visit(yaml, {
    Pair(_position, { key }) {
      // Bare, it would be a merge key to other readers, and is refused by this one.
      if (isScalar(key) && key.value === "<<") key.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return yaml.toString({ lineWidth: 100 });
}
