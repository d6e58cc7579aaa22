import process from "node:process";
import type { PlanId } from "../../core/id.ts";
import { untilRest, type Rest } from "../../engine/stable.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { Follower } from "../run/follower.ts";
import { report } from "../run/report.ts";
import type { Face } from "../screen/face.ts";
import { jsonProgress, liveProgress, plainProgress } from "../screen/progress.ts";
import type { Reading } from "../store/open-reader.ts";
import { tellMissing } from "../tell-refusal.ts";

export interface FollowAlongOptions {
  readonly planId: PlanId;
  readonly given: Given;
  readonly face: Face;
  readonly after: number;
}

/** How the watching of another process's work ended: for good, or because that process is gone. */
export type FollowEnd =
  | { readonly kind: "over"; readonly code: ExitCode }
  | { readonly kind: "owner-gone"; readonly after: number };

const OWNER_LOOK_MS = 500;

/** Shows how a plan goes that another process carries out; ^C leaves it to that process. */
export async function followAlong(
  reading: Reading,
  { planId, given, face, after }: FollowAlongOptions,
): Promise<FollowEnd> {
  const view = await reading.plans.get(planId);
  if (view === null) return { kind: "over", code: tellMissing(`plan ${planId}`, face) };
  const live = face.isLive && !given.flag("jsonl");
  const plain = given.flag("jsonl") ? jsonProgress(face) : plainProgress(face);
  const progress = live ? liveProgress(face, view) : plain;
  const follower = new Follower(reading.plans, planId, progress, live ? 0 : after);
  using stop = stopReasons(reading, given.durationMs("wait"));
  const rest = await untilRest({
    store: reading.plans.store,
    runtime: reading.runtime,
    planId,
    signal: stop.signal,
    // The owner may know somebody who answers.
    enough: (found) => found.kind === "ended",
  });
  await follower.end();
  return await finish(reading, { planId, given, face, after }, rest, stop.reason());
}

async function finish(
  reading: Reading,
  { planId, given, face }: FollowAlongOptions,
  rest: Rest | null,
  reason: StopReason | null,
): Promise<FollowEnd> {
  const view = await reading.plans.get(planId);
  if (view === null) return { kind: "over", code: tellMissing(`plan ${planId}`, face) };
  if (rest !== null) {
    return { kind: "over", code: await report(reading.plans, view, rest, given, face) };
  }
  if (reason === "owner-gone") return { kind: "owner-gone", after: view.plan.version };
  face.note(`${planId} is ${view.plan.status}; it goes on without us`);
  return { kind: "over", code: reason === "timeout" ? EXIT.timeout : EXIT.interrupted };
}

type StopReason = "owner-gone" | "timeout" | "interrupted";

function stopReasons(
  reading: Reading,
  waitMs: number | undefined,
): Disposable & { readonly signal: AbortSignal; reason(): StopReason | null } {
  const controller = new AbortController();
  let reason: StopReason | null = null;
  const stop = (why: StopReason): void => {
    reason ??= why;
    controller.abort();
  };
  const onInterrupt = (): void => stop("interrupted");
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  const look = setInterval(() => {
    reading.findCarriers().then(
      (carriers) => (carriers.length === 0 ? stop("owner-gone") : undefined),
      // A store that cannot be had says nothing of who is at work.
      () => undefined,
    );
  }, OWNER_LOOK_MS);
  const limit = waitMs === undefined ? undefined : setTimeout(() => stop("timeout"), waitMs);
  return {
    signal: controller.signal,
    reason: () => reason,
    [Symbol.dispose]: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
      clearInterval(look);
      clearTimeout(limit);
    },
  };
}
