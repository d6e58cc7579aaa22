import { type Json, type JsonObject, type JsonSchema, isJsonObject } from "../../../core/json.ts";
import { ToolError } from "../tool-error.ts";
import type { HttpRequest } from "./http-exchange.ts";

/** What may come compressed, as `read-body.ts` undoes it. */
const ENCODINGS = "gzip, deflate, br";

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** What `std.http` is given. */
export const HTTP_INPUT: JsonSchema = {
  type: "object",
  properties: {
    url: { type: "string", minLength: 1, maxLength: 8192 },
    method: { enum: METHODS },
    headers: { type: "object", additionalProperties: { type: "string" } },
    body: { type: "string" },
    json: true,
    expect: { type: "array", items: { type: "integer", minimum: 100, maximum: 599 }, minItems: 1 },
  },
  required: ["url"],
  additionalProperties: false,
};

/** What is asked, and which answers are a success. */
export interface HttpInput {
  readonly url: URL;
  readonly request: HttpRequest;
  /** Null: any 2xx. */
  readonly expect: readonly number[] | null;
}

/** Headers that belong to the connection, not to who asks. */
const OURS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Reads an input that fits the schema. Calls that change something carry the key of the call. */
export function readHttpInput(input: Json, idempotencyKey: string): HttpInput {
  const members = isJsonObject(input) ? input : {};
  const url = URL.parse(textOf(members["url"]));
  if (url === null) throw wrong(`${JSON.stringify(members["url"])} is no URL`);
  const method = textOf(members["method"]) || "GET";
  const content = readContent(members);
  if (content !== null && (method === "GET" || method === "HEAD")) {
    throw wrong(`${method} carries no body`);
  }
  const headers = {
    accept: "*/*",
    "user-agent": "planwright",
    ...(method === "GET" || method === "HEAD" ? {} : { "idempotency-key": idempotencyKey }),
    ...(content?.mediaType === undefined ? {} : { "content-type": content.mediaType }),
    ...readHeaders(members["headers"]),
    ...(content === null ? {} : { "content-length": String(Buffer.byteLength(content.body)) }),
    "accept-encoding": ENCODINGS,
  };
  return {
    url,
    request: { method, headers, body: content?.body ?? null },
    expect: readExpect(members),
  };
}

function readContent(members: JsonObject): { body: string; mediaType?: string } | null {
  const { body, json } = members;
  if (body !== undefined && json !== undefined) throw wrong("either `body` or `json`, not both");
  if (json !== undefined) return { body: JSON.stringify(json), mediaType: "application/json" };
  return typeof body === "string" ? { body } : null;
}

function readHeaders(value: Json | undefined): Readonly<Record<string, string>> {
  const given = Object.entries(isJsonObject(value) ? value : {}).map(
    ([name, text]) => [name.toLowerCase(), textOf(text)] as const,
  );
  const refused = given.find(([name]) => OURS.has(name) || name.startsWith("proxy-"));
  if (refused !== undefined) throw wrong(`the header ${refused[0]} is not for a plan to set`);
  return Object.fromEntries(given);
}

function readExpect({ expect }: JsonObject): readonly number[] | null {
  return Array.isArray(expect) ? expect.map(Number) : null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function wrong(message: string): ToolError {
  return new ToolError(message, { code: "invalid-input", retryable: false });
}
