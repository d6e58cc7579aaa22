import process from "node:process";
import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Where a command speaks: data on stdout, progress and advice on stderr. */
export interface Face {
  /** Lines of data. */
  data(text: string): void;
  /** Data as it is; resolves when more may come. */
  bytes(content: Uint8Array): Promise<void>;
  /** Progress and advice, unless `--quiet`. */
  note(text: string): void;
  /** What went wrong or must be known. */
  complain(text: string): void;
  /** Colours for stdout and stderr, where they are wanted there. */
  paint(format: Format, text: string): string;
  paintNote(format: Format, text: string): string;
  readonly quiet: boolean;
  /** Somebody sits there who can be asked. */
  readonly canAsk: boolean;
  /** Progress may be drawn over and over in its place. */
  readonly isLive: boolean;
  readonly showsData: boolean;
  /** Nobody reads stdout any more. */
  readonly unread: AbortSignal;
}

/** The terminal or the pipes of this process. */
export function createFace({ quiet }: { readonly quiet: boolean }): Face {
  const { stdin, stdout, stderr } = process;
  const unread = new AbortController();
  stdout.on("error", () => unread.abort());
  // Who closed stderr wants no notes.
  stderr.on("error", () => undefined);
  const say = (text: string): void => void stderr.write(`${text}\n`);
  return {
    data: (text) => void (unread.signal.aborted || stdout.write(`${text}\n`)),
    bytes: async (content) => {
      if (unread.signal.aborted || stdout.write(content)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      stdout.once("drain", resolve);
      unread.signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    },
    note: quiet ? () => undefined : say,
    complain: say,
    paint: (format, text) => styleText(format, text, { stream: stdout }),
    paintNote: (format, text) => styleText(format, text, { stream: stderr }),
    quiet,
    canAsk: stdin.isTTY && stderr.isTTY && !quiet,
    isLive: stderr.isTTY && !quiet && process.env["TERM"] !== "dumb",
    showsData: stdout.isTTY,
    unread: unread.signal,
  };
}

/** Resolves when everything that was said has left this process. */
export async function flushed(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(ended));
}

function ended(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write("", () => resolve());
  });
}
