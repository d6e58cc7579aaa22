import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { Outcome } from "../../../core/step/outcome.ts";
import { type TestAttempt, startTestAttempt } from "../../test-attempt.ts";
import { createToolExecutor } from "../tool-executor.ts";
import { type HttpToolOptions, createHttpTool, httpEffect } from "./http-tool.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
/** A server on this machine; answers `HOST:PORT`. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => handler(request, response, body));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${portOf(server)}`;
}
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function portOf(server: { address(): string | AddressInfo | null }): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function start(input: Json): Promise<TestAttempt> {
  return startTestAttempt({ input, document: { do: "tool", owner: "std.http" } });
}

function execute(attempt: TestAttempt, options: HttpToolOptions): Promise<Outcome> {
  const executor = createToolExecutor([createHttpTool(options)]);
  return executor.execute(attempt.lease, attempt.context);
}

async function request(input: JsonObject, options: HttpToolOptions = {}): Promise<Outcome> {
  await using attempt = await start(input);
  const outcome = await execute(attempt, options);
  return outcome;
}

/** The server of most tests: says what it was asked. */
let echo: string;
let asked = 0;
beforeAll(async () => {
  echo = await serve(({ method, url, headers }, response, body) => {
    asked += 1;
    response.setHeader("content-type", "application/json; charset=utf-8");
    response.setHeader("set-cookie", "session=secret");
    response.end(JSON.stringify({ method, url, headers, body }));
  });
});

describe("a request", () => {
  test("to a listed host gives its status, its headers and its JSON", async () => {
    const outcome = await request({ url: `http://${echo}/a?b=c` }, { allowedHosts: [echo] });
    expect(outcome).toMatchObject({
      kind: "succeeded",
      output: {
        url: `http://${echo}/a?b=c`,
        status: 200,
        headers: { "content-type": "application/json; charset=utf-8" },
        json: {
          method: "GET",
          url: "/a?b=c",
          body: "",
          headers: { host: echo, "user-agent": "planwright" },
        },
      },
    });
    expect(JSON.stringify(outcome)).not.toContain("secret");
    expect(JSON.stringify(outcome)).not.toContain("idempotency-key");
  });

  test("that changes something carries what it sends, and the key of the call", async () => {
    const sent = {
      url: `http://${echo}/`,
      method: "POST",
      json: { a: "ü" },
      headers: { "X-Mine": "1" },
    };
    const outcome = await request(sent, { allowedHosts: [echo] });
    expect(outcome).toMatchObject({
      output: {
        json: {
          method: "POST",
          body: '{"a":"ü"}',
          headers: {
            "content-type": "application/json",
            "content-length": "10",
            "idempotency-key": expect.stringMatching(/^[0-9a-f]{64}$/),
            "x-mine": "1",
          },
        },
      },
    });
    const own = { ...sent, headers: { "Idempotency-Key": "mine" } };
    expect(await request(own, { allowedHosts: [echo] })).toMatchObject({
      output: { json: { headers: { "idempotency-key": "mine" } } },
    });
  });

  test.each<[JsonObject, string]>([
    [{ url: "not a url" }, '"not a url" is no URL'],
    [{ url: "https://a.test", body: "x" }, "GET carries no body"],
    [{ url: "https://a.test", method: "POST", body: "x", json: 1 }, "either `body` or `json`"],
    [
      { url: "https://a.test", headers: { Host: "b.test" } },
      "the header host is not for a plan to set",
    ],
    [
      { url: "https://a.test", headers: { "Proxy-Authorization": "x" } },
      "is not for a plan to set",
    ],
    [{ url: "https://a.test", method: "CONNECT" }, "does not fit its schema"],
    [{}, "does not fit its schema"],
  ])("that makes no sense is refused with the reason: %j", async (input, message) => {
    const outcome = await request(input);
    expect(outcome).toMatchObject({ error: { code: "invalid-input", retryable: false } });
    expect(outcome.kind === "failed" ? outcome.error.message : "").toContain(message);
  });
});

