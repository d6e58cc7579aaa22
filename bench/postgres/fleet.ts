import { createPlanwright, type PlanDocument, type Planwright } from "planwright";
import type { TestDatabase } from "../../test/postgres/create-database-on.ts";
import { addPlan } from "../open-bench.ts";
import type { BenchServer } from "./bench-server.ts";
import type { FleetOrder, Mark } from "./fleet-order.ts";
import { FleetProcess } from "./fleet-process.ts";

export interface FleetOptions {
  readonly processes: number;
  /** Of each process; 32 if not said, as of every worker. */
  readonly concurrency?: number;
  /** Of each process, one after the other; all of them serve `default` if not said. */
  readonly pools?: readonly (readonly string[])[];
  readonly hints?: boolean;
  readonly marks?: boolean;
}

/** Equal processes on a database of their own, which carry out plans while nothing else runs. */
export class Fleet implements AsyncDisposable {
  readonly url: string;
  readonly marks: Mark[] = [];
  readonly #database: TestDatabase;
  readonly #client: Planwright;
  readonly #processes: readonly FleetProcess[];
  readonly #whenReady = Promise.withResolvers<void>();
  readonly #waiting = new Map<string, (end: string) => void>();
  #ready = 0;

  private constructor(database: TestDatabase, client: Planwright, options: FleetOptions) {
    this.url = database.url;
    this.#database = database;
    this.#client = client;
    const { processes, concurrency = 32, pools = [], hints = true, marks = false } = options;
    const order = { url: database.url, concurrency, hints, marks };
    this.#processes = Array.from({ length: processes }, (_, index) => {
      const own: FleetOrder = { ...order, name: `w${index}`, pools: pools[index] ?? ["default"] };
      return new FleetProcess(own, (line) => this.#hear(line));
    });
  }

  static async start(server: BenchServer, options: FleetOptions): Promise<Fleet> {
    const database = await server.createDatabase();
    const client = await createPlanwright({ store: database.url, carryOut: false });
    const fleet = new Fleet(database, client, options);
    await fleet.#orFail(fleet.#whenReady.promise);
    return fleet;
  }

  /** Stores a plan that has not begun. */
  add(document: PlanDocument): Promise<string> {
    return addPlan(this.#client, document);
  }

  /** Milliseconds from the word to start, given to the processes in turn, to the end of the last plan. */
  async time(planIds: readonly string[]): Promise<number> {
    const ends = planIds.map((planId) => this.#endOf(planId));
    const lines = this.#processes.map((_, index) =>
      planIds.filter((_, place) => place % this.#processes.length === index).join(" "),
    );
    const began = performance.now();
    for (const [index, line] of lines.entries()) {
      if (line !== "") this.#processes[index]?.say(line);
    }
    await this.#orFail(Promise.all(ends));
    return performance.now() - began;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.end()));
    await this.#client[Symbol.asyncDispose]();
    await this.#database[Symbol.asyncDispose]();
  }

  async #endOf(planId: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(planId, resolve);
    const end = await promise;
    if (end !== "plan.completed") throw new Error(`${planId}: ${end}`);
  }

  #hear(line: string): void {
    const [word, first = "", second = "", third = ""] = line.split(" ");
    if (word === "ended") this.#waiting.get(first)?.(second);
    else if (word === "mark") {
      this.marks.push({ what: first as Mark["what"], stepKey: second, ms: Number(third) });
    } else {
      this.#ready += 1;
      if (this.#ready === this.#processes.length) this.#whenReady.resolve();
    }
  }

  #orFail<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, ...this.#processes.map(({ failed }) => failed)]);
  }
}

/** Measures a fleet, and ends it. */
export async function withFleet<T>(
  server: BenchServer,
  options: FleetOptions,
  work: (fleet: Fleet) => Promise<T>,
): Promise<T> {
  await using fleet = await Fleet.start(server, options);
  return await work(fleet);
}
