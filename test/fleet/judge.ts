import { findWrongKeys } from "../torture/check/execution-faults.ts";
import { readLogs } from "../torture/check/read-book.ts";
import type { LedgerEntry } from "../../src/core/history/check-witness.ts";
import type { TenantId } from "../../src/core/id.ts";
import type { Stores } from "../../src/store/store.ts";
import { readBooks, type Books } from "./client/client-book.ts";
import type { Cancel } from "./client/author.ts";
import type { Follower } from "./client/follower.ts";
import { readAttemptSpans, type AttemptSpan } from "./check/commit-times.ts";
import { findFamilyFaults, kinOf, type Kin } from "./check/family-faults.ts";
import { findPlanFaults } from "./check/plan-faults.ts";
import { firstLeasesOf, percentile, stirringsOf, takeOversOf } from "./check/spans.ts";
import type { Span, TakeOver } from "./check/spans.ts";
import { DEFAULT_LEASE_TIMES } from "../../src/engine/worker-life.ts";
import { findStandstills } from "./check/standstills.ts";
import type { PartRun } from "./disturb.ts";
import type { TakenOut } from "./fault/worker-faults.ts";
import type { Ground } from "./ground.ts";
import { mostUsed, type LimitInForce } from "./limits-in-force.ts";
import { openStores } from "./open-stores.ts";
import { SCARCE } from "./plan/draw-load.ts";
import type { WorkerSlot } from "./process/worker-slot.ts";

export interface Evidence {
  readonly ground: Ground;
  readonly slots: readonly WorkerSlot[];
  readonly tenantIds: readonly TenantId[];
  readonly cancels: readonly Cancel[];
  readonly limits: readonly LimitInForce[];
  /** Who read along, to the end. */
  readonly followers: readonly Follower[];
  readonly parts: readonly PartRun[];
  readonly takenOut: readonly TakenOut[];
  /** When all should have come to rest. */
  readonly restAt: number;
  /** Whether what took too long is a fault. */
  readonly judgesTimes: boolean;
}

export interface Verdict {
  /** What was promised and did not hold. */
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number | null>>;
}

/** With default lease times: 15 s, and what it takes to see it. */
const TAKE_OVER_MAX_MS = 20_000;
const FIRST_LEASE_MAX_MS = 5000;
const STIRRING_MAX_MS = 1000;

/** Looks at everything that is left, from outside: logs, rows, books, world, and how long things took. */
export async function judge(evidence: Evidence): Promise<Verdict> {
  const { ground, slots, cancels, followers, limits, parts, takenOut, judgesTimes } = evidence;
  const books = readBooks(ground.books);
  await using stores = await openStores(ground.url, "judge");
  const plans = await judgePlans(evidence, stores, books);
  const attempts = await readAttemptSpans(ground);
  const { outages } = ground;
  const leases = await stores.leases();
  const takeOvers = takeOversOf(takenOut, attempts, leases, outages);
  const firstLeases = firstLeasesOf(outages, attempts);
  const stirrings = stirringsOf(cancels, attempts, plans.kin);
  const living = ground.witness.findLiving();
  ground.keep("times", {
    outages,
    takenOut,
    leases,
    attempts,
    lives: slots.map(({ lives }) => lives),
  });
  const { met } = books;
  const used = limits.map((limit) => ({
    limit,
    most: mostUsed(limit, attempts, (one) => isOf(plans.scarce, one)),
  }));
  return {
    faults: [
      ...followers.flatMap((follower) => follower.faults),
      ...slots.flatMap((slot) => slot.surprises),
      ...plans.faults,
      ...findFamilyFaults(plans.kin),
      ...findWrongKeys(ground.witness.read()),
      ...(await stores.check()),
      ...(await findLeftovers(ground)),
      ...living.map((process) => `still alive at the end: ${process}`),
      ...met.filter(isBug).map(({ text }) => `somebody met what is no fault of the store: ${text}`),
      ...(judgesTimes ? tooLong("a take-over", takeOvers, TAKE_OVER_MAX_MS) : []),
      ...(judgesTimes ? tooLong("the first lease", firstLeases, FIRST_LEASE_MAX_MS) : []),
      ...(judgesTimes
        ? tooLong("the stirring of a cancelled family", stirrings, STIRRING_MAX_MS)
        : []),
      ...findStandstills(parts, attempts),
      ...used
        .filter(({ limit, most }) => most > limit.max)
        .map(
          ({ limit, most }) => `${nameOf(limit)}: ${most} at once, and ${limit.max} are allowed`,
        ),
    ],
    figures: {
      ...plans.figures,
      "attempts begun": attempts.length,
      "steps done": attempts.filter(({ end }) => end === "step.succeeded").length,
      "attempts lost": attempts.filter(({ end }) => end === "attempt.lost").length,
      ...Object.fromEntries(
        used.map(({ limit, most }) => [`most at once of ${nameOf(limit)}`, most]),
      ),
      "faults lived through": met.length,
      "feeds interrupted": sum(followers.map(({ interruptions }) => interruptions)),
      "worker processes": sum(slots.map(({ lives }) => lives.length)),
      ...percentiles("take-over from a default lease", takeOvers.filter(isDefault)),
      ...percentiles(
        "take-over from a short lease",
        takeOvers.filter((one) => !isDefault(one)),
      ),
      ...percentiles("first lease after an outage", firstLeases),
      ...percentiles("last start in a cancelled family", stirrings),
    },
  };
}