describe("an answer", () => {
  test("that is no JSON is text, and a long one is kept as an artifact", async () => {
    const host = await serve(({ url }, response) => {
      response.setHeader("content-type", "text/plain");
      response.end(url === "/short" ? "short" : `first ${"x".repeat(100_000)} last`);
    });
    expect(await request({ url: `http://${host}/short` }, { allowedHosts: [host] })).toMatchObject({
      output: { body: "short" },
    });
    await using attempt = await start({ url: `http://${host}/long` });
    const outcome = await execute(attempt, { allowedHosts: [host] });
    expect(outcome).toMatchObject({
      output: {
        truncated: true,
        artifact: { name: "response", size: 100_011, mediaType: "text/plain" },
      },
      artifacts: [{ name: "response" }],
    });
    expect(attempt.published.get("response")?.length).toBe(100_011);
  });

  test("that is compressed is read as it was before", async () => {
    const host = await serve(({ url }, response) => {
      const encoding = url?.slice(1) ?? "";
      response.setHeader("content-encoding", encoding);
      response.end(encoding === "br" ? brotliCompressSync("hello") : gzipSync("hello"));
    });
    for (const encoding of ["gzip", "br"]) {
      expect(
        await request({ url: `http://${host}/${encoding}` }, { allowedHosts: [host] }),
      ).toMatchObject({
        output: { body: "hello" },
      });
    }
    expect(await request({ url: `http://${host}/zip` }, { allowedHosts: [host] })).toMatchObject({
      error: { code: "http-failed", message: expect.stringContaining("not asked for: zip") },
    });
  });

  test("that is too long, as it comes or when it is unpacked, is broken off", async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    const host = await serve(({ url }, response) => {
      response.on("error", () => undefined);
      if (url === "/bomb") response.setHeader("content-encoding", "gzip");
      response.end(url === "/bomb" ? bomb : Buffer.alloc(2000));
    });
    const limits = { bytesMax: 1000 };
    expect(
      await request({ url: `http://${host}/` }, { allowedHosts: [host], limits }),
    ).toMatchObject({
      error: {
        code: "http-too-large",
        message: "the answer is longer than 1000 bytes",
        retryable: false,
      },
    });
    expect(await request({ url: `http://${host}/bomb` }, { allowedHosts: [host] })).toMatchObject({
      error: {
        code: "http-too-large",
        message: "the answer grows to more than 100 times of what was sent",
      },
    });
  });

  test.each([
    [404, false],
    [401, false],
    [429, true],
    [408, true],
    [500, true],
    [503, true],
  ])(
    "of status %i fails the attempt, and may be asked for again: %s",
    async (status, retryable) => {
      const host = await serve((_request, response) => {
        response.statusCode = status;
        response.end("because");
      });
      expect(await request({ url: `http://${host}/` }, { allowedHosts: [host] })).toMatchObject({
        kind: "failed",
        error: {
          code: "http-status",
          message: `http://${host} answered ${status}: because`,
          retryable,
          details: { status },
        },
      });
      const expected = { url: `http://${host}/`, expect: [status] };
      expect(await request(expected, { allowedHosts: [host] })).toMatchObject({
        output: { status },
      });
    },
  );
});

async function resolveMixed() {
  return [
    { address: "93.184.216.34", family: 4 },
    { address: "10.0.0.1", family: 4 },
  ];
}

