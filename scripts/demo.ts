import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

// The main job, on a store of its own: a real plan on this repository, from the file to its end.
const root = join(import.meta.dirname, "..");
const store = ".planwright/demo/planwright.db";
rmSync(join(root, ".planwright/demo"), { recursive: true, force: true });

const run = planwright("run", "examples/repository-report/plan.yaml", "--approve", "--json");
const result: {
  plan: { id: string; status: string; answer: unknown };
  steps: Record<string, { artifacts?: readonly { id: string; name: string }[] }>;
} = JSON.parse(run.stdout);
process.stdout.write(
  `\n${result.plan.id} ${result.plan.status}: ${String(result.plan.answer).trim()}\n`,
);
for (const artifact of Object.values(result.steps).flatMap((step) => step.artifacts ?? [])) {
  const found = planwright("artifact", "path", artifact.id);
  process.stdout.write(`${artifact.name}: ${found.stdout.trim()}\n`);
}
process.stdout.write(
  `\nSee what happened:  npm run -s planwright -- plan events ${result.plan.id} --store ${store}\n`,
);
process.exitCode = result.plan.status === "completed" ? 0 : 1;

function planwright(...args: readonly string[]): { readonly stdout: string } {
  const { stdout, status } = spawnSync(
    process.execPath,
    ["--conditions=source", "src/cli/main.ts", ...args, "--store", store],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  if (status !== 0) process.exit(status ?? 1);
  return { stdout };
}
