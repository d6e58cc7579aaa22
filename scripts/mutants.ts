import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MUTANTS, SHORT, type Mutant } from "../test/mutants/mutants.ts";
import { plant } from "../test/mutants/plant.ts";
import type { Found } from "../test/mutants/hunt.ts";
import { writeScore, type Hunted } from "../test/mutants/score.ts";

const PATIENCE_MS = 300_000;
const root = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    seeds: { type: "string", default: "200" },
    runs: { type: "string", default: "400" },
  },
});

const names = values.only ?? (values.short ? SHORT : MUTANTS.map(({ name }) => name));
const chosen = MUTANTS.filter(({ name }) => names.includes(name));
if (chosen.length === 0)
  fail(`no such bug; there are ${MUTANTS.map(({ name }) => name).join(", ")}`);

const folder = copySources();
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const control = await letLoose(folder);
if (wasFound(control)) fail(`without any planted bug: ${JSON.stringify(control)}`);

const hunted: Hunted[] = [];
for (const mutant of chosen) {
  const result = { mutant, found: await hunt(mutant) };
  hunted.push(result);
  process.stderr.write(`${tell(result)}\n`);
}
if (chosen.length === MUTANTS.length) {
  const score = writeScore(hunted, { seeds: values.seeds, runs: values.runs });
  writeFileSync(join(root, "test/mutants/README.md"), score);
}
const killed = hunted.filter(({ found }) => wasFound(found)).length;
const left = hunted.length - killed;
process.stdout.write(`${killed} passed, ${left} failed\n`);
process.exitCode = left === 0 ? 0 : 1;

/** Lets both engines loose on the copy of the sources with one bug in it. */
async function hunt(mutant: Mutant): Promise<Found> {
  const planted = plant(folder, mutant);
  if (!planted.ok) fail(planted.message);
  const path = join(folder, mutant.file);
  const sound = readFileSync(path, "utf8");
  writeFileSync(path, planted.text);
  try {
    return await letLoose(folder);
  } finally {
    writeFileSync(path, sound);
  }
}

function wasFound({ fuzz, seed }: Found): boolean {
  return fuzz !== null || seed !== null;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), "planwright-mutants-"));
  for (const part of ["src", "test", "package.json"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

async function letLoose(cwd: string): Promise<Found> {
  const { seeds, runs } = values;
  const child = spawn(
    process.execPath,
    ["--conditions=source", "test/mutants/hunt.ts", "--seeds", seeds, "--runs", runs],
    { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS, killSignal: "SIGKILL" },
  );
  const [stdout, stderr] = [readAll(child.stdout), readAll(child.stderr)];
  const code = await new Promise((resolve) => child.once("close", resolve));
  const line = (await stdout).trim().split("\n").at(-1) ?? "";
  if (code === 0 && line !== "") return JSON.parse(line);
  const why = (await stderr)
    .trim()
    .split("\n")
    .findLast((text) => /Error/.test(text));
  return { fuzz: why ?? "it does not come to an end", seed: null, violation: null };
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function tell({ mutant, found }: Hunted): string {
  const fuzz = found.fuzz === null ? "survives the fuzz" : `fuzz: ${found.fuzz}`;
  const seed =
    found.seed === null ? "survives the simulator" : `seed ${found.seed}: ${found.violation}`;
  return `${mutant.name} | ${fuzz} | ${seed}`;
}
