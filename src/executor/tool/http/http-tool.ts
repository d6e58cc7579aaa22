import { lookup } from "node:dns/promises";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { Effect } from "../../../core/plan/document.ts";
import { fitText } from "../../command/kept-output.ts";
import { toJson } from "../../to-json.ts";
import { defineTool } from "../define-tool.ts";
import { ToolError } from "../tool-error.ts";
import type { Tool, ToolContext } from "../tool.ts";
import type { HttpLimits, HttpResponse } from "./http-exchange.ts";
import { HTTP_INPUT, type HttpInput, readHttpInput } from "./http-input.ts";
import { type Resolve, readAllowedHosts } from "./http-target.ts";
import { isSafe } from "./is-safe.ts";
import { createTenantGate } from "./tenant-gate.ts";

export interface HttpToolOptions {
  /** Hosts (`host` or `host:port`) that may be private, on other ports, or without TLS. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<HttpLimits>;
  /** How names become addresses; the system's way if not said. */
  readonly resolve?: Resolve;
}

const LIMITS: HttpLimits = {
  connectMs: 5000,
  firstByteMs: 10_000,
  totalMs: 60_000,
  bytesMax: 10 * 1024 * 1024,
  ratioMax: 100,
};
const REQUESTS_PER_TENANT_MAX = 20;

/** What a crash in the middle of a request means. */
export function httpEffect(method: string): Effect {
  return isSafe(method) ? "repeatable" : "once";
}

/** `std.http`: one request to a public host, or to one that the operator has listed. */
export function createHttpTool(options: HttpToolOptions = {}): Tool {
  const limits = { ...LIMITS, ...options.limits };
  const allowed = readAllowedHosts(options.allowedHosts ?? []);
  const resolve = options.resolve ?? resolveBySystem;
  const gate = createTenantGate(REQUESTS_PER_TENANT_MAX);
  return defineTool({
    name: "std.http",
    description:
      "Makes one HTTP request to a public host by https, or to a host that the operator has listed. " +
      "A step that only reads may say so by `effect: repeatable`.",
    effect: "once",
    input: HTTP_INPUT,
    execute: async (value, context) => {
      const input = readHttpInput(value, context.idempotencyKey);
      using limit = new TotalLimit(limits.totalMs, context);
      const { signal } = limit;
      using _place = await gate.enter(context.tenantId, signal);
      const how = { allowed, resolve: orAborted(resolve, signal), limits, signal };
      const { runtime } = context;
      // Most plans call no host: the clients of HTTP are loaded by the first that does.
      const { guardedRequest } = await import("./guarded-request.ts");
      let hasActed = false;
      const onActed = (): void => void (hasActed = true);
      try {
        const told = { ...how, runtime, onActed };
        const response = await guardedRequest(input.url, input.request, told);
        return await outputOf(response, input, context);
      } catch (error) {
        throw hasActed ? inDoubt(error) : error;
      }
    },
  });
}

/**
 * What went wrong after a request that changes something had been answered: to try all of it again
 * would be to do it again. What is not tried again is told as it is.
 */
function inDoubt(error: unknown): unknown {
  if (!ToolError.is(error)) {
    const message = `the request was answered, and its answer could not be kept: ${messageOf(error)}`;
    return new ToolError(message, { code: "not-kept", ambiguous: true, cause: error });
  }
  if (!error.retryable) return error;
  const { code, details, cause, message } = error;
  const about = details === undefined ? {} : { details };
  return new ToolError(message, { code, ...about, cause, ambiguous: true });
}

/** The attempt's signal, or the end of the time for the whole request, redirects and all. */
class TotalLimit implements Disposable {
  readonly signal: AbortSignal;
  readonly #timer: Disposable;

  constructor(ms: number, { signal, runtime }: ToolContext) {
    const controller = new AbortController();
    const message = `the request failed: not done within ${ms} ms`;
    this.signal = AbortSignal.any([signal, controller.signal]);
    this.#timer = runtime.setTimer(ms, () =>
      controller.abort(new ToolError(message, { code: "http-timeout" })),
    );
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}

async function resolveBySystem(host: string): ReturnType<Resolve> {
  return lookup(host, { all: true, order: "verbatim" });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A look-up cannot be stopped; nobody has to wait for it. */
function orAborted(resolve: Resolve, signal: AbortSignal): Resolve {
  return async (host) => {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    const found = Promise.race([resolve(host), aborted.promise]);
    return found.finally(() => signal.removeEventListener("abort", onAbort));
  };
}

async function outputOf(
  response: HttpResponse,
  { expect }: HttpInput,
  context: ToolContext,
): Promise<JsonObject> {
  const { status } = response;
  const isExpected = expect === null ? status >= 200 && status < 300 : expect.includes(status);
  if (!isExpected) throw statusError(response);
  const { url, headers } = response;
  return { url: url.href, status, headers, ...(await bodyOf(response, context)) };
}

/** Answers that say: not now. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

function statusError({ status, url, body }: HttpResponse): ToolError {
  const { text } = fitText(body, 1024);
  return new ToolError(`${url.origin} answered ${status}${text === "" ? "" : `: ${text}`}`, {
    code: "http-status",
    retryable: status >= 500 || PASSING.has(status),
    details: { status },
  });
}

/** Room in an output for what was answered. */
const BODY_BYTES_MAX = 40 * 1024;

/** JSON as data and text as text where there is room; the rest as an artifact and its beginning and end. */
async function bodyOf(response: HttpResponse, context: ToolContext): Promise<JsonObject> {
  const { body } = response;
  const mediaType = response.headers["content-type"] ?? "application/octet-stream";
  const json = /[/+]json\b/i.test(mediaType) ? parseJson(body) : undefined;
  if (json !== undefined) return { json };
  const { text, truncated } = fitText(body, BODY_BYTES_MAX);
  if (!truncated) return { body: text };
  const artifact = await context.publish({ name: "response", mediaType, content: body });
  return { body: text, truncated, artifact: { ...artifact } };
}

function parseJson(body: Buffer): Json | undefined {
  if (body.length > BODY_BYTES_MAX) return undefined;
  try {
    const json = toJson(JSON.parse(body.toString("utf8")));
    return json.ok ? json.value : undefined;
  } catch {
    return undefined;
  }
}
