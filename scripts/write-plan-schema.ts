// Writes the published JSON Schema of a plan file from the schema that the code reads plans by.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { planJsonSchema } from "../src/format/plan-json-schema.ts";

const file = fileURLToPath(new URL("../docs/reference/plan.schema.json", import.meta.url));
writeFileSync(file, `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
