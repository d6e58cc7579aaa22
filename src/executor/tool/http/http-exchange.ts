import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import type { Runtime, Timer } from "../../../engine/runtime.ts";
import { ToolError } from "../tool-error.ts";
import { isSafe } from "./is-safe.ts";
import { readBody } from "./read-body.ts";
import type { HttpTarget } from "./http-target.ts";

export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpResponse {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Bounds of one request (SEC-51). */
export interface HttpLimits {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  /** After decompression. */
  readonly bytesMax: number;
  /** How many bytes one received byte may turn into. */
  readonly ratioMax: number;
}

export interface ExchangeOptions {
  readonly limits: HttpLimits;
  readonly signal: AbortSignal;
  readonly runtime: Pick<Runtime, "setTimer">;
}

/** One request to a judged target and its answer, without following where that may point. */
export async function exchange(
  target: HttpTarget,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<HttpResponse> {
  using watch = new Watch(options);
  try {
    const message = await send(target, request, watch);
    watch.stop();
    const body = await readBody(message, options.limits);
    return { url: target.url, status: message.statusCode ?? 0, headers: headersOf(message), body };
  } catch (error) {
    throw watch.explain(error, request.method);
  }
}

function send(target: HttpTarget, request: HttpRequest, watch: Watch): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const isTls = target.url.protocol === "https:";
  const sent = (isTls ? requestHttps : requestHttp)({
    host: target.host,
    port: target.port,
    path: `${target.url.pathname}${target.url.search}`,
    method: request.method,
    headers: request.headers,
    lookup: pinnedTo(target),
    // An agent of its own: no connection made for somebody else, no proxy from the environment.
    agent: isTls ? new HttpsAgent() : new HttpAgent(),
    signal: watch.signal,
  });
  sent.on("socket", (socket) => followSocket(socket, isTls, target, watch));
  sent.on("response", resolve);
  sent.on("error", reject);
  sent.end(request.body ?? undefined);
  return promise;
}

/** Answers with the judged addresses, whatever the name means by now. */
function pinnedTo({ addresses }: HttpTarget): LookupFunction {
  return (_host, { all }, answer) => {
    const [first] = addresses;
    if (all === true) answer(null, [...addresses]);
    else answer(null, first?.address ?? "", first?.family);
  };
}

function followSocket(socket: Socket, isTls: boolean, target: HttpTarget, watch: Watch): void {
  socket.once("connect", () => {
    const peer = socket.remoteAddress;
    if (target.addresses.some(({ address }) => address === peer)) return;
    socket.destroy(new Error(`connected to ${peer}, which was not judged`));
  });
  socket.once(isTls ? "secureConnect" : "connect", () => watch.connected());
}

/** The time that each part of an exchange may take, and whose fault it was that it broke off. */
class Watch implements Disposable {
  readonly #options: ExchangeOptions;
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;
  #timer: Timer;
  #isConnected = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([options.signal, this.#controller.signal]);
    this.#timer = this.#set(options.limits.connectMs, "no connection");
  }

  connected(): void {
    this.#isConnected = true;
    this.#timer.cancel();
    this.#timer = this.#set(this.#options.limits.firstByteMs, "no answer");
  }

  stop(): void {
    this.#timer.cancel();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  explain(error: unknown, method: string): Error {
    if (ToolError.is(error)) return error;
    const ambiguous = this.#isConnected && !isSafe(method);
    if (this.#options.signal.aborted) {
      const reason: unknown = this.#options.signal.reason;
      if (ToolError.is(reason)) {
        return new ToolError(reason.message, { code: reason.code, ambiguous, cause: error });
      }
      return error instanceof Error ? error : new Error(String(error));
    }
    const { reason } = this.#controller.signal;
    const why = typeof reason === "string" ? reason : messageOf(error);
    const code = typeof reason === "string" ? "http-timeout" : "http-failed";
    return new ToolError(`the request failed: ${why}`, { code, ambiguous, cause: error });
  }

  #set(ms: number, what: string): Timer {
    return this.#options.runtime.setTimer(ms, () =>
      this.#controller.abort(`${what} within ${ms} ms`),
    );
  }
}

/** Several addresses that were tried in turn fail as one error without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function headersOf(message: IncomingMessage): Readonly<Record<string, string>> {
  const headers = Object.entries(message.headersDistinct)
    // Cookies are credentials; nothing that is stored is to hold them.
    .filter(([name]) => name !== "set-cookie" && name !== "__proto__")
    .map(([name, values]) => [name, (values ?? []).join(", ").toWellFormed()]);
  return Object.fromEntries(headers);
}
