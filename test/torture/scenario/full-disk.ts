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
const RESUMED_WITHIN_MS = 5000;
const STEPS = 120;
const DISK_MEGABYTES = 64;
/** Less than the write-ahead log is long from the start: its end is out of reach from then on. */
const FILE_BYTES = 2 * 1024 * 1024;

/** A disk that gets full while a plan is carried out, and has room again later. */
export const fullDisk: Scenario = {
  name: "full disk",
  about: "a filesystem of 64 MB is filled: it says so, loses nothing, is read, goes on by itself",
  mustHappen: ["disks filled"],
  run: () => onDisk(mountDisk, "nobody may mount a filesystem here", goesOn),
};

/** The same by a limit of the kernel, where nobody may mount anything. */
export const fullFiles: Scenario = {
  name: "files that may not grow",
  about: "the store's files may not be written beyond 2 MB: as with the full disk",
  mustHappen: ["disks filled"],
  run: () => onDisk(() => limitFileSize(FILE_BYTES), "there is no `prlimit` here", goesOn),
};

/** Shut down while its disk is full: it ends all the same, and who opens the store then is told why not. */
export const fullDiskDrained: Scenario = {
  name: "full disk, told to stop",
  about: "SIGTERM on a full disk: it ends, nothing is lost, no new owner until there is room",
  mustHappen: ["disks filled"],
  run: () => onDisk(mountDisk, "nobody may mount a filesystem here", isStopped),
};

function mountDisk(): SmallDisk | null {
  return mountSmallDisk(DISK_MEGABYTES);
}

/** What follows while the disk is full; ends with the plan completed. */
type Sequel = (place: Place, disk: SmallDisk, owner: Spawned) => Promise<readonly string[]>;

async function onDisk(
  open: () => SmallDisk | null,
  whyNot: string,
  sequel: Sequel,
): Promise<Result> {
  using disk = open();
  if (disk === null) return { faults: [], figures: {}, notRun: whyNot };
  return await inPlace((place) => fillDuring(place, disk, sequel), disk.folder);
}

async function fillDuring(place: Place, disk: SmallDisk, sequel: Sequel): Promise<Result> {
  const file = place.writePlan(loudPlan(place));
  await using owner = place.start(["run", file, "--approve", "--jsonl"]);
  const isUnderWay = () => place.witness.read().length >= 20 || null;
  await until("20 lines of steps", PATIENCE_MS, isUnderWay);
  disk.fill(owner);
  await until("a word about the full disk", PATIENCE_MS, () => isTold(owner) || null);
  const told = owner.lines.length;
  const meanwhile = await findFaultsBeside(place, owner);
  const faults = [...meanwhile, ...(await sequel(place, disk, owner))];
  const verdict = await findFaults(place, owner.lines);
  return {
    faults: [...faults, ...verdict.faults],
    figures: {
      "disks filled": 1,
      "events told by then": told,
      "events in all": verdict.book.logs.flatMap(({ events }) => events).length,
      "attempts lost": countEvents(verdict.book, "attempt.lost"),
    },
  };
}

function isTold({ stderr }: Spawned): boolean {
  return /disk (?:is full|cannot be read or written)/.test(stderr);
}

/** With the disk still full: what was told stands, and commands that read work. */
async function findFaultsBeside(place: Place, owner: Spawned): Promise<readonly string[]> {
  const told = [...owner.lines];
  const book = await readBook(place.store);
  await carryOut(place, ["plan", "ls", "--json"]);
  for (const { row } of book.logs) await carryOut(place, ["plan", "show", row.id, "--json"]);
  return findLostAcks(told, book);
}

/** Nothing has crashed: what was under way waits for room, and is not worked for again. */
async function goesOn(
  { witness }: Place,
  disk: SmallDisk,
  owner: Spawned,
): Promise<readonly string[]> {
  const told = owner.lines.length;
  disk.empty(owner);
  const goesOnAgain = () => owner.lines.length > told || owner.exit !== null || null;
  await until("work, now that there is room", RESUMED_WITHIN_MS, goesOnAgain);
  await owner.endsWith(0, PATIENCE_MS);
  const starts = witness.read().filter(({ kind }) => kind === "start");
  return [...Map.groupBy(starts, ({ planId, stepKey }) => `${planId} ${stepKey}`)]
    .filter(([, lines]) => lines.length > 1)
    .map(([step, lines]) => `${step} was run ${lines.length} times although no worker died`);
}

async function isStopped(
  place: Place,
  disk: SmallDisk,
  owner: Spawned,
): Promise<readonly string[]> {
  owner.kill("SIGTERM");
  const { signal } = await owner.ended(PATIENCE_MS);
  disk.fill(owner);
  await using next = place.start(["worker", "--until-idle"]);
  await next.endsWith(7, PATIENCE_MS);
  disk.empty(owner);
  await carryOut(place, ["worker", "--until-idle"]);
  return [
    ...(signal === null ? [] : [`it had to be ended with ${signal}`]),
    ...(isTold(next) ? [] : [`the next owner was refused without the reason: ${next.stderr}`]),
  ];
}

/** Every step fills the log with what it prints. */
function loudPlan({ witness }: Place): PlanDocument {
  const step = (index: number): StepDocument =>
    witnessStep({
      witness,
      effect: "repeatable",
      ms: 5,
      kind: "loud",
      needs: index < 3 ? [] : [`step-${index - 3}`],
    });
  const steps = Array.from(
    { length: STEPS },
    (_, index) => [`step-${index}`, step(index)] as const,
  );
  return {
    plan: "Fill the disk",
    policy: { approval: "required", concurrency: 3, retry: { attempts: 1 } },
    steps: Object.fromEntries(steps),
  };
}
