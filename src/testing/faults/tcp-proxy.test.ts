import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { known } from "../../core/known.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** Says back what it is told, and remembers how its connections ended. */
interface Echo extends AsyncDisposable {
  readonly port: number;
  readonly heard: () => string;
  readonly ends: readonly string[];
  /** Of the first connection. */
  readonly socket: () => Socket;
}

async function startEcho(): Promise<Echo> {
  const sockets: Socket[] = [];
  const ends: string[] = [];
  let heard = "";
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      socket.write(text);
    });
    socket.on("end", () => ends.push("end"));
    socket.on("error", () => ends.push("reset"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => heard,
    ends,
    socket: () => known(sockets[0], "a connection"),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

/** A client with everything that it has been told. */
class Client {
  readonly socket: Socket;
  readonly over: Promise<string>;
  #heard = "";

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1").setEncoding("utf8");
    this.socket.on("data", (text: string) => (this.#heard += text));
    this.over = new Promise((resolve) => {
      this.socket.once("end", () => resolve("end"));
      this.socket.once("error", (error) => resolve(String(Reflect.get(error, "code"))));
    });
  }

  get heard(): string {
    return this.#heard;
  }

  async hears(text: string): Promise<void> {
    while (!this.#heard.endsWith(text)) await once(this.socket, "data");
  }

  async echo(text: string): Promise<void> {
    this.socket.write(text);
    await this.hears(text);
  }
}

const HOUR_MS = 3_600_000;
let echo: Echo;
let proxy: TcpProxy;
let clients: Client[];

beforeEach(async () => {
  clients = [];
  echo = await startEcho();
  proxy = await startTcpProxy({ port: echo.port });
});

afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await proxy[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
});

function open(): Client {
  const client = new Client(proxy.port);
  clients.push(client);
  return client;
}

/** A client whose connection stands, with that connection. */
async function opened() {
  const client = open();
  await client.echo("hello");
  const connection = known(proxy.connections.at(-1), "its connection");
  return { client, connection };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

/** Once another connection has been there and back, what was to pass on this one has passed. */
async function othersGetThrough(): Promise<void> {
  for (const text of ["a", "b", "c"]) await open().echo(text);
}

test("bytes pass both ways, whatever their number, and ends pass too", async () => {
  const { client } = await opened();
  const much = "0123456789".repeat(300_000);
  client.socket.end(much);
  expect(await client.over).toBe("end");
  expect(client.heard).toBe(`hello${much}`);
  expect(echo.ends).toEqual(["end"]);
  await until(() => proxy.connections.length === 0);
});

test("a server that is not there is one that refuses", async () => {
  await echo[Symbol.asyncDispose]();
  expect(await open().over).toBe("ECONNRESET");
});

test("one connection is cut, and the others are not", async () => {
  const spared = await opened();
  const { client, connection } = await opened();
  connection.cut();
  expect(await client.over).toBe("ECONNRESET");
  await spared.client.echo("still here");
  expect(echo.ends).toEqual(["reset"]);
});

test("all that there are are cut, in order where that is asked for, and new ones may come", async () => {
  const both = [await opened(), await opened()];
  proxy.cut("end");
  expect(await Promise.all(both.map(({ client }) => client.over))).toEqual(["end", "end"]);
  await opened();
});

test("what is delayed comes later, whole and in its order", async () => {
  const { client, connection } = await opened();
  connection.delay(100, "to-server");
  client.socket.write("one ");
  await othersGetThrough();
  connection.delay(0);
  client.socket.write("two ");
  await client.echo("three");
  expect(client.heard).toBe("helloone two three");
});

test("a delay is of the connections that are and that come, and of no other way", async () => {
  const { client } = await opened();
  proxy.delay(HOUR_MS, "to-client");
  const later = open();
  later.socket.write("later");
  client.socket.write("now");
  await until(() => echo.heard().includes("now") && echo.heard().includes("later"));
  // Past the proxy, and in as many turns of the event loop.
  for (const text of ["a", "b", "c"]) await new Client(echo.port).echo(text);
  expect([client.heard, later.heard]).toEqual(["hello", ""]);
});

test("what is held back comes when it is healed, and so does the end", async () => {
  const { client, connection } = await opened();
  connection.hold();
  client.socket.end("late");
  await othersGetThrough();
  expect(echo.heard()).not.toContain("late");
  expect(echo.ends).toEqual([]);
  connection.heal();
  expect(await client.over).toBe("end");
  expect(client.heard).toBe("hellolate");
});

test("whoever sends into a gap is held up after a while, and then nothing of it is missing", async () => {
  const { client, connection } = await opened();
  connection.hold();
  const part = "0123456789".repeat(2000);
  for (let parts = 0; parts < 1000; parts += 1) client.socket.write(part);
  let left = Number.POSITIVE_INFINITY;
  while (client.socket.writableLength < left) {
    left = client.socket.writableLength;
    await othersGetThrough();
  }
  expect(left).toBeGreaterThan(0);
  connection.heal();
  await until(() => client.heard.length === 5 + 1000 * part.length);
  expect(client.heard).toBe(`hello${part.repeat(1000)}`);
});

test("a connection that comes while the way is closed gets to the server when it is healed", async () => {
  proxy.hold();
  const client = open();
  client.socket.write("early");
  await once(client.socket, "connect");
  expect(echo.heard()).toBe("");
  proxy.heal();
  await client.hears("early");
});

test("half-open: the client is gone, and the server does not learn of it", async () => {
  const { client, connection } = await opened();
  connection.blackhole();
  client.socket.resetAndDestroy();
  await othersGetThrough();
  echo.socket().write("are you there?");
  await othersGetThrough();
  expect(echo.ends).toEqual([]);
  expect(proxy.connections).toContain(connection);
});

test("half-open: the server is gone, and the client does not learn of it", async () => {
  const { client, connection } = await opened();
  connection.blackhole("to-client");
  echo.socket().destroy();
  client.socket.write("are you there?");
  await othersGetThrough();
  expect(client.socket.destroyed).toBe(false);
  expect(client.heard).toBe("hello");
});

test("a gap with nobody left on either side of it is not kept open", async () => {
  const { client, connection } = await opened();
  connection.blackhole();
  client.socket.end();
  echo.socket().end();
  await until(() => proxy.connections.length === 0);
  expect(echo.ends).toEqual(["reset"]);
});

test("one way may be open while the other swallows", async () => {
  const { client, connection } = await opened();
  connection.blackhole("to-client");
  client.socket.write("heard and not answered");
  await once(echo.socket(), "data");
  await othersGetThrough();
  expect(echo.heard()).toContain("heard and not answered");
  expect(client.heard).toBe("hello");
});

test("what is under way when a peer goes is lost with it", async () => {
  const { client, connection } = await opened();
  connection.delay(HOUR_MS, "to-server");
  client.socket.write("under way");
  await othersGetThrough();
  connection.blackhole("to-server");
  expect(connection.hasLost).toBe(true);
});

test("a connection that has lost bytes is reset when the rest is healed, one that has not goes on", async () => {
  const lost = await opened();
  const whole = await opened();
  proxy.blackhole();
  lost.client.socket.write("gone");
  const late = open();
  late.socket.write("gone too");
  await once(late.socket, "connect");
  await until(() => proxy.connections.filter(({ hasLost }) => hasLost).length === 2);
  proxy.heal();
  expect(await lost.client.over).toBe("ECONNRESET");
  await whole.client.echo("still here");
  expect(echo.heard()).not.toContain("gone");
});

test("nothing is left of a proxy that was disposed of: a process that used one ends by itself", () => {
  const code = `
    import { connect, createServer } from "node:net";
    import { once } from "node:events";
    import { startTcpProxy } from ${JSON.stringify(join(import.meta.dirname, "tcp-proxy.ts"))};
    const server = createServer((socket) => socket.on("error", () => {}).pipe(socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const proxy = await startTcpProxy({ port: server.address().port });
    proxy.delay(${HOUR_MS}, "to-client");
    const client = connect(proxy.port, "127.0.0.1").on("error", () => {});
    client.write("a");
    const [socket] = await once(server, "connection");
    await once(socket, "data");
    // The echo comes as far as the proxy, and waits there.
    for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
    connect(proxy.port, "127.0.0.1").on("error", () => {});
    await new Promise(setImmediate);
    await proxy[Symbol.asyncDispose]();
    server.close();
    console.log("disposed of");
  `;
  const argv = ["--input-type=module", "--eval", code];
  const { status, stdout } = spawnSync(process.execPath, argv, {
    encoding: "utf8",
    timeout: 15_000,
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "disposed of\n" });
});
