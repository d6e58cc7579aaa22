import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkSchema } from "./check-schema.ts";
import { validateJson } from "./json-schema.ts";
import { PLAN_SCHEMA_ID, planJsonSchema } from "./plan-json-schema.ts";

const file = new URL("../../docs/reference/plan.schema.json", import.meta.url);
const schema = planJsonSchema();

describe("the published schema", () => {
  test("stands in the repository as the code makes it (scripts/write-plan-schema.ts writes it)", () => {
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
    expect(schema["$id"]).toBe(PLAN_SCHEMA_ID);
  });

  test("is itself a schema that can be judged by", () => {
    expect(checkSchema(schema)).toEqual([]);
  });

  test("takes a plan, with the address of the schema and a sub-plan in a file", () => {
    const plan = {
      $schema: PLAN_SCHEMA_ID,
      plan: "Notes",
      steps: {
        a: { do: "plan", plan: "sub.yaml" },
        b: { do: "plan", needs: ["a"], plan: { plan: "b", steps: {} } },
      },
    };
    expect(validateJson(schema, plan)).toEqual([]);
  });

  test("refuses fields that are not known, at every depth", () => {
    const plan = {
      plan: "Notes",
      stesp: {},
      steps: { a: { do: "plan", plan: { plan: "b", steps: { c: { do: "wait", neds: [] } } } } },
    };
    expect(validateJson(schema, plan).map((fault) => fault.pointer)).toEqual([
      "/steps/a/plan",
      "/stesp",
    ]);
  });

  test("describes every field of a plan, for editors to show", () => {
    const { properties } = schema;
    const undescribed = Object.entries(properties ?? {}).filter(
      ([, field]) => !JSON.stringify(field).includes('"description"'),
    );
    expect(undescribed.map(([name]) => name)).toEqual(["metadata"]);
  });
});