interface PlansVerdict extends Verdict {
  readonly kin: readonly Kin[];
  /** Steps of the pool of which there is little. */
  readonly scarce: ReadonlySet<string>;
}

/** One plan after the other: together they do not fit into the memory of a small machine. */
async function judgePlans(
  { ground, slots, tenantIds, followers, restAt }: Evidence,
  stores: Stores,
  books: Books,
): Promise<PlansVerdict> {
  const all = withoutNames(books.entries);
  const entries = Map.groupBy(all, ({ planId }) => planId);
  const ledger = Map.groupBy(ground.witness.read(), ({ planId }) => planId);
  const keepers = keepersOf(all);
  const killed = new Set(slots.flatMap((slot) => [...slot.killed]));
  const seen = new Map(followers.flatMap((follower) => [...follower.seen]));
  const faults: string[] = [];
  const kin: Kin[] = [];
  const scarce = new Set<string>();
  const counts: Record<string, number> = {};
  for (const tenantId of tenantIds) {
    for await (const log of readLogs(stores.forTenant(tenantId))) {
      const { id } = log.row;
      kin.push(kinOf(log));
      for (const [key, { pool }] of Object.entries(log.revision.document.steps)) {
        if (pool === SCARCE) scarce.add(`${id} ${key}`);
      }
      const about = { entries: entries.get(id) ?? [], ledger: ledger.get(id) ?? [] };
      faults.push(...findPlanFaults({ log, keepers, killed, restAt, told: books.told, ...about }));
      if (followers.length > 0 && seen.get(id) !== log.events.length) {
        faults.push(
          `I23 the feed tells ${seen.get(id) ?? 0} events of ${id}; there are ${log.events.length}`,
        );
      }
      for (const { type } of log.events)
        if (COUNTED[type] !== undefined) add(counts, COUNTED[type]);
      add(counts, `plans ${log.row.status}`);
      add(counts, "events", log.events.length);
    }
  }
  const known = new Set(kin.map(({ planId }) => planId));
  const vanished = [...entries].filter(
    ([id, of]) => !known.has(id) && of.some(({ acked }) => acked),
  );
  faults.push(...vanished.map(([id]) => `G2 ${id} was acknowledged and is not there`));
  return { faults, kin, scarce, figures: { ...counts, plans: kin.length } };
}

const COUNTED: Readonly<Record<string, string>> = {
  "attempt.refused": "late outcomes refused",
  "attempt.failed": "attempts failed",
  "request.decided": "requests decided",
  "child.ended": "parents that learned",
};

/**
 * In the name of a plan, or of Planwright itself, any process may speak, also one that keeps no book:
 * what was told to those stands for nobody in particular.
 */
function withoutNames(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.map((entry) => (isShared(entry) ? { ...entry, actor: NOBODY } : entry));
}

const NOBODY = { kind: "system", id: "nobody" } as const;

function isShared({ actor }: LedgerEntry): boolean {
  return actor.kind === "plan" || actor.kind === "system";
}

/** Everybody who keeps a book, as an entry that says nothing else. */
function keepersOf(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const actors = new Map(entries.map(({ actor }) => [`${actor.kind} ${actor.id}`, actor]));
  return [...actors.values()].map((actor) => {
    return { actor, commandId: "", kind: "plan.create", planId: "", acked: false };
  });
}

function isBug({ code }: Books["met"][number]): boolean {
  return code === null || BUGS.has(code);
}

/** Faults of a store to which nothing was done but what it has to live through. */
const BUGS: ReadonlySet<string> = new Set(["corrupt", "too-new", "unsupported", "bad-cursor"]);

/** What should have been told or done long ago. */
async function findLeftovers(ground: Ground): Promise<readonly string[]> {
  const messages = await ground.ask<{ plan: string }>(
    "select to_plan_id as plan from planwright.due_messages",
  );
  const running = await ground.ask<{ step: string }>(
    "select step_key as step from planwright.steps where status = 'running'",
  );
  return [
    ...messages.map(({ plan }) => `a message of ${plan} was never delivered`),
    ...running.map(({ step }) => `${step} is said to be running, and nobody is there`),
  ];
}

function isDefault({ ttlMs }: TakeOver): boolean {
  return ttlMs === DEFAULT_LEASE_TIMES.ttlMs;
}

function percentiles(
  what: string,
  spans: readonly Span[],
): Readonly<Record<string, number | null>> {
  if (spans.length === 0) return {};
  return {
    [`${what}, measured`]: spans.length,
    [`${what}, p50 ms`]: percentile(spans, 0.5),
    [`${what}, p100 ms`]: percentile(spans, 1),
  };
}

function tooLong(what: string, spans: readonly Span[], mostMs: number): readonly string[] {
  const over = spans.filter(({ ms }) => ms > mostMs);
  return over.map((span) => `${what} for ${Math.round(span.ms)} ms: ${span.what}`);
}

function nameOf({ key, tenantId, max }: LimitInForce): string {
  return `${key === "tenant" ? `tenant ${tenantId}` : key} (limit ${max})`;
}

/** A child of a list stands in the pool of its step. */
function isOf(steps: ReadonlySet<string>, { planId, stepKey }: AttemptSpan): boolean {
  return steps.has(`${planId} ${stepKey.split(".")[0]}`);
}

function add(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
