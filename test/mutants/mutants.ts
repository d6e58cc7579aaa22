/** A bug, planted by replacing one piece of one file. */
export interface Mutant {
  readonly name: string;
  /** What goes wrong because of it. */
  readonly does: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

const RULES: readonly Mutant[] = [
  {
    name: "no fence",
    does: "a late report counts for the attempt under way, whoever brings it",
    file: "src/core/step/report.ts",
    find: ` && step.attempt === attempt && step.workerId === report.workerId;`,
    replace: `;`,
  },
  {
    name: "any attempt",
    does: "a worker's report of an attempt that is over counts for its next one",
    file: "src/core/step/report.ts",
    find: `step.status === "running" && step.attempt === attempt && step.workerId`,
    replace: `step.status === "running" && step.workerId`,
  },
  {
    name: "any worker",
    does: "a worker reports an attempt that another one holds",
    file: "src/core/step/report.ts",
    find: ` && step.workerId === report.workerId;`,
    replace: `;`,
  },
  {
    name: "told again",
    does: "the same late report is put on record each time it comes",
    file: "src/core/step/report.ts",
    find: `if (!isTold && attempt`,
    replace: `if (attempt`,
  },
  {
    name: "one attempt too many",
    does: "a step is tried once more than its policy says",
    file: "src/core/step/report.ts",
    find: `step.failures + 1 < retry.attempts`,
    replace: `step.failures + 1 <= retry.attempts`,
  },
  {
    name: "ambiguity forgotten",
    does: "an effect that may have happened is tried again by itself",
    file: "src/core/step/report.ts",
    find: `error.ambiguous === true && spec.effect === "once"`,
    replace: `error.ambiguous === true && spec.effect === "none"`,
  },
  {
    name: "any need is enough",
    does: "a step starts when one of its needs is met",
    file: "src/core/step/join.ts",
    find: `  return unsettled === 0 ? "go" : "not-yet";`,
    replace: `  return met > 0 ? "go" : "not-yet";`,
  },
  {
    name: "any waits for all",
    does: "a step that any need lets go waits for all of them",
    file: "src/core/step/join.ts",
    find: `if (met > 0) return "go";`,
    replace: `if (met > 0 && unsettled === 0) return "go";`,
  },
  {
    name: "failed need counts",
    does: "a need that failed lets its dependents start",
    file: "src/core/step/join.ts",
    find: `if (status === "succeeded") return true;`,
    replace: `if (status === "succeeded" || status === "failed") return true;`,
  },
  {
    name: "join lost",
    does: "the last need that ends readies nobody",
    file: "src/core/step/settle.ts",
    find: `} else if (verdict === "go") {`,
    replace: `} else if (verdict === "go" && unsettled > 0) {`,
  },
  {
    name: "lease ignores pause",
    does: "attempts start while the plan is paused",
    file: "src/core/step/lease-next.ts",
    find: `    !plan.paused &&\n`,
    replace: ``,
  },
  {
    name: "cap off by one",
    does: "one attempt more than the plan's concurrency is under way",
    file: "src/core/step/lease-next.ts",
    find: `plan.running.size < plan.graph.policy.concurrency`,
    replace: `plan.running.size <= plan.graph.policy.concurrency`,
  },
  {
    name: "request holds nothing up",
    does: "attempts start while an open request should hold up the plan",
    file: "src/core/step/lease-next.ts",
    find: `plan.graph.policy.onRequest === "pause" && plan.openRequests > 0`,
    replace: `plan.graph.policy.onRequest === "pause" && plan.openRequests > 1`,
  },
  {
    name: "start before approval",
    does: "a draft is started",
    file: "src/core/plan/actions.ts",
    find: `  draft: ["submit", "cancel"],`,
    replace: `  draft: ["submit", "start", "cancel"],`,
  },
  {
    name: "stale text approved",
    does: "an approval of another text counts",
    file: "src/core/plan/approve.ts",
    find: `if (digest === undefined || digest === current) return null;`,
    replace: `if (digest !== "") return null;`,
  },
  {
    name: "agent approves",
    does: "an agent approves a plan",
    file: "src/core/plan/approve.ts",
    find: `if (deciding.command.actor.kind !== "agent") return null;`,
    replace: `if (deciding.command.actor.kind !== "policy") return null;`,
  },
  {
    name: "backoff ignored",
    does: "a failed step is tried again at once",
    file: "src/core/step/delayed-line.ts",
    find: `return at <= now;`,
    replace: `return at <= now || at > 0;`,
  },
  {
    name: "priority ignored",
    does: "steps start in the order of their standing in line alone",
    file: "src/core/step/ticket.ts",
    find: `if (left.priority !== right.priority) return left.priority > right.priority;`,
    replace: ``,
  },
  {
    name: "recovery of what happens once",
    does: "an effect that must not happen twice is run again after a crash",
    file: "src/core/step/lose.ts",
    find: `.effect === "once"`,
    replace: `.effect === "none"`,
  },
  {
    name: "drain counts as death",
    does: "a worker that stops in good order counts as one that died",
    file: "src/core/step/evolve-step.ts",
    find: `(event.data.reason === "drained" ? 0 : 1)`,
    replace: `1`,
  },
  {
    name: "approval used twice",
    does: "an approval is used up by every attempt",
    file: "src/core/plan/evolve-parts.ts",
    find: `consumed: true }`,
    replace: `consumed: false }`,
  },
  {
    name: "gate open",
    does: "a gated step starts unasked",
    file: "src/core/step/open-step.ts",
    find: `else if (approve === undefined) letGo(deciding, key);`,
    replace: `else if (approve !== true) letGo(deciding, key);`,
  },
  {
    name: "decided twice",
    does: "a request is decided a second time",
    file: "src/core/request/decide-request.ts",
    find: `if (request.status !== "open") return alreadySettled(request);`,
    replace: ``,
  },
  {
    name: "expiry ignores the clock",
    does: "a timer that fires early is taken at its word",
    file: "src/core/step/timers.ts",
    find: `at === null || at > time) return null;`,
    replace: `at === null) return null;`,
  },
  {
    name: "timer never due",
    does: "what is due at this very moment is put off for ever",
    file: "src/core/step/timers.ts",
    find: `at === null || at > time) return null;`,
    replace: `at === null || at + 3_600_000 > time) return null;`,
  },
  {
    name: "list cap off by one",
    does: "one child more than a list's cap is let go",
    file: "src/core/step/for-each.ts",
    find: `Math.min(items.length, concurrency ?? items.length);`,
    replace: `Math.min(items.length, (concurrency ?? items.length) + 1);`,
  },
  {
    name: "list stops",
    does: "a list with a cap does not go on after its first children",
    file: "src/core/step/for-each.ts",
    find: `} else if (expansion.concurrency !== null) {`,
    replace: `} else if (expansion.concurrency === null) {`,
  },
  {
    name: "signal twice",
    does: "a signal that comes twice under one key is taken twice",
    file: "src/core/plan/signals.ts",
    find: `if (key !== undefined && deciding.plan.signalKeys.has(key)) return null;`,
    replace: ``,
  },
  {
    name: "schema not judged",
    does: "an output that does not fit its schema is taken",
    file: "src/core/step/judge-output.ts",
    find: `if (fault === undefined) return null;`,
    replace: `if (fault?.code !== "none") return null;`,
  },
  {
    name: "one loop too many",
    does: "failed checks go back once more than they may",
    file: "src/core/step/judge-output.ts",
    find: `step.loops < (verify?.loops ?? 0)`,
    replace: `step.loops <= (verify?.loops ?? 0)`,
  },
  {
    name: "required or not",
    does: "a plan goes on and completes without a step that it requires",
    file: "src/core/step/fail-step.ts",
    find: `if (required && !isChild) beginFailing`,
    replace: `if (!required && !isChild) beginFailing`,
  },
  {
    name: "verification not missed",
    does: "a plan that must be verified completes unverified",
    file: "src/core/plan/conclude.ts",
    find: `verification === "required" && plan.verified === 0`,
    replace: `verification === "required" && plan.verified < 0`,
  },
  {
    name: "cancel leaves steps",
    does: "steps that wait are left behind by a cancel",
    file: "src/core/plan/stop.ts",
    find: `if (step.status === "running" && running === "drain") continue;`,
    replace: `if (step.status === "waiting" || (step.status === "running" && running === "drain")) continue;`,
  },
  {
    name: "parent not told",
    does: "a sub-plan that was cancelled does not tell its parent",
    file: "src/core/wakeup.ts",
    find: `    case "plan.cancelled":\n`,
    replace: ``,
  },
  {
    name: "clock holds up work",
    does: "what a clock that was ahead has readied waits until that time has come",
    file: "src/core/wakeup.ts",
    find: `atOnce: ready > 0,`,
    replace: `atOnce: false,`,
  },
  {
    name: "shared cap off by one",
    does: "one attempt more starts than a limit that plans share allows",
    file: "src/core/shared/sharing.ts",
    find: `- this.#taken.of(key) < 1)`,
    replace: `- this.#taken.of(key) < 0)`,
  },
  {
    name: "takes forgotten",
    does: "what a decision has taken of a limit does not count for what it starts next",
    file: "src/core/shared/sharing.ts",
    find: `this.#room(key) - this.#taken.of(key) < 1`,
    replace: `this.#room(key) < 1`,
  },
  {
    name: "loss gives nothing back",
    does: "an attempt that is lost keeps what it took of a limit",
    file: "src/core/shared/take-changes.ts",
    find: `  "attempt.lost",\n`,
    replace: ``,
  },
  {
    name: "taken of what is not limited",
    does: "an attempt takes of its pool what only its tenant has",
    file: "src/core/shared/sharing.ts",
    find: `filter((key) => this.#room(key) !== Infinity)`,
    replace: `slice(0, 3)`,
  },
];

const AROUND: readonly Mutant[] = [
  {
    name: "fault taken for an answer",
    does: "a wave that could not be written is acknowledged",
    file: "src/store/group-commit.ts",
    find: `for (const waiting of [...commands, ...tasks]) waiting.reject(error);`,
    replace: `for (const task of tasks) task.reject(error);
    for (const waiting of commands) waiting.resolve({ ok: true, events: [], leases: [] });`,
  },
  {
    name: "cache outlives its wave",
    does: "a plan is held as a failed wave left it",
    file: "src/store/group-commit.ts",
    find: `      this.#cache.delete(cacheKey(submission.tenantId, submission.command.planId));
    }
    if (commands`,
    replace: `      void submission;
    }
    if (commands`,
  },
  {
    name: "command not remembered",
    does: "a command that comes again is decided again",
    file: "src/store/decide-wave.ts",
    find: `if (record === null) return null;`,
    replace: `if (record?.digest !== "") return null;`,
  },
  {
    name: "message crossed off too early",
    does: "the order for a sub-plan is crossed off before the sub-plan is made",
    file: "src/engine/messenger.ts",
    find: `const problem = order.problem ?? (await`,
    replace: `await this.#acknowledge(tenantId, message);
    const problem = order.problem ?? (await`,
  },
  {
    name: "chain without links",
    does: "an event's hash says nothing of the events before it",
    file: "src/store/plan-draft.ts",
    find: `this.#source.digest((this.#held?.hash ?? "") + text)`,
    replace: `this.#source.digest(text)`,
  },
  {
    name: "loss of the living",
    does: "attempts of a living worker are taken over",
    file: "src/store/sqlite/sql/find-abandoned.ts",
    find: `where leases.ended_at is not null`,
    replace: `where leases.expires_at > 0`,
  },
  {
    name: "renewal ignored",
    does: "a lease is never renewed",
    file: "src/engine/worker-life.ts",
    find: `else this.#lose(workerId);\n    } catch`,
    replace: `else this.#renewedAt = asked;\n    } catch`,
  },
  {
    name: "outcome told once",
    does: "a report that meets a fault is not sent again",
    file: "src/engine/until-known.ts",
    find: `if (!StoreFault.is(error) || !mayPass(error)) throw error;`,
    replace: `if (!StoreFault.is(error) || mayPass(error)) throw error;`,
  },
  {
    name: "leases not found again",
    does: "a worker does not carry out what it was leased when the first answer was lost",
    file: "src/engine/worker.ts",
    find: `if (!decision.ok || bringsItsLeases(decision, workerId)) return decision;`,
    replace: `if (decision.ok || !decision.ok) return decision;`,
  },
  {
    name: "leases read once",
    does: "a worker that cannot read its leases again lets go of them",
    file: "src/engine/worker.ts",
    find: `const found = await untilKnown(find, patience);`,
    replace: `const found = { value: await find() };`,
  },
  {
    name: "record before outcome",
    does: "a record of a process that cannot be removed keeps the outcome from being told",
    file: "src/engine/attempt-resources.ts",
    find: `await this.removeProcess(process).catch(this.#onFault);`,
    replace: `await this.removeProcess(process);`,
  },
  {
    name: "orphans go on",
    does: "what a dead worker left running is not ended before its step starts again",
    file: "src/engine/recovery.ts",
    find: `if (!(await this.#end(process))) return false;`,
    replace: `void process;`,
  },
  {
    name: "no timeout",
    does: "an attempt may take for ever",
    file: "src/engine/attempt-run.ts",
    find: `runtime.setTimer(lease.timeoutMs, () => this.cutShort("timeout"))`,
    replace: `runtime.setTimer(lease.timeoutMs * 1e6, () => this.cutShort("timeout"))`,
  },
  {
    name: "throw taken for an answer",
    does: "an executor that broke in the middle of what happens once is let loose again",
    file: "src/engine/attempt-run.ts",
    find: `message, retryable: true, ambiguous: true };`,
    replace: `message, retryable: true };`,
  },
  {
    name: "nobody takes over",
    does: "leases that have run out are not ended",
    file: "src/engine/recovery.ts",
    find: `as === "owner" ? Number.MAX_SAFE_INTEGER : this.#runtime.now()`,
    replace: `as === "owner" ? Number.MAX_SAFE_INTEGER : 0`,
  },
  {
    name: "messages are left",
    does: "what one plan has to tell another is not delivered",
    file: "src/engine/scheduler.ts",
    find: `leftAlone.tries(receiver, () => this.#deliver(messages))`,
    replace: `Promise.resolve(messages)`,
  },
  {
    name: "waves without memory",
    does: "commands of one wave do not see what those before them took of a limit",
    file: "src/store/decide-wave.ts",
    find: `left - this.#takenOf(tenantId, key)`,
    replace: `left`,
  },
  {
    name: "taken twice",
    does: "an attempt takes two of a limit where its start says one",
    file: "src/store/plan-draft.ts",
    find: `takeChanges(this.plan, event)`,
    replace: `[...takeChanges(this.plan, event), ...(event.type === "attempt.started" ? takeChanges(this.plan, event) : [])]`,
  },
];

/** Bugs that a simulator or a fuzz worth its name finds, each by itself. */
export const MUTANTS: readonly Mutant[] = [...RULES, ...AROUND];

/** A handful of them, one of each sort, for a quick look. */
export const SHORT: readonly string[] = [
  "no fence",
  "any need is enough",
  "recovery of what happens once",
  "join lost",
  "command not remembered",
  "leases not found again",
];
