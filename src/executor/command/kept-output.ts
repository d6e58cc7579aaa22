import { isUtf8 } from "node:buffer";
import type { ArtifactRef } from "../../core/step/outcome.ts";
import type { ExecutionContext } from "../../engine/executor.ts";
import type { CapturedOutput } from "./captured-output.ts";
import { createTextDecoder, decodeText } from "./decode-text.ts";

/** One stream of a command as it stands in an output: whole, or its beginning and its end. */
export interface KeptOutput {
  readonly text: string;
  readonly truncated: boolean;
  /** All of it (up to the limit of what is kept), where the text does not say everything. */
  readonly artifact: ArtifactRef | null;
}

/** Makes text of a stream, and an artifact where the text alone would lose something. */
export async function keepOutput(
  output: CapturedOutput,
  name: string,
  jsonBytesMax: number,
  context: Pick<ExecutionContext, "publish">,
): Promise<KeptOutput> {
  const { text, truncated } = fitText(output.bytes, jsonBytesMax);
  const isText = isUtf8(output.bytes);
  if (!truncated && !output.cut && isText) return { text, truncated: false, artifact: null };
  const mediaType = isText ? "text/plain; charset=utf-8" : "application/octet-stream";
  const artifact = await context.publish({ name, mediaType, content: output.bytes });
  return { text, truncated: truncated || output.cut, artifact };
}

/** Bytes as text, if need be shortened in the middle until it takes no more room as JSON. */
export function fitText(
  bytes: Buffer,
  jsonBytesMax: number,
): { readonly text: string; readonly truncated: boolean } {
  const whole = bytes.length <= jsonBytesMax ? decodeText(bytes) : null;
  if (whole !== null && jsonBytes(whole) <= jsonBytesMax) return { text: whole, truncated: false };
  // A byte takes up to six as JSON (`\\u0000`): halved until it fits.
  for (let room = jsonBytesMax - NOTICE_BYTES_MAX; room >= 2; room = Math.floor(room / 2)) {
    const text = shorten(bytes, room);
    if (jsonBytes(text) <= jsonBytesMax) return { text, truncated: true };
  }
  return { text: "", truncated: true };
}

const NOTICE_BYTES_MAX = 64;

function shorten(bytes: Buffer, room: number): string {
  const head = bytes.subarray(0, Math.ceil(room / 2));
  const tail = bytes.subarray(bytes.length - Math.floor(room / 2));
  const left = bytes.length - head.length - tail.length;
  return `${decodeHead(head)}\n[… ${left} bytes …]\n${decodeText(fromBoundary(tail))}`;
}

/** Without the character that the cut went through. */
function decodeHead(bytes: Uint8Array): string {
  return createTextDecoder().decode(bytes, { stream: true });
}

/** From the first byte on that begins a character. */
function fromBoundary(bytes: Uint8Array): Uint8Array {
  const start = bytes.subarray(0, 4).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return start === -1 ? bytes : bytes.subarray(start);
}

/** How much room a value takes as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
