import { stringify } from "yaml";
import type { PlanDocument } from "../core/plan/document.ts";
import type { Syntax } from "./text/text-limits.ts";

/** A plan as text that reads back as the same plan. */
export function writePlan(document: PlanDocument, syntax: Syntax): string {
  if (syntax === "json") return `${JSON.stringify(document, null, 2)}\n`;
  return stringify(document, {
    version: "1.2",
    schema: "core",
    // What is the same by chance stays two values: no anchors.
    aliasDuplicateObjects: false,
    lineWidth: 100,
  });
}