describe("what a request may not reach", () => {
  test("this machine, unless it is listed: not even a connection is made", async () => {
    const before = asked;
    const error = { code: "http-refused", retryable: false };
    for (const host of [echo, echo.replace("127.0.0.1", "localhost")]) {
      expect(await request({ url: `http://${host}/` })).toMatchObject({ error });
      expect(await request({ url: `https://${host}/` })).toMatchObject({ error });
    }
    expect(await request({ url: "https://localhost/" })).toMatchObject({ error });
    expect(await request({ url: "https://127.0.0.1/" })).toMatchObject({ error });
    expect(asked).toBe(before);
  });

  test("a name that has one forbidden address among its addresses", async () => {
    expect(await request({ url: "https://public.test/" }, { resolve: resolveMixed })).toMatchObject(
      {
        error: {
          code: "http-refused",
          message:
            "the request is refused: public.test has the address 10.0.0.1, which is a private network",
        },
      },
    );
  });

  test("what a name means only at a second look: it is resolved once", async () => {
    let looks = 0;
    const port = echo.split(":")[1] ?? "";
    const resolve = async () => {
      looks += 1;
      return [{ address: looks === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    const options = { resolve, allowedHosts: [`listed.test:${port}`] };
    const outcome = await request({ url: `http://listed.test:${port}/` }, options);
    expect(outcome).toMatchObject({
      output: { json: { headers: { host: `listed.test:${port}` } } },
    });
    expect(looks).toBe(1);
  });

  test("by a redirect, what it may not reach directly", async () => {
    const before = asked;
    const host = await serve((_request, response) => {
      response.writeHead(302, { location: `http://${echo}/secret` });
      response.end();
    });
    expect(await request({ url: `http://${host}/` }, { allowedHosts: [host] })).toMatchObject({
      error: { code: "http-refused", message: expect.stringContaining("is not https") },
    });
    expect(asked).toBe(before);
  });
});

describe("a redirect", () => {
  const headers = { authorization: "Bearer secret", "x-api-key": "secret", accept: "text/html" };

  test("within a place keeps what was said, and elsewhere it keeps none of it", async () => {
    const host = await serve(({ url, headers: told }, response) => {
      if (url === "/start") response.writeHead(307, { location: "/inner" });
      if (url === "/inner")
        response.writeHead(302, { location: `http://${echo}/`, "x-told": told.authorization });
      response.end();
    });
    const outcome = await request(
      { url: `http://${host}/start`, headers },
      { allowedHosts: [host, echo] },
    );
    expect(outcome).toMatchObject({
      output: { url: `http://${echo}/`, json: { headers: { accept: "text/html" } } },
    });
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("of a POST becomes a GET without its body, or stays what it is", async () => {
    const host = await serve(({ method, url, headers: told }, response, body) => {
      const status = Number(url?.slice(1));
      if (status > 0) response.writeHead(status, { location: "/" });
      response.end(`${method} ${body} ${told["content-type"] ?? "-"}`);
    });
    const post = (status: number) =>
      request(
        { url: `http://${host}/${status}`, method: "POST", json: 1 },
        { allowedHosts: [host] },
      );
    for (const status of [301, 302, 303]) {
      expect(await post(status)).toMatchObject({ output: { body: "GET  -" } });
    }
    for (const status of [307, 308]) {
      expect(await post(status)).toMatchObject({ output: { body: "POST 1 application/json" } });
    }
  });

  test("does not carry a body to another place", async () => {
    const host = await serve((_request, response) => {
      response.writeHead(308, { location: `http://${echo}/` });
      response.end();
    });
    const input = { url: `http://${host}/`, method: "POST", body: "private" };
    expect(await request(input, { allowedHosts: [host, echo] })).toMatchObject({
      error: { code: "http-refused" },
    });
  });

  test("is followed three times", async () => {
    const host = await serve(({ url }, response) => {
      const left = Number(url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` });
      response.end("there");
    });
    const options = { allowedHosts: [host] };
    expect(await request({ url: `http://${host}/3` }, options)).toMatchObject({
      output: { body: "there" },
    });
    expect(await request({ url: `http://${host}/4` }, options)).toMatchObject({
      error: { code: "http-refused", message: "the answer is refused: more than 3 redirects" },
    });
  });
});

describe("a request that changes something", () => {
  async function post(status: number, more: Partial<HttpToolOptions> = {}): Promise<Outcome> {
    const host = await serve((_request, response) => {
      response.writeHead(status, { location: "http://127.0.0.1:1/" });
      response.end("because");
    });
    const allowedHosts = [host, "127.0.0.1:1"];
    return request({ url: `http://${host}/`, method: "POST" }, { allowedHosts, ...more });
  }

  test.each([500, 502, 504, 599])(
    "and is answered by %i leaves in doubt whether it did",
    async (status) => {
      expect(await post(status)).toMatchObject({
        error: { code: "http-status", retryable: true, ambiguous: true, details: { status } },
      });
    },
  );

  test.each([408, 425, 429, 501, 503])(
    "and is answered by %i has changed nothing, and may be made again",
    async (status) => {
      const outcome = await post(status);
      expect(outcome).toMatchObject({ error: { code: "http-status", retryable: true } });
      expect(outcome.kind === "failed" && outcome.error.ambiguous).toBeFalsy();
    },
  );

  test("and is refused by its answer has failed for good", async () => {
    const outcome = await post(404);
    expect(outcome).toMatchObject({ error: { code: "http-status", retryable: false } });
    expect(outcome.kind === "failed" && outcome.error.ambiguous).toBeFalsy();
  });

  test("and is sent on is not made again by itself because the other place cannot be reached", async () => {
    expect(await post(303)).toMatchObject({ error: { code: "http-failed", ambiguous: true } });
    const sentOn = await post(307);
    expect(sentOn).toMatchObject({ error: { code: "http-failed", retryable: true } });
    expect(sentOn.kind === "failed" && sentOn.error.ambiguous).toBeFalsy();
  });

  test("is not made again by itself because its answer cannot be kept", async () => {
    const host = await serve((_request, response) => response.end("x".repeat(100_000)));
    await using attempt = await start({ url: `http://${host}/`, method: "POST" });
    const publish = () => Promise.reject(new Error("the disk is full"));
    const executor = createToolExecutor([createHttpTool({ allowedHosts: [host] })]);
    expect(await executor.execute(attempt.lease, { ...attempt.context, publish })).toMatchObject({
      error: {
        code: "not-kept",
        message: "the request was answered, and its answer could not be kept: the disk is full",
        ambiguous: true,
      },
    });
  });
});

describe("a request that breaks off", () => {
  test("leaves nothing in doubt where it only reads, or where nothing was reached", async () => {
    const closed = createTcpServer();
    closed.listen(0, "127.0.0.1");
    await once(closed, "listening");
    const host = `127.0.0.1:${portOf(closed)}`;
    closed.close();
    await once(closed, "close");
    for (const method of ["GET", "POST"]) {
      const outcome = await request({ url: `http://${host}/`, method }, { allowedHosts: [host] });
      expect(outcome).toMatchObject({ error: { code: "http-failed", retryable: true } });
      expect(outcome.kind === "failed" && outcome.error.ambiguous).toBeFalsy();
    }
  });

  test("leaves in doubt what a request that changes something did", async () => {
    const host = await serve(({ socket }) => socket.destroy());
    const outcome = await request(
      { url: `http://${host}/`, method: "POST" },
      { allowedHosts: [host] },
    );
    expect(outcome).toMatchObject({
      error: { code: "http-failed", ambiguous: true, retryable: true },
    });
    const read = await request({ url: `http://${host}/` }, { allowedHosts: [host] });
    expect(read.kind === "failed" && read.error.ambiguous).toBeFalsy();
  });

  test("because nobody answers in time, says so", async () => {
    const host = await serve(() => undefined);
    const first = { allowedHosts: [host], limits: { firstByteMs: 20 } };
    expect(await request({ url: `http://${host}/`, method: "PUT" }, first)).toMatchObject({
      error: {
        code: "http-timeout",
        message: "the request failed: no answer within 20 ms",
        ambiguous: true,
      },
    });
    const total = { allowedHosts: [host], limits: { totalMs: 20 } };
    expect(await request({ url: `http://${host}/` }, total)).toMatchObject({
      error: { code: "http-timeout", message: "the request failed: not done within 20 ms" },
    });
  });

  test("because its answer never ends, says so", async () => {
    const host = await serve((_request, response) => {
      response.write("a beginning");
    });
    const options = { allowedHosts: [host], limits: { totalMs: 50 } };
    expect(await request({ url: `http://${host}/` }, options)).toMatchObject({
      error: { code: "http-timeout", message: "the request failed: not done within 50 ms" },
    });
  });

  test("because a name is never resolved, says so", async () => {
    const options = { resolve: () => new Promise<never>(() => undefined), limits: { totalMs: 20 } };
    expect(await request({ url: "https://slow.test/" }, options)).toMatchObject({
      error: { code: "http-timeout", retryable: true },
    });
  });

  test("with its attempt ends at once", async () => {
    await using attempt = await start({ url: `http://${echo}/` });
    const host = await serve(() => attempt.cut("timeout"));
    const input = { url: `http://${host}/`, method: "POST" };
    const executor = createToolExecutor([createHttpTool({ allowedHosts: [host] })]);
    expect(await executor.execute({ ...attempt.lease, input }, attempt.context)).toMatchObject({
      error: { code: "timeout", ambiguous: true },
    });
  });
});

test("what a crash in the middle of a request means depends on its method", () => {
  expect([httpEffect("GET"), httpEffect("HEAD"), httpEffect("POST")]).toEqual([
    "repeatable",
    "repeatable",
    "once",
  ]);
});
