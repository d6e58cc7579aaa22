import { setTimeout as pause } from "node:timers/promises";
import type { WorkHint } from "../store.ts";
import type { DirectConnection } from "./direct-connection.ts";
import { beatText, hintText, readHintText } from "./hint-text.ts";

export interface WorkHintsOptions {
  /** Names this process among those of the store. */
  readonly id: string;
  /** A connection of its own, straight to the server. */
  readonly connect: () => Promise<DirectConnection>;
  /** Sends a text from any other connection: it shows whether this one hears. */
  readonly notify: (text: string) => Promise<void>;
  /** Between 0 and 1, to spread those that connect again. */
  readonly chance: () => number;
}

/** Whether this process hears the others at once: `deaf` behind a pooler that lends connections. */
export type Hearing = "off" | "connecting" | "listening" | "deaf";

/** A hint is not worth a disk's time, and who listens says nothing for long. */
const SETTINGS = "set synchronous_commit = off; set idle_session_timeout = 0";
/** At most 20 a second: the first at once, those that come meanwhile together. */
const QUIET_MS = 50;
const BEAT_MS = 10_000;
const BEAT_PATIENCE_MS = 3000;
const DEAF_BEATS_MAX = 3;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const LAST_WORD_MS = 1000;

/**
 * Tells other processes which pools have work, and hears it from them. Only hints: what is lost on
 * its way costs a sweep, so nothing here waits for anybody or fails.
 */
export class WorkHints implements AsyncDisposable {
  readonly #options: WorkHintsOptions;
  readonly #listeners = new Set<(hint: WorkHint) => void>();
  readonly #pending = new Set<string>();
  readonly #closing = new AbortController();
  #connection: DirectConnection | null = null;
  #living: Promise<void> | null = null;
  #sending: Promise<unknown> = Promise.resolve();
  #quiet: NodeJS.Timeout | null = null;
  #hearing: Hearing = "off";
  #isListening = false;
  #beat = 0;
  #whenBeatHeard: (() => void) | null = null;
  #whenConnected = Promise.withResolvers<void>();

  constructor(options: WorkHintsOptions) {
    this.#options = options;
  }

  get hearing(): Hearing {
    return this.#hearing;
  }

  /** Says that pools have work; `*` is everybody. After the commit that made it, never in it. */
  tell(pools: Iterable<string>): void {
    for (const pool of pools) this.#pending.add(pool);
    if (this.#pending.size === 0 || this.#closing.signal.aborted) return;
    this.#begin();
    this.#sendSoon();
  }

  /** Calls back at each hint from another process, and where some may have been missed. */
  listen(hear: (hint: WorkHint) => void): Disposable {
    this.#listeners.add(hear);
    if (!this.#closing.signal.aborted) this.#begin();
    if (!this.#isListening) void this.#connection?.close();
    return { [Symbol.dispose]: () => this.#listeners.delete(hear) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#living !== null) await this.#sayLastWord();
    this.#closing.abort();
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    await this.#connection?.close();
    await this.#living;
  }

  /** A command that ends at once has told nobody yet. */
  async #sayLastWord(): Promise<void> {
    const { promise: late, resolve: stop } = Promise.withResolvers<void>();
    const timer = setTimeout(stop, LAST_WORD_MS);
    if (this.#pending.size > 0) await Promise.race([this.#whenConnected.promise, late]);
    if (this.#connection !== null && this.#pending.size > 0) this.#send(this.#connection);
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
  }

  #begin(): void {
    this.#living ??= this.#live();
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      if (failures > 0) await this.#rest(waitMs(failures) * (0.5 + this.#options.chance() / 2));
      if (signal.aborted) break;
      this.#hearing = "connecting";
      const connection = await this.#connect();
      if (connection === null) continue;
      this.#connection = connection;
      this.#whenConnected.resolve();
      this.#sendSoon();
      if (await this.#stay(connection)) failures = 0;
      this.#whenConnected = Promise.withResolvers();
      this.#connection = null;
      await connection.close();
    }
    this.#hearing = "off";
  }

  async #connect(): Promise<DirectConnection | null> {
    let connection: DirectConnection | null = null;
    try {
      connection = await this.#options.connect();
      await connection.client.query(SETTINGS);
      connection.client.on("notification", ({ payload = "" }) => this.#hear(payload));
      this.#isListening = this.#listeners.size > 0;
      if (this.#isListening) await connection.client.query("listen planwright");
      return connection;
    } catch {
      await connection?.close();
      return null;
    }
  }

  /** Until the connection is lost, or hears nothing any more; says whether it ever was of use. */
  async #stay({ client, ended }: DirectConnection): Promise<boolean> {
    const over = new AbortController();
    void ended.then(() => over.abort());
    const stop = AbortSignal.any([over.signal, this.#closing.signal]);
    let deafBeats = 0;
    let hasHeard = false;
    while (!stop.aborted) {
      const hears = this.#isListening ? await this.#isHeard(stop) : await isAlive(client);
      if (stop.aborted) break;
      if (hears) {
        deafBeats = 0;
        this.#nowHears(hasHeard);
        hasHeard = true;
      } else {
        this.#hearing = "deaf";
        deafBeats += 1;
        if (hasHeard || deafBeats >= DEAF_BEATS_MAX) break;
      }
      await this.#rest(BEAT_MS, stop);
    }
    return hasHeard;
  }

  #nowHears(hasHeard: boolean): void {
    if (!this.#isListening) return;
    this.#hearing = "listening";
    // What was said before it could hear may have concerned anybody.
    if (!hasHeard) for (const hear of this.#listeners) hear("everybody");
  }

  /** Whether a text that another connection sends comes in here. */
  async #isHeard(stop: AbortSignal): Promise<boolean> {
    this.#beat += 1;
    const heard = new Promise<boolean>((resolve) => {
      this.#whenBeatHeard = () => resolve(true);
    });
    const late = new AbortController();
    void this.#options.notify(beatText(this.#options.id, this.#beat)).catch(() => undefined);
    const silence = this.#rest(BEAT_PATIENCE_MS, AbortSignal.any([stop, late.signal]));
    const isHeard = await Promise.race([heard, silence.then(() => false)]);
    late.abort();
    return isHeard;
  }

  #hear(text: string): void {
    const message = readHintText(text);
    if (message === null) return;
    const isOwn = message.from === this.#options.id;
    if ("beat" in message) {
      if (isOwn && message.beat === this.#beat) this.#whenBeatHeard?.();
    } else if (!isOwn) {
      for (const hear of this.#listeners) hear(message.hint);
    }
  }

  #sendSoon(): void {
    if (this.#connection === null || this.#quiet !== null || this.#pending.size === 0) return;
    this.#send(this.#connection);
    this.#quiet = setTimeout(() => {
      this.#quiet = null;
      this.#sendSoon();
    }, QUIET_MS);
    this.#quiet.unref();
  }

  #send({ client, close }: DirectConnection): void {
    const text = hintText(this.#options.id, this.#pending);
    this.#pending.clear();
    // A hint that is lost with its connection costs a sweep.
    this.#sending = client.query("select pg_notify('planwright', $1)", [text]).catch(close);
  }

  async #rest(ms: number, stop: AbortSignal = this.#closing.signal): Promise<void> {
    await pause(ms, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}

function waitMs(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
}

async function isAlive(client: DirectConnection["client"]): Promise<boolean> {
  try {
    await client.query("select 1");
    return true;
  } catch {
    return false;
  }
}
