import type { EXIT } from "../../src/cli/exit-code.ts";
import type { RefusalCode } from "../../src/core/refusal.ts";
import type { StoreFaultCode } from "../../src/store/store.ts";

/** What a code means to who meets it, and what helps. */
export type CodeWords = readonly [means: string, helps: string];

export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, CodeWords>> = {
  done: ["done", "nothing is to be done"],
  notCompleted: [
    "the run did not complete: failed, cancelled or rejected; `doctor` found something wrong",
    "stderr says what failed; `plan show` and `step logs` say more",
  ],
  usage: ["wrong usage, or inputs and answers that do not fit", "stderr says what would fit"],
  invalidPlan: ["the plan is not valid", "each fault below, with its line and column"],
  notFound: ["there is no such file, plan, step, request or artifact", "`plan ls`, `request ls`"],
  personNeeded: [
    "a person is needed: approval pending or request open",
    "the commands on stderr, once this one has ended",
  ],
  blocked: ["it cannot move by itself", "stderr says why, `plan explain` at any time"],
  storeUnavailable: [
    "the store cannot be had: owned by another, not reachable, too new, damaged, full",
    "the faults of the store below",
  ],
  refused: [
    "refused: the plan's state or a rule does not allow it",
    "stderr says what is allowed; [states](states.md) have the whole table",
  ],
  timeout: ["`--wait` ran out", "`plan watch` goes on"],
  interrupted: ["interrupted (SIGINT)", "`plan watch` goes on"],
  terminated: ["terminated (SIGTERM, SIGHUP)", "`plan watch` goes on"],
};

export const REFUSAL_WORDS: Readonly<Record<RefusalCode, CodeWords>> = {
  "not-found": ["there is no such plan, step or request", "look for its id with `plan ls`"],
  "already-exists": ["a plan of this id is there, with another text", "another key, or no key"],
  "invalid-plan": [
    "the text has faults; nothing was stored",
    "mend the `faults` that come with it",
  ],
  "invalid-input": [
    "inputs or an answer do not fit what is asked for",
    "mend the `faults` that come with it",
  ],
  "not-allowed": [
    "the state of the plan, step or request does not allow it",
    "`allowed` names what is",
  ],
  "stale-attempt": [
    "the attempt that reports is no longer the one that counts; nothing was changed",
    "stop that work: `current` is the attempt that counts",
  ],
  "stale-digest": [
    "what was looked at is not what stands there now",
    "look again, and decide on the digest in `current`",
  ],
  "command-reused": ["this command id has come before, with another command", "a new id"],
  forbidden: ["who acts may not do this", "somebody else must: agents do not decide"],
};

export const STORE_FAULT_WORDS: Readonly<Record<StoreFaultCode, CodeWords>> = {
  owned: [
    "another process owns the store; the message names it",
    "wait for its end, or stop it; what only reads works beside it",
  ],
  unreachable: [
    "the store is not there, or may not be reached",
    "check `--store`, who may use its folder, and whether the database answers this login",
  ],
  full: ["there is no room for it", "make room: it goes on by itself"],
  corrupt: ["it was damaged, or changed from outside", "`doctor`, then a backup"],
  "too-new": ["a later version has written it", "the later version"],
  "unknown-event": [
    "a later version has written into the log of this plan what this one does not know; other plans go on",
    "the later version, for this plan",
  ],
  unsupported: [
    "it cannot be kept safely here: a network folder, an old SQLite, a database that loses commits or whose rights are missing",
    "what the message asks for; `doctor` says more",
  ],
  "read-only": ["it may be read and not written", "write access to the file and its folder"],
  "bad-cursor": ["the cursor is none that this list gave", "begin without `--cursor`"],
  "too-large": ["the content is larger than the store keeps", "smaller content, or a higher limit"],
  closed: ["the store has been closed", "open it again"],
  failed: ["the system refused for another reason", "the message names it"],
};

export const WARNING_WORDS: Readonly<Record<string, CodeWords>> = {
  "approved-by-silence": [
    "a request that nobody answers is approved",
    "`onTimeout: fail` or `skip`, unless it is meant",
  ],
  "dead-step": [
    "a step is always skipped: its condition is never true, or what it needs never happens",
    "another `when`, or `needs` that allow `skipped`",
  ],
  "no-assignee": ["a request names nobody, so anybody may answer", "`assignees`"],
  "no-verification": [
    "no step has checks: the plan completes whatever its steps bring; `run` says so of agents only",
    "`verify`, or `policy: { verification: none }`",
  ],
  "undeclared-effect": [
    "a crash in the middle of the step will ask a person",
    "`effect: none`, `repeatable` or `once`",
  ],
  "unused-on-failure": [
    "a `human` step says `ask` or a `fallback`, which a no and an answer that does not come do not use",
    "`onFailure: continue`, and `allow: [failed]` in what comes after it",
  ],
};
