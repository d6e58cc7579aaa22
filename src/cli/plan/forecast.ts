import { forecastPlan, type Forecast } from "../../core/graph/forecast.ts";
import { DEFAULT_LIMITS } from "../../core/limits.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import { pinsOf } from "../../engine/pins.ts";
import { STANDARD_TOOLS } from "../../executor/tool/standard-tools.ts";
import type { Act } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";
import { table } from "../screen/table.ts";
import { briefDuration } from "../screen/time.ts";
import { visible, visibleJson } from "../screen/visible.ts";
import { readPlanFile } from "./read-plan-file.ts";

/** Foretells how a plan file will be carried out. */
export const forecast: Act = async (given, face) => {
  const read = await readPlanFile(given.argument(0), face, "look");
  if (!read.ok) return read.code;
  tellForecast(read.document, given.flag("json"), face);
  return EXIT.done;
};

/** Writes the forecast of a plan as JSON, or for people. */
export function tellForecast(document: PlanDocument, json: boolean, face: Face): void {
  const pins = pinsOf(document, new Map(STANDARD_TOOLS.map(({ name, effect }) => [name, effect])));
  const foretold = forecastPlan(document, pins, DEFAULT_LIMITS);
  face.data(json ? visibleJson(foretold, 2) : asText(document, foretold, face));
}

const LAYERS_SHOWN = 20;

function asText(document: PlanDocument, foretold: Forecast, face: Face): string {
  const { layers, criticalPath, effects, owners, lists, policy } = foretold;
  const layerRows = layers
    .slice(0, LAYERS_SHOWN)
    .map((keys, index) => [`  ${index + 1}`, names(keys)]);
  const more = layers.length > LAYERS_SHOWN ? [[`  … ${layers.length - LAYERS_SHOWN} more`]] : [];
  const sections: (readonly [string, string])[] = [
    [`Layers (${layers.length}: what may start together)`, table([...layerRows, ...more])],
    [`Longest chain (${criticalPath.length} steps)`, `  ${visible(criticalPath.join(" → "))}`],
    ["People", `  ${peopleText(foretold)}`],
    [
      "Effects (after a crash in the middle)",
      effects.length === 0
        ? "  none"
        : table(
            effects.map((one) => [`  ${visible(one.stepKey)}`, MEANING[one.effect], from(one)]),
          ),
    ],
    ["Owners", table(owners.map((one) => [`  ${visible(one.owner)}`, names(one.steps)]))],
    ["Once per item of a list", lists.length === 0 ? "" : `  ${names(lists)}`],
    ["Policy", table(policy.map((one) => [`  ${one.name}`, String(one.value), from(one)]))],
  ];
  const head = `${face.paint("bold", visible(document.plan))}: ${foretold.stepCount} steps`;
  const shown = sections.filter(([, text]) => text !== "");
  return [head, ...shown.map(([title, text]) => `\n${face.paint("bold", title)}\n${text}`)].join(
    "\n",
  );
}

function names(keys: readonly string[]): string {
  return visible(keys.join(", "));
}

const MEANING = { repeatable: "is run again", once: "a person is asked" } as const;

function from({ origin }: { readonly origin: string }): string {
  return `(${origin})`;
}

function peopleText({ peopleWait }: Forecast): string {
  if (peopleWait === null) return "nobody is asked";
  const where = visible(peopleWait.steps.join(" → "));
  return peopleWait.atMostMs === null
    ? `${where}: as long as it takes`
    : `${where}: ${briefDuration(peopleWait.atMostMs)} at most`;
}
