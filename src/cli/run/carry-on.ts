import type { PlanId } from "../../core/id.ts";
import type { PlanView } from "../../core/plan/view.ts";
import type { Rest } from "../../engine/stable.ts";
import { EXIT, EXIT_OF_STATUS, type ExitCode } from "../exit-code.ts";
import type { Given } from "../given.ts";
import { openRequests } from "../request/open-requests.ts";
import type { Face } from "../screen/face.ts";
import { jsonProgress, liveProgress, plainProgress, type Progress } from "../screen/progress.ts";
import type { Session } from "../store/open-session.ts";
import { suggestCommand } from "../store/suggest-command.ts";
import { tellMissing } from "../tell-refusal.ts";
import { answerAfterwards, keepsOthersOut, tellAfterwards } from "./answer-afterwards.ts";
import type { Asker } from "./asker.ts";
import { Follower } from "./follower.ts";
import { lookAgain } from "./look-again.ts";
import { listenForInterrupts, SHORT_PATIENCE_MS, type Interrupts } from "./interrupts.ts";
import { tellOutcome } from "./tell-outcome.ts";

export interface CarryOnOptions {
  readonly session: Session;
  readonly planId: PlanId;
  readonly given: Given;
  readonly face: Face;
  /** Events after this number are shown: all of them, where all steps are shown at once. */
  readonly after: number;
}

/** Carries a plan on until it rests, shows how it goes, and asks who can be asked. */
export async function carryOn(options: CarryOnOptions): Promise<ExitCode> {
  const { session, planId, given, face } = options;
  const { planwright } = session;
  using interrupts = listenForInterrupts(face);
  using limit = timeLimit(given.durationMs("wait"));
  const stop = AbortSignal.any([interrupts.soft, limit.signal, session.outdated]);
  const follower = await follow(options);
  if (follower === null) return tellMissing(`plan ${planId}`, face);
  const rest = await untilItRests(options, follower.progress, stop, interrupts);
  if (rest === null) return await drain(options, follower, interrupts, limit.signal);
  await follower.end();
  const view = await planwright.orchestrator.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  const { report } = await import("./report.ts");
  const code = await report(planwright.orchestrator, view, rest, given, face);
  if (keepsOthersOut(session, face)) tellAfterwards(code, face);
  await letOthersEnd(session, interrupts, face);
  return code;
}

/** Other plans of the store have been carried on, too; their attempts may end. */
async function letOthersEnd(
  { planwright }: Session,
  interrupts: Interrupts,
  face: Face,
): Promise<void> {
  const told = setTimeout(() => face.note("steps of other plans are still under way"), 1000);
  await planwright.drain(Number.POSITIVE_INFINITY, interrupts.hard);
  clearTimeout(told);
}

async function follow(options: CarryOnOptions): Promise<Follower | null> {
  const { session, planId, given, face } = options;
  const { orchestrator } = session.planwright;
  const view = await orchestrator.get(planId);
  if (view === null) return null;
  const live = face.isLive && !given.flag("jsonl");
  const after = live ? 0 : options.after;
  const progress = live
    ? liveProgress(face, view)
    : given.flag("jsonl")
      ? jsonProgress(face)
      : plainLines(options, view);
  return new Follower(orchestrator, planId, progress, after);
}

function plainLines({ session, given, face }: CarryOnOptions, view: PlanView): Progress {
  if (!keepsOthersOut(session, face)) return plainProgress(face);
  return plainProgress(face, (event) => answerAfterwards(event, view, given));
}

/** Null where the waiting was ended from outside. */
async function untilItRests(
  options: CarryOnOptions,
  progress: Progress,
  stop: AbortSignal,
  interrupts: Interrupts,
): Promise<Rest | null> {
  const { planId } = options;
  const { planwright } = options.session;
  await using asker = await openAsker(options, progress, stop, interrupts);
  for (;;) {
    const rest = await planwright.untilRest(planId, { signal: stop, enough });
    if (rest === null || !asksPerson(rest)) return rest;
    if (asker !== null && (await asker.mayHelp())) await asker.turn();
    else if (!(await waitForDueTime(options, stop)))
      return stop.aborted ? null : { kind: "needs-person" };
  }
}

/**
 * Who is asked must not wait for a timer that is far off: while this process owns the store, nobody
 * else can answer.
 */
function enough(rest: Rest): boolean {
  if (rest.kind !== "waiting" || rest.until === null) return true;
  return rest.asks && rest.until - Date.now() > GOES_ON_WITHIN_MS;
}

function asksPerson(rest: Rest): boolean {
  return rest.kind === "needs-person" || (rest.kind === "waiting" && rest.asks);
}

/** Null where nobody can be asked; then it is not loaded either. */
async function openAsker(
  { session, planId, face }: CarryOnOptions,
  progress: Progress,
  signal: AbortSignal,
  interrupts: Interrupts,
): Promise<Asker | null> {
  if (!face.canAsk) return null;
  const { Asker } = await import("./asker.ts");
  const { planwright } = session;
  const onInterrupt = (): void => interrupts.interrupt();
  return new Asker({ planwright, planId, face, progress, signal, onInterrupt });
}

/** What goes on by itself within this time is waited for: timers, and questions that are due. */
const GOES_ON_WITHIN_MS = 60_000;

async function waitForDueTime(
  { session, planId }: CarryOnOptions,
  stop: AbortSignal,
): Promise<boolean> {
  const requests = await openRequests(session.planwright.orchestrator, planId);
  const times = requests.flatMap(({ dueAt }) => (dueAt === null ? [] : [Date.parse(dueAt)]));
  const ms = Math.min(...times) - Date.now();
  if (stop.aborted || ms > GOES_ON_WITHIN_MS) return false;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _listening = session.planwright.onCommit(() => resolve());
  using _looking = lookAgain(session.stores, resolve);
  stop.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  return true;
}

/** Told to stop: what runs may end, and whoever comes next is told how to go on. */
async function drain(
  { session, planId, given, face }: CarryOnOptions,
  follower: Follower,
  interrupts: Interrupts,
  timeout: AbortSignal,
): Promise<ExitCode> {
  const { planwright } = session;
  const timedOut = timeout.aborted && !interrupts.soft.aborted;
  const patienceMs = session.outdated.aborted
    ? 0
    : timedOut
      ? SHORT_PATIENCE_MS
      : interrupts.patienceMs;
  if (timedOut) face.complain("planwright: the time of --wait is over; what runs may end");
  await planwright.drain(patienceMs, interrupts.hard);
  await follower.end();
  const view = await planwright.orchestrator.get(planId);
  if (view === null) return tellMissing(`plan ${planId}`, face);
  tellOutcome(view, null, given, face);
  const code = EXIT_OF_STATUS[view.plan.status];
  if (view.plan.endedAt !== null) return code;
  if (session.outdated.aborted) return EXIT.storeUnavailable;
  face.complain(`go on with: ${suggestCommand(given, "plan", "watch", planId)}`);
  return timedOut ? EXIT.timeout : interrupts.code;
}

interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

function timeLimit(ms: number | undefined): TimeLimit {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
