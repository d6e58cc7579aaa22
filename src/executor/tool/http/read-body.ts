import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { ToolError } from "../tool-error.ts";
import type { HttpLimits } from "./http-exchange.ts";

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** A short text may be repetitive: the ratio counts from here on. */
const RATIO_FREE_BYTES = 64 * 1024;

/** Reads an answer to its end, as it was before it was compressed, up to the limits. */
export async function readBody(message: IncomingMessage, limits: HttpLimits): Promise<Buffer> {
  let received = 0;
  const source = decode(message);
  message.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the source, and with it the connection.
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limits.bytesMax) throw tooLarge(`is longer than ${limits.bytesMax} bytes`);
    if (size > RATIO_FREE_BYTES && size > received * limits.ratioMax) {
      throw tooLarge(`grows to more than ${limits.ratioMax} times of what was sent`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function decode(message: IncomingMessage): Readable {
  const encoding = message.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return message;
  const create = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (create === undefined) {
    message.destroy();
    throw new ToolError(`the answer came in an encoding that was not asked for: ${encoding}`, {
      code: "http-failed",
      retryable: false,
    });
  }
  // An error of either reaches the reader through the decoder.
  return pipeline(message, create(), () => undefined);
}

function tooLarge(what: string): ToolError {
  return new ToolError(`the answer ${what}`, { code: "http-too-large", retryable: false });
}
