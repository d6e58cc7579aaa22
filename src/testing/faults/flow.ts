import type { Socket } from "node:net";
import { resetSocket } from "./reset-socket.ts";

/**
 * What becomes of the bytes of one direction: they flow, are held back until they flow again (as a
 * network does that comes back), or are taken and forgotten (as by a peer that is no more).
 */
export type FlowMode = "flowing" | "held" | "swallowed";

/** What comes out at the far end, in the order in which it went in: bytes, and then how they end. */
type Load = Buffer | "end" | "reset";

const QUEUE_BYTES = 1024 * 1024;

/** One direction of a connection, from the socket that it comes from to the one it goes to. */
export class Flow {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #deliver: (bytes: Buffer) => void;
  readonly #queue: { readonly at: number; readonly load: Load }[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #mode: FlowMode = "flowing";
  #delayMs = 0;
  #isOver = false;
  #isStopped = false;
  #hasHole = false;

  constructor(source: Socket, sink: Socket, deliver: (bytes: Buffer) => void) {
    this.#source = source;
    this.#sink = sink;
    this.#deliver = deliver;
    source.on("data", (bytes: Buffer) => this.#take(bytes));
    source.once("end", () => this.#take("end"));
    source.on("error", () => this.#take("reset"));
    sink.on("drain", () => this.#regulate());
  }

  get mode(): FlowMode {
    return this.#mode;
  }

  set mode(mode: FlowMode) {
    this.#mode = mode;
    if (mode === "swallowed" && this.#queue.length > 0) {
      this.#hasHole = true;
      this.#forget();
    }
    this.#pump();
  }

  /** Of what comes from now on. */
  delay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Nothing more will come from where it comes from. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Something was swallowed: what would come now would come in the wrong place. */
  get hasHole(): boolean {
    return this.#hasHole;
  }

  /** For good: what is still under way is forgotten, and no timer stays behind. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#forget();
  }

  #forget(): void {
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  #take(load: Load): void {
    if (this.#isStopped) return;
    if (typeof load === "string") this.#isOver = true;
    if (this.#mode === "swallowed") {
      this.#hasHole = true;
      return;
    }
    this.#queue.push({ at: performance.now() + this.#delayMs, load });
    this.#queuedBytes += sizeOf(load);
    this.#pump();
  }

  /** Lets out what is due, nothing before what came before it, and comes back for the rest. */
  #pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#mode === "flowing") {
      const [item] = this.#queue;
      if (item === undefined) break;
      const waitMs = item.at - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        break;
      }
      this.#queue.shift();
      this.#queuedBytes -= sizeOf(item.load);
      this.#letOut(item.load);
    }
    this.#regulate();
  }

  #letOut(load: Load): void {
    if (load === "end") this.#sink.end();
    else if (load === "reset") resetSocket(this.#sink);
    else this.#deliver(load);
  }

  /** Reads on as long as there is room: whoever sends too much waits, as on a real network. */
  #regulate(): void {
    const isFull = this.#queuedBytes >= QUEUE_BYTES || this.#sink.writableNeedDrain;
    if (isFull && this.#mode !== "swallowed") this.#source.pause();
    else this.#source.resume();
  }
}

function sizeOf(load: Load): number {
  return typeof load === "string" ? 0 : load.length;
}
