import { expect, test } from "vitest";
import type { Json } from "../../core/json.ts";
import { readCommandInput } from "./command-input.ts";

function faultOf(input: Json): string {
  const read = readCommandInput(input);
  return read.ok ? "" : `${read.error.pointer}: ${read.error.message}`;
}

test("argv is taken word by word, and values become their text", () => {
  const read = readCommandInput({
    argv: ["echo", 1, true, ""],
    env: { N: 2, LIST: [1] },
    parse: "lines",
  });
  expect(read).toEqual({
    ok: true,
    value: {
      argv: ["echo", "1", "true", ""],
      shell: false,
      cwd: null,
      env: { N: "2", LIST: "[1]" },
      stdin: null,
      parse: "lines",
    },
  });
});

test("run is one constant text for the shell", () => {
  const read = readCommandInput({ run: "make -j2", cwd: "src", stdin: "y\n" });
  expect(read).toMatchObject({
    value: {
      argv: ["/bin/sh", "-c", "make -j2"],
      shell: true,
      cwd: "src",
      stdin: "y\n",
      parse: "text",
    },
  });
});

test.each<[Json, string]>([
  [null, ": a command needs `argv`"],
  [{}, ": a command has either `argv`"],
  [{ argv: ["a"], run: "a" }, ": a command has either `argv`"],
  [{ argv: "ls -l" }, "/argv: `argv` is a list"],
  [{ argv: [] }, "/argv/0: `argv` begins with a program"],
  [{ argv: [""] }, "/argv/0: `argv` begins with a program"],
  [{ argv: ["-x"] }, "/argv/0: a program's name cannot begin with a hyphen"],
  [{ argv: ["a", null] }, "/argv/1: an argument is a text"],
  [{ argv: ["a", "b\0"] }, "/argv/1: an argument cannot hold a NUL"],
  [{ run: " " }, "/run: `run` is a text"],
  [{ run: 1 }, "/run: `run` is a text"],
  [{ run: "a", env: [] }, "/env: `env` names values"],
  [{ run: "a", env: { "a-b": "" } }, '/env/a-b: "a-b" is no name of a variable'],
  [{ run: "a", env: { A: "\0" } }, "/env/A: a variable cannot hold a NUL"],
  [{ run: "a", cwd: 1 }, "/cwd: `cwd` is a text"],
  [{ run: "a", stdin: {} }, "/stdin: `stdin` is a text"],
  [{ run: "a", parse: "yaml" }, "/parse: `parse` is one of text, lines, json"],
  [{ run: "a", shell: true }, "/shell: a command has no field `shell`"],
])("what is wrong with %j is said with its place", (input, message) => {
  expect(faultOf(input)).toContain(message);
});
