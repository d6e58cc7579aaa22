import { describe, expect, test } from "vitest";
import type { PlanDocument } from "../core/plan/document.ts";
import { fillInputs, readInputs } from "./input-values.ts";

const file = {
  artifact: "art_1",
  name: "a.txt",
  sha256: "0".repeat(64),
  size: 3,
  mediaType: "text/plain",
};

const document: PlanDocument = {
  plan: "Release",
  schemas: { version: { type: "string", pattern: "^\\d+\\.\\d+$" } },
  inputs: {
    repo: { type: "string", default: "." },
    count: { type: "integer", default: 3 },
    ratio: { type: "number", default: 0.5 },
    yes: { type: "boolean", default: false },
    list: { type: "array", default: [] },
    map: { type: "object", default: {} },
    level: { type: "string", enum: ["low", "high"], default: "low" },
    version: { type: "string", schema: { $ref: "#/schemas/version" }, default: "1.0" },
    notes: { type: "file", default: file },
  },
  steps: { a: { do: "wait", wait: { for: "1s" } } },
};

function faultsOf(values: Parameters<typeof fillInputs>[1]) {
  return fillInputs(document, values).faults.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe("values of inputs", () => {
  test("defaults are filled in and given values kept, in the order of the plan", () => {
    const { inputs, faults } = fillInputs(document, { count: 5, repo: "x" });
    expect(faults).toEqual([]);
    expect(inputs).toMatchObject({ repo: "x", count: 5, ratio: 0.5, level: "low", notes: file });
    expect(Object.keys(inputs)).toEqual(Object.keys(document.inputs ?? {}));
  });

  test("an input without a default must be given", () => {
    const needy: PlanDocument = {
      ...document,
      inputs: { who: { type: "string", description: "A name" } },
    };
    expect(fillInputs(needy, {})).toEqual({
      inputs: {},
      faults: [
        {
          code: "missing-input",
          message: 'the input "who" is missing: it must be text (A name)',
          pointer: "/inputs/who",
        },
      ],
    });
    expect(fillInputs(needy, { who: "me" }).faults).toEqual([]);
  });

  test("an unknown input is a fault, with what was probably meant", () => {
    expect(fillInputs(document, { repos: "x" }).faults).toMatchObject([
      {
        code: "unknown-input",
        pointer: "/inputs/repos",
        message: expect.stringContaining('did you mean "repo"?'),
      },
    ]);
    expect(faultsOf({ toString: 1 })).toEqual(["unknown-input /inputs/toString"]);
  });

  test("every value that does not fit is told at once, with its place", () => {
    expect(
      faultsOf({
        repo: 1,
        count: 1.5,
        ratio: "x",
        yes: "true",
        list: {},
        map: [],
        level: "mid",
        version: "one",
      }),
    ).toEqual([
      "invalid-input /inputs/repo",
      "invalid-input /inputs/count",
      "invalid-input /inputs/ratio",
      "invalid-input /inputs/yes",
      "invalid-input /inputs/list",
      "invalid-input /inputs/map",
      "invalid-input /inputs/level",
      "invalid-input /inputs/version",
    ]);
    expect(faultsOf({ repo: null })).toEqual(["invalid-input /inputs/repo"]);
  });

  test("a file is a reference to a stored artifact, whole", () => {
    expect(faultsOf({ notes: file })).toEqual([]);
    expect(faultsOf({ notes: "a.txt" })).toEqual(["invalid-input /inputs/notes"]);
    expect(faultsOf({ notes: { ...file, sha256: "abc" } })).toEqual([
      "invalid-input /inputs/notes",
    ]);
  });
});

describe("values from a command line", () => {
  test("text becomes what the input declares", () => {
    const given = {
      count: "7",
      ratio: "2.5e1",
      yes: "true",
      list: "[1]",
      map: '{"a":1}',
      repo: "7",
      version: "2.1",
    };
    expect(readInputs(document, given)).toMatchObject({
      faults: [],
      inputs: {
        count: 7,
        ratio: 25,
        yes: true,
        list: [1],
        map: { a: 1 },
        repo: "7",
        version: "2.1",
      },
    });
  });

  test("text that does not read as that is judged as text", () => {
    const given = { count: "many", ratio: "", yes: "yes", list: "[1", map: "1" };
    expect(readInputs(document, given).faults.map((fault) => fault.pointer)).toEqual([
      "/inputs/count",
      "/inputs/ratio",
      "/inputs/yes",
      "/inputs/list",
      "/inputs/map",
    ]);
  });
});
