import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import { countEvents, findFaults } from "../check/find-faults.ts";
import { findLostAcks } from "../check/lost-acks.ts";
import { readBook } from "../check/read-book.ts";
import { limitFileSize, mountSmallDisk, type SmallDisk } from "../disk/small-disk.ts";
import { witnessStep } from "../plan/draw-plan.ts";
import { carryOut } from "../process/go-on.ts";
import type { Place } from "../process/place.ts";
import type { Spawned } from "../process/spawned.ts";
import { until } from "../process/until.ts";
import { inPlace, type Result, type Scenario } from "./scenario.ts";

const PATIENCE_MS = 60_000;
const STEPS = 120;

/** A disk that gets full while a plan is carried out, and has room again later. */
export const fullDisk: Scenario = {
  name: "full disk",
  about: "a filesystem of 64 MB is filled: said so, nothing lost, readable, goes on by itself",
  run: () => onDisk(() => mountSmallDisk(64), "nobody may mount a filesystem here"),
};

/** The same by a limit of the kernel, where nobody may mount anything. */
export const fullFiles: Scenario = {
  name: "files that may not grow",
  about: "the store's files may not grow beyond 4 MB: said so, nothing lost, goes on by itself",
  run: () => onDisk(() => limitFileSize(4 * 1024 * 1024 + 128 * 1024), "there is no `prlimit` here"),
};

async function onDisk(open: () => SmallDisk | null, why: string): Promise<Result> {
  using disk = open();
  if (disk === null) return { faults: [], figures: {}, notRun: why };
  return await inPlace((place) => fillDuring(place, disk), disk.folder ?? undefined);
}

async function fillDuring(place: Place, disk: SmallDisk): Promise<Result> {
  const file = place.writePlan(loudPlan(place));
  await using owner = place.start(["run", file, "--approve", "--jsonl"]);
  await untilLines(place, 20);
  disk.fill(place, owner);
  await until("a word about the full disk", PATIENCE_MS, () => isToldIn(owner.stderr) || null);
  if (process.env["LONG"]) { const t = Date.now() + 18000; await until("x", 30000, () => Date.now() > t || null); console.log((await readBook(place.store)).leases.map(l => [l.expiresAt - Date.now(), l.endedAt])); }
  const told = [...owner.lines];
  const whileFull = await findFaultsBeside(place, told);
  disk.empty(owner);
  await owner.ended(PATIENCE_MS);
  const { faults, book } = await findFaults(place, owner.lines);
  if (process.env["LONG"]) console.log(owner.stderr);
  return {
    faults: [...whileFull, ...faults, ...findRunAgain(place)],
    figures: {
      "disks filled": 1,
      "events told by then": told.length,
      "events in all": book.logs.flatMap(({ events }) => events).length,
      "attempts lost": countEvents(book, "attempt.lost"),
    },
  };
}

function isToldIn(stderr: string): boolean {
  return /disk (?:is full|cannot be read or written)/.test(stderr);
}

async function untilLines(place: Place, lines: number): Promise<void> {
  const look = () => place.witness.read().length >= lines || null;
  await until(`${lines} lines of steps`, PATIENCE_MS, look);
}

/** With the disk still full: what was told stands, and commands that read work. */
async function findFaultsBeside(place: Place, told: readonly string[]): Promise<readonly string[]> {
  const book = await readBook(place.store);
  await carryOut(place, ["plan", "ls", "--json"]);
  const [log] = book.logs;
  if (log !== undefined) await carryOut(place, ["plan", "show", log.row.id, "--json"]);
  return findLostAcks(told, book);
}

/** Nothing crashed: an outcome that could not be written waits for room, and is not worked for again. */
function findRunAgain({ witness }: Place): readonly string[] {
  const starts = witness.read().filter(({ kind }) => kind === "start");
  return [...Map.groupBy(starts, ({ planId, stepKey }) => `${planId} ${stepKey}`)]
    .filter(([, lines]) => lines.length > 1)
    .map(([step, lines]) => `${step} was run ${lines.length} times although no worker died`);
}

/** Every step fills the log with what it prints. */
function loudPlan({ witness }: Place): PlanDocument {
  const step = (index: number): StepDocument =>
    witnessStep({
      witness,
      effect: "once",
      ms: 5,
      kind: "loud",
      needs: index < 3 ? [] : [`step-${index - 3}`],
    });
  const steps = Array.from({ length: STEPS }, (_, index) => [`step-${index}`, step(index)] as const);
  return {
    plan: "Fill the disk",
    policy: { approval: "required", concurrency: 3, retry: { attempts: 1 } },
    steps: Object.fromEntries(steps),
  };
}
