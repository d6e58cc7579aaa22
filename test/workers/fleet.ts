import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPlanwright } from "../../src/create-planwright.ts";
import type { PlanDocument, StepDocument } from "../../src/core/plan/document.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { findProcess } from "../../src/executor/command/process-table.ts";
import type { Planwright } from "../../src/planwright.ts";
import { createDatabase } from "../postgres/create-database.ts";
import { lineOf, startCli, startScript } from "../postgres/worker-process.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";

const WORKER = fileURLToPath(new URL("fleet-worker.ts", import.meta.url));
/** Far longer than anything takes: a test that waits for it has failed. */
const PATIENCE_MS = 40_000;

/** Processes on one database, in a folder that all of them share. */
export class Fleet implements AsyncDisposable {
  readonly url: string;
  readonly folder: string = mkdtempSync(join(tmpdir(), "planwright-fleet-"));
  /** Records what is wished and looks at what came of it; carries out nothing. */
  readonly client: Planwright;
  readonly #stack: AsyncDisposableStack;

  private constructor(url: string, client: Planwright, stack: AsyncDisposableStack) {
    this.url = url;
    this.client = client;
    this.#stack = stack;
  }

  /** An empty database, or one that is given. */
  static async open(given?: { readonly url: string }): Promise<Fleet> {
    const stack = new AsyncDisposableStack();
    const { url } = given ?? stack.use(await createDatabase());
    const client = await createPlanwright({ store: url, carryOut: false, acceptDataLoss: true });
    stack.use(client);
    return new Fleet(url, client, stack);
  }

  /** A worker that is at work, by way of another address where one is given. */
  async worker(
    name: string,
    { ttlMs = 15_000, url = this.url }: { readonly ttlMs?: number; readonly url?: string } = {},
  ): Promise<Spawned> {
    const spawned = startScript(WORKER, [url, name, String(ttlMs)], { folder: this.folder });
    this.#stack.use(spawned);
    await says(spawned, "ready");
    return spawned;
  }

  /** The command line, on this database. */
  cli(...words: readonly string[]): Spawned {
    const env = { PLANWRIGHT_STORE: this.url, PLANWRIGHT_ACCEPT_DATA_LOSS: "1" };
    return this.#stack.use(startCli(words, { folder: this.folder, env }));
  }

  /** A plan of these steps that may be carried out. */
  async start(steps: Readonly<Record<string, StepDocument>>): Promise<string> {
    const document: PlanDocument = {
      plan: "Test",
      policy: { approval: "none", verification: "none" },
      steps,
    };
    const origin = { kind: "library", trust: "operator", folder: this.folder } as const;
    const answer = await this.client.orchestrator.create({ document, origin }, ANN);
    if (!answer.ok) throw new Error(answer.refusal.message);
    const { id } = answer.plan;
    await this.client.orchestrator.submit(id, ANN);
    await this.client.orchestrator.start(id, ANN);
    return id;
  }

  events(planId: string): Promise<readonly PlanEvent[]> {
    return this.client.orchestrator.store.events(planId, { limit: 1000 });
  }

  /** The first such event, as soon as it is there. */
  event(planId: string, isWanted: (event: PlanEvent) => boolean): Promise<PlanEvent> {
    return eventually("an event", async () => (await this.events(planId)).find(isWanted));
  }

  /** Who has a lease that was not ended, by name. */
  async living(): Promise<readonly string[]> {
    const leases = await this.client.stores.leases();
    return leases.filter(({ endedAt }) => endedAt === null).map(({ name }) => name);
  }

  /** Lets go on what waits for a file. */
  write(name: string): void {
    writeFileSync(join(this.folder, name), "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ANN = { kind: "person", id: "ann" } as const;

/** A command that says that it has begun, and ends when it is let go. */
export function held(file: string, rest: Partial<StepDocument> = {}): StepDocument {
  const run = `echo $$ > ${file}.pid; while [ ! -e ${file} ]; do sleep 0.05; done; echo done`;
  return { do: "command", with: { run }, effect: "repeatable", ...rest };
}

/** Waits until a worker has said something. */
export function says(spawned: Spawned, what: string | RegExp): Promise<string> {
  const isWanted = (line: string): boolean =>
    typeof what === "string" ? line === what : what.test(line);
  return lineOf(spawned, { withinMs: PATIENCE_MS, isWanted });
}

/** What an asking finds, as soon as it finds something. */
export function eventually<T>(what: string, ask: () => Promise<T | null | undefined>): Promise<T> {
  return until(what, PATIENCE_MS, async () => (await ask()) ?? null);
}

/** The number of the command that `held` begins with that file. */
export function pidOf(fleet: Fleet, file: string): Promise<number> {
  return eventually("its number", async () => {
    try {
      return Number(readFileSync(join(fleet.folder, `${file}.pid`), "utf8").trim()) || null;
    } catch {
      return null;
    }
  });
}

/** Whether nothing of a process is left but what its parent has not heard of. */
export function hasEnded(pid: number): boolean {
  const state = findProcess(pid)?.state ?? "Z";
  return state === "Z";
}
