import type { PlanMessage } from "../../../src/core/plan/message.ts";
import { wakeups } from "../../../src/core/wakeup.ts";
import type { Due, Stores } from "../../../src/store/store.ts";
import { difference, sorted } from "./difference.ts";
import type { Oracle } from "./oracle.ts";
import type { Sequence } from "./sequence.ts";

type DueMessage = Extract<Due, { why: "message" }>;

/** What of all that is due, up to the end of time, is not as the rules have it. */
export async function compareDue(
  stores: Stores,
  sequences: readonly Sequence[],
): Promise<readonly string[]> {
  const expected = sequences.flatMap(dueOf);
  const lanes = expected.flatMap((due) => (due.why === "ready" ? [due.lane] : []));
  const { due } = await stores.due({
    now: Number.MAX_SAFE_INTEGER,
    limit: 100_000,
    pools: [...new Set(lanes.map(({ pool }) => pool))],
    capabilities: new Set(lanes.map(({ capability }) => capability)),
  });
  const messages = due.filter((entry) => entry.why === "message");
  const work = due.filter((entry) => entry.why !== "message");
  return [
    ...difference("list of what is due", sorted(work), sorted(expected)),
    ...sequences.flatMap((sequence) => [...compareMessages(messages, sequence)]),
  ];
}

function dueOf({ tenantId, oracle }: Sequence): readonly Due[] {
  return [...oracle.plans.values()].flatMap(({ plan, events }): Due[] => {
    const planId = plan.id;
    const { timers, lanes } = wakeups(plan, events);
    return [
      ...timers.flatMap(({ at, stepKey }): Due[] =>
        at === null ? [] : [{ tenantId, planId, at, why: "timer", stepKey }],
      ),
      ...lanes.flatMap(({ lane, at, priority }): Due[] =>
        at === null ? [] : [{ tenantId, planId, at, why: "ready", lane, priority }],
      ),
    ];
  });
}

function* compareMessages(
  due: readonly DueMessage[],
  { name, tenantId, oracle }: Sequence,
): Iterable<string> {
  const found = due
    .filter((entry) => entry.tenantId === tenantId && oracle.plans.has(entry.message.from))
    .map(({ message }) => message);
  for (const message of found) {
    if (mayBeLeft(oracle, message)) continue;
    yield `${name}, tenant ${tenantId}: ${message.id} is still due, or never was`;
  }
  for (const message of oracle.messages) {
    if (isLeft(oracle, found, message)) continue;
    yield `${name}, tenant ${tenantId}: ${message.id} is due and was not left`;
  }
}

/**
 * Where the commands that it follows from shared a wave, what steers a sub-plan may be left once
 * more, under another event's name, or to one that has ended meanwhile: it changes nothing there.
 */
function mayBeLeft(oracle: Oracle, message: PlanMessage): boolean {
  return isSteering(message)
    ? oracle.hasTold("start", message.to)
    : oracle.messages.some(({ id }) => id === message.id);
}

/** A pause that was taken back in the wave in which it was told need not be told, nor one to who has ended. */
function isLeft(oracle: Oracle, found: readonly PlanMessage[], message: PlanMessage): boolean {
  const isSame = isSteering(message)
    ? ({ kind, to }: PlanMessage) => kind === message.kind && to === message.to
    : ({ id }: PlanMessage) => id === message.id;
  if (found.some(isSame)) return true;
  if (!isSteering(message)) return false;
  const isTakenBack = message.kind === "pause" && oracle.hasTold("resume", message.to);
  return isTakenBack || oracle.plan(message.from)?.children.has(message.to) === false;
}

function isSteering({ kind }: PlanMessage): boolean {
  return kind === "pause" || kind === "resume" || kind === "cancel";
}
