import {
  type ExchangeOptions,
  type HttpRequest,
  type HttpResponse,
  exchange,
} from "./http-exchange.ts";
import { type AllowedHosts, type Resolve, judgeTarget } from "./http-target.ts";
import { ToolError } from "../tool-error.ts";
import { isSafe } from "./is-safe.ts";

export interface GuardOptions extends ExchangeOptions {
  readonly allowed: AllowedHosts;
  readonly resolve: Resolve;
  /** Told when a request that changes something was answered, and may have been carried out. */
  readonly onActed: () => void;
}

const REDIRECTS_MAX = 3;
/** Answers by which a server says that it has not done what was asked of it. */
const NOT_DONE: ReadonlySet<number> = new Set([307, 308, 408, 425, 429, 501, 503, 505]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Headers that say nothing about who asks. */
const HARMLESS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "user-agent",
]);

/** A request that reaches only what it may, wherever it is sent on to. */
export async function guardedRequest(
  url: URL,
  request: HttpRequest,
  options: GuardOptions,
): Promise<HttpResponse> {
  let [at, asked] = [url, request];
  for (let redirects = 0; ; redirects += 1) {
    const target = await judgeTarget(at, options.allowed, options.resolve);
    const response = await exchange(target, asked, options);
    if (!isSafe(asked.method) && !NOT_DONE.has(response.status)) options.onActed();
    const next = nextOf(response);
    if (next === null) return response;
    if (redirects === REDIRECTS_MAX) throw refuse(`more than ${REDIRECTS_MAX} redirects`);
    asked = follow(asked, response.status, at, next);
    at = next;
  }
}

function nextOf({ status, headers, url }: HttpResponse): URL | null {
  const location = headers["location"];
  if (!REDIRECTS.has(status) || location === undefined) return null;
  const next = URL.parse(location, url.href);
  if (next === null) throw refuse(`a redirect to ${JSON.stringify(location)}, which is no URL`);
  return next;
}

/** What is asked of the next place: what it must not know stays behind. */
function follow(request: HttpRequest, status: number, from: URL, to: URL): HttpRequest {
  const becomesGet = status === 303 || (status < 303 && request.method === "POST");
  const isElsewhere = from.origin !== to.origin;
  if (isElsewhere && request.body !== null && !becomesGet) {
    throw refuse(`a redirect of ${request.method} with its body to ${to.origin}`);
  }
  const headers = Object.entries(request.headers).filter(
    ([name]) =>
      (!isElsewhere || HARMLESS.has(name)) && (!becomesGet || !name.startsWith("content-")),
  );
  return {
    method: becomesGet && request.method !== "HEAD" ? "GET" : request.method,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : request.body,
  };
}

function refuse(what: string): ToolError {
  return new ToolError(`the answer is refused: ${what}`, {
    code: "http-refused",
    retryable: false,
  });
}
