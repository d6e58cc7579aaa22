import { Client } from "pg";
import { PgBatch } from "../../../src/store/postgres/pg-batch.ts";

/** What an application says so that it sees the rows of one tenant only. */
const FILTER = /(?:\b\w+\.)?\btenant_no = \$(\d+)(?:::bigint)?/g;

type Query = (this: Client, ...given: readonly unknown[]) => unknown;
type Ask = PgBatch["ask"];

/** Each transaction says once for whom it acts. */
const ENTERS = /set_config\('app\.(?:tenant|scope)'/;

/**
 * Switches the application's filters off, in the text of every statement of this process, as long as
 * it lives: `tenant_no = $1` becomes what is always true. Row-level security is left alone with it.
 */
export class WithoutFilters implements Disposable {
  readonly #query: Query = Reflect.get(Client.prototype, "query");
  readonly #ask: Ask = Reflect.get(PgBatch.prototype, "ask");
  readonly #send: Ask = Reflect.get(PgBatch.prototype, "send");
  readonly #texts = new Map<string, string>();
  #transactions = 0;
  #changed = 0;

  constructor() {
    const change = (given: unknown): unknown => this.#change(given);
    const query = this.#query;
    Reflect.set(Client.prototype, "query", function (this: Client, ...given: readonly unknown[]) {
      const [first, ...rest] = given;
      return query.call(this, change(first), ...rest);
    });
    this.#alter("ask", this.#ask);
    this.#alter("send", this.#send);
  }

  /** Statements that went out without their filter. */
  get changed(): number {
    return this.#changed;
  }

  get transactions(): number {
    return this.#transactions;
  }

  /** The different statements that have a filter, as they are written. */
  get statements(): readonly string[] {
    return [...this.#texts].filter(([text, sent]) => text !== sent).map(([text]) => text);
  }

  [Symbol.dispose](): void {
    Reflect.set(Client.prototype, "query", this.#query);
    Reflect.set(PgBatch.prototype, "ask", this.#ask);
    Reflect.set(PgBatch.prototype, "send", this.#send);
  }

  #alter(name: "ask" | "send", inner: Ask): void {
    const change = (sql: string): string => this.#withoutFilter(sql);
    Reflect.set(
      PgBatch.prototype,
      name,
      function (this: PgBatch, ...[sql, values]: Parameters<Ask>) {
        return inner.call(this, change(sql), values);
      },
    );
  }

  #change(given: unknown): unknown {
    if (typeof given === "string") return this.#withoutFilter(given);
    if (typeof given !== "object" || given === null || !("text" in given)) return given;
    return { ...given, text: this.#withoutFilter(String(given.text)) };
  }

  #withoutFilter(text: string): string {
    let sent = this.#texts.get(text);
    // A parameter that a statement does not use has no type.
    if (sent === undefined) sent = text.replaceAll(FILTER, "($$$1::bigint is not null)");
    this.#texts.set(text, sent);
    if (ENTERS.test(text)) this.#transactions += 1;
    if (text !== sent) this.#changed += 1;
    return sent;
  }
}
