import { canonicalJson } from "../canonical-json.ts";
import { findForbiddenKey } from "../forbidden-key.ts";
import { findFaults } from "../graph/find-faults.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { Refusal } from "../refusal.ts";
import { approvePlan, startPlan, submitPlan } from "./approve.ts";
import type { PlanCommandOf } from "./command.ts";
import type { Deciding } from "./deciding.ts";

type Create = PlanCommandOf<"plan.create">;

/** Makes a plan of a text that passes the check; nothing is stored of one that does not. */
export function createPlan(deciding: Deciding, command: Create): Refusal | null {
  const { document, limits } = command;
  const faults = findFaults(document, limits);
  if (faults.length > 0) {
    const message = `the plan is not valid: ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
    return { code: "invalid-plan", message, faults };
  }
  if ((command.parent?.depth ?? 0) > limits.depthMax) {
    const message = `plans are nested more than ${limits.depthMax} deep`;
    const fault = { code: "too-deep", message, pointer: "" };
    return { code: "invalid-plan", message, faults: [fault] };
  }
  const key = findForbiddenKey(command.inputs);
  if (key !== null) {
    const message = `the inputs have the key "${key}", which nothing that is stored may have`;
    const fault = { code: "forbidden-key", message, pointer: "/inputs" };
    return { code: "invalid-input", message, faults: [fault] };
  }
  emitCreated(deciding, command);
  return begin(deciding, command.begin ?? "draft");
}

function emitCreated(deciding: Deciding, command: Create): void {
  const { document, inputs, pins, origin, limits, parent } = command;
  const text: Json = JSON.parse(JSON.stringify({ document, inputs, pins }));
  const digest = deciding.pure.digest(canonicalJson(text));
  deciding.revision = { number: 1, digest, document, inputs, pins };
  deciding.emit("plan.created", {
    name: document.plan,
    revision: 1,
    digest,
    origin,
    limits,
    ...(parent === undefined ? {} : { parent }),
  });
  for (const [name, { type }] of Object.entries(document.inputs ?? {})) {
    if (type === "file") publishFile(deciding, inputs[name]);
  }
}

/** A file that a plan is given is its artifact from the beginning. */
function publishFile(deciding: Deciding, input: Json | undefined): void {
  if (!isJsonObject(input)) return;
  const { name, sha256, size, mediaType } = input;
  if (typeof name !== "string" || typeof sha256 !== "string") return;
  if (typeof size !== "number" || typeof mediaType !== "string") return;
  const artifact = { id: deciding.id("art"), name, sha256, size, mediaType };
  deciding.emit("artifact.published", { artifact });
}

/** A sub-plan stands in the text that was approved with its parent: it is approved by that. */
function begin(deciding: Deciding, upTo: "draft" | "submitted" | "started"): Refusal | null {
  if (upTo === "draft") return null;
  if (upTo === "submitted") return submitPlan(deciding);
  deciding.emit("plan.submitted", { digest: deciding.plan.revision.digest });
  return approvePlan(deciding, { by: "parent" }) ?? startPlan(deciding);
}
