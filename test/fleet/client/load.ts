import { setTimeout as pause } from "node:timers/promises";
import type { Stores } from "../../../src/store/store.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Ground } from "../ground.ts";
import { setLimits, type LimitInForce } from "../limits-in-force.ts";
import { openStores } from "../open-stores.ts";
import { SCARCE } from "../plan/draw-load.ts";
import { Author } from "./author.ts";
import { ClientBook } from "./client-book.ts";
import { Client } from "./client.ts";
import { Follower } from "./follower.ts";
import { Person } from "./person.ts";

export interface LoadOptions {
  readonly ground: Ground;
  readonly chance: Chance;
  /** Plans under way at once. */
  readonly plansMax: number;
}

export const TENANTS = ["acme", "birch", "cedar"] as const;
/** What there is little of, and a tenant that may not do more at once. */
export const LIMITS: readonly LimitInForce[] = [
  { tenantId: "acme", key: `pool:${SCARCE}`, max: 7 },
  { tenantId: "cedar", key: "tenant", max: 8 },
];

/** Everybody around the fleet: who wants plans, who answers, who reads along. */
export class Load implements AsyncDisposable {
  readonly author: Author;
  readonly person: Person;
  readonly clients: readonly Client[];
  readonly followers: readonly Follower[];
  readonly #ways: readonly Stores[];
  readonly #books: readonly ClientBook[];
  readonly #writing = new AbortController();
  readonly #around = new AbortController();
  #living: Promise<unknown> = Promise.resolve();

  private constructor({ ground, chance, plansMax }: LoadOptions, ways: readonly Stores[]) {
    this.#ways = ways;
    const clients = ["ada", "kay"].map((id) => {
      const book = new ClientBook(ground.books, id);
      const actor = { kind: "person", id } as const;
      return { book, client: new Client({ actor, book, ways, chance: chance.of(id) }) };
    });
    const [ada, kay] = clients.map(({ client }) => client);
    if (ada === undefined || kay === undefined) throw new Error("nobody is there");
    this.clients = [ada, kay];
    this.#books = clients.map(({ book }) => book);
    const { witness } = ground;
    const common = { tenantIds: TENANTS, chance: chance.of("load") };
    this.author = new Author({ ...common, client: ada, witness, plansMax });
    this.person = new Person({ ...common, client: kay, unanswered: this.author.unanswered });
    this.followers = TENANTS.map((tenantId, index) => {
      const way = ways[index % ways.length];
      if (way === undefined) throw new Error("there is no way to the store");
      return new Follower(tenantId, way);
    });
  }

  /** One way straight to the server, one by way of the proxy. */
  static async open(options: LoadOptions): Promise<Load> {
    const { ground } = options;
    const urls = [ground.url, ground.proxiedUrl];
    const ways = await Promise.all(urls.map((url) => openStores(url, "clients")));
    const [way] = ways;
    if (way !== undefined) await setLimits(way, LIMITS);
    return new Load(options, ways);
  }

  /** What somebody was told, or met, that should not have been. */
  get faults(): readonly string[] {
    return [...this.author.faults, ...this.person.faults];
  }

  /** What they did. */
  get figures(): Readonly<Record<string, number>> {
    const { author, person, clients } = this;
    const figures = clients.map((client) => client.figures);
    return {
      "plans submitted": author.plans,
      "plans told to be cancelled": author.cancels.length,
      "questions answered": sum(Object.values(person.answered)),
      "commands of clients": sum(figures.map(({ acts }) => acts)),
      "told only when asked again": sum(figures.map(({ askedAgain }) => askedAgain)),
    };
  }

  begin(): void {
    const { signal } = this.#around;
    this.#living = Promise.all([
      this.author.keepBusy(this.#writing.signal),
      this.person.keepAnswering(signal),
      ...this.followers.map((follower) => follower.follow(signal)),
    ]);
  }

  /** Whether nothing goes on any more but what is left to wait. */
  async isQuiet(): Promise<boolean> {
    if (this.author.isActing || this.person.isAnswering) return false;
    return (await this.author.countExecuting()) <= this.author.unanswered.size;
  }

  /** No more plans are begun; questions are still answered. */
  stopWriting(): void {
    this.#writing.abort();
  }

  /** Ends all of it, and reads the feeds to their ends. */
  async end(): Promise<void> {
    this.stopWriting();
    this.#around.abort();
    await this.#living;
    await Promise.all(this.followers.map((follower) => follower.catchUp()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopWriting();
    this.#around.abort();
    // Who still waits for an answer gets none.
    await Promise.race([
      this.#living.catch(() => undefined),
      pause(5000, undefined, { ref: false }),
    ]);
    await Promise.all(this.#ways.map((way) => way[Symbol.asyncDispose]()));
    for (const book of this.#books) book[Symbol.dispose]();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
