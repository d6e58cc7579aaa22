import { once } from "node:events";
import { createServer, Socket, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { resetSocket } from "./reset-socket.ts";

/** Both sides of a connection. */
async function connect(): Promise<readonly [Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const peer = once(server, "connection");
  const socket = new Socket({ allowHalfOpen: true });
  socket.connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [[other]] = await Promise.all([peer, once(socket, "connect")]);
  return [socket, other as Socket];
}

/** How the other side hears that it is over: only what is gone for good refuses what is sent to it. */
async function heardBy(peer: Socket): Promise<string> {
  const ended = once(peer, "error").then(([error]) => String(Reflect.get(Object(error), "code")));
  peer.resume();
  const sending = setInterval(() => peer.write("anybody there?"), 1);
  onTestFinished(() => clearInterval(sending));
  return ended;
}

test("the other side hears of a reset", async () => {
  const [socket, peer] = await connect();
  resetSocket(socket);
  expect(await heardBy(peer)).toMatch(/ECONNRESET|EPIPE/);
});

test("a socket whose own end is on its way is gone all the same", async () => {
  const [socket, peer] = await connect();
  socket.end();
  resetSocket(socket);
  expect(await heardBy(peer)).toMatch(/ECONNRESET|EPIPE/);
});
