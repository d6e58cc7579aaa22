import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlan, readPlanValue, type ReadOptions, type ResolveFile } from "./read-plan.ts";

/** Faults as `line:column code pointer`, with the file where there is one. */
function faultsOf(text: string, options: ReadOptions = {}): readonly string[] {
  const result = readPlan(text, options);
  if (result.ok) return [];
  return result.faults.map(
    ({ line, column, code, pointer, file }) =>
      `${file === undefined ? "" : `${file}:`}${line}:${column} ${code} ${pointer}`,
  );
}

function messageOf(text: string, options: ReadOptions = {}): string {
  const result = readPlan(text, options);
  return result.ok ? "" : (result.faults[0]?.message ?? "");
}

const step = "{ do: wait, wait: { for: 1s } }";

describe("a plan file", () => {
  test("in YAML and in JSON is the same plan", () => {
    const yaml = `plan: Notes\nsteps:\n  a:\n    do: command\n    with: { argv: [git, log] }\n    effect: none\n`;
    const json = `{"plan": "Notes", "steps": {"a": {"do": "command", "with": {"argv": ["git", "log"]}, "effect": "none"}}}`;
    const document = {
      plan: "Notes",
      steps: { a: { do: "command", with: { argv: ["git", "log"] }, effect: "none" } },
    };
    expect(readPlan(yaml)).toMatchObject({ ok: true, document });
    expect(readPlan(json, { syntax: "json" })).toMatchObject({ ok: true, document });
    expect(readPlan(json, { file: "a.JSON" })).toMatchObject({ ok: true, document });
  });

  test("may begin with a byte order mark, end its lines as it likes, and name its schema", () => {
    const text = `\uFEFF$schema: https://planwright.dev/schema/plan-1.json\r\nplan: Notes\r\nsteps:\r\n  a: ${step}\r\n`;
    expect(readPlan(text)).toMatchObject({ ok: true, document: { plan: "Notes" } });
    expect(readPlan(text)).not.toHaveProperty("document.$schema");
    expect(faultsOf(`\uFEFFplan: 1\nsteps: { a: ${step} }`)).toEqual(["1:7 wrong-type /plan"]);
  });

  test("may use anchors and aliases, which are written out", () => {
    const text = `plan: A\nsteps:\n  a: &a ${step}\n  b: *a\n`;
    expect(readPlan(text)).toMatchObject({ ok: true, document: { steps: { b: { do: "wait" } } } });
  });

  test("says yes, no and on as words: they are text in YAML 1.2", () => {
    expect(readPlan(`plan: yes\nsteps: { on: ${step} }`)).toMatchObject({
      ok: true,
      document: { plan: "yes", steps: { on: { do: "wait" } } },
    });
  });
});

describe("faults", () => {
  test("are told all at once, each with the line and column of what is wrong", () => {
    const text = `plan: Broken
steps:
  build:
    do: comand
  test:
    do: command
    need: [build]
    with:
      run: "echo \${{ inputs.x }}"
  ship:
    do: tool
    needs: [biuld, test]
    when: steps.tst.status == 'x'
    with:
      a: "\${{ steps.build.outptu }}"
  human:
    do: human
    request: { kind: choice, title: x }
  9bad: ${step}
`;
    expect(faultsOf(text)).toEqual([
      "4:9 unknown-value /steps/build/do",
      "7:5 unknown-field /steps/test/need",
      "9:12 expression-in-run /steps/test/with/run",
      "10:3 missing-field /steps/ship/owner",
      "12:13 unknown-need /steps/ship/needs/0",
      "13:11 unknown-reference /steps/ship/when",
      "15:10 unknown-step-field /steps/ship/with/a",
      "18:5 missing-field /steps/human/request/options",
      "19:3 invalid-key /steps/9bad",
    ]);
  });

  test("in JSON have their places, too", () => {
    const text = `{\n  "plan": "Broken",\n  "steps": {\n    "a": { "do": "wait", "wiat": {} },\n    "b/c": { "do": "wait" },\n    "d": {\n      "do": "tool", "needs": ["a", "e"]\n    }\n  }\n}`;
    expect(faultsOf(text, { syntax: "json" })).toEqual([
      "4:26 unknown-field /steps/a/wiat",
      "5:5 invalid-key /steps/b~1c",
      "6:5 missing-field /steps/d/owner",
      "7:36 unknown-need /steps/d/needs/1",
    ]);
  });

  test("suggest what was probably meant", () => {
    expect(messageOf(`plan: A\nsteps:\n  a: { do: wait, wait: { for: 1s }, need: [] }`)).toBe(
      '"need" is no field here; did you mean "needs"?',
    );
    expect(messageOf(`plan: A\nsteps:\n  a: { do: wiat, wait: { for: 1s } }`)).toContain(
      'did you mean "wait"?',
    );
  });

  test("of a step that is broken do not hide those of others, nor make up new ones", () => {
    const text = `plan: A\nsteps:\n  a: 3\n  b: { do: tool, owner: x, needs: [a], with: { v: "\${{ steps.a.output }}" } }\n  c: { do: human, needs: [b, nope] }\n`;
    expect(faultsOf(text)).toEqual([
      "3:6 wrong-type /steps/a",
      "5:3 missing-field /steps/c/request",
      "5:30 unknown-need /steps/c/needs/1",
    ]);
  });

  test("of a plan that is no plan say what one is", () => {
    expect(faultsOf("just text")).toEqual(["1:1 wrong-type "]);
    expect(faultsOf("plan: A")).toEqual(["1:1 missing-field /steps"]);
    expect(faultsOf("plan: A\nsteps: {}")).toEqual(["2:8 no-steps /steps"]);
  });

  test("carry the name of their file", () => {
    expect(faultsOf("plan: A", { file: "plan.yaml" })).toEqual([
      "plan.yaml:1:1 missing-field /steps",
    ]);
  });

  test("are no more than anybody reads", () => {
    const steps = Array.from({ length: 1000 }, (_, index) => `  s${index}: { do: x }`);
    expect(faultsOf(`plan: A\nsteps:\n${steps.join("\n")}`)).toHaveLength(200);
  });
});

function calling(file: string, more = ""): string {
  return `plan: Top\nsteps:\n  s:\n    do: plan\n    plan: ${file}\n${more}`;
}

describe("a sub-plan in a file", () => {
  const files = new Map([
    ["sub.yaml", `plan: Sub\ninputs: { n: { type: integer } }\nsteps: { a: ${step} }`],
    [
      "deep.json",
      `{"plan": "Deep", "steps": {"a": {"do": "plan", "plan": "sub.yaml", "with": {"n": 1}}}}`,
    ],
    [
      "broken.yaml",
      `plan: Sub\nsteps:\n  a: { do: wait, wiat: {} }\n  b: { do: wait, needs: [c], wait: { for: 1s } }\n`,
    ],
    ["syntax.yaml", `plan: Sub\nsteps:\n  a: [\n`],
    ["self.yaml", `plan: Self\nsteps:\n  again: { do: plan, plan: self.yaml }\n`],
    ["ping.yaml", `plan: Ping\nsteps:\n  p: { do: plan, plan: pong.yaml }\n`],
    ["pong.yaml", `plan: Pong\nsteps:\n  p: { do: plan, plan: ping.yaml }\n`],
  ]);
  const asked: (string | undefined)[] = [];
  const resolveFile: ResolveFile = (path, from) => {
    asked.push(from);
    const text = files.get(path);
    return text === undefined ? null : { text, file: path };
  };
  const options = { file: "top.yaml", resolveFile };

  test("is read in its place, and so are those that it names itself", () => {
    const result = readPlan(calling("deep.json"), options);
    expect(result).toMatchObject({
      ok: true,
      document: {
        steps: { s: { plan: { plan: "Deep", steps: { a: { plan: { plan: "Sub" } } } } } },
      },
    });
    expect(asked.slice(-2)).toEqual(["top.yaml", "deep.json"]);
  });

  test("has its faults in its own file", () => {
    expect(faultsOf(calling("broken.yaml"), options)).toEqual([
      "broken.yaml:3:18 unknown-field /steps/s/plan/steps/a/wiat",
      "broken.yaml:4:26 unknown-need /steps/s/plan/steps/b/needs/0",
    ]);
    expect(faultsOf(calling("syntax.yaml", "  t: { do: x }\n"), options)).toEqual([
      "top.yaml:6:12 unknown-value /steps/t/do",
      "syntax.yaml:4:1 syntax ",
    ]);
  });

  test("is given its inputs by the step", () => {
    expect(faultsOf(calling("sub.yaml"), options)).toEqual(["top.yaml:3:3 missing-input /steps/s"]);
    expect(faultsOf(calling("sub.yaml", "    with: { n: x, m: 1 }\n"), options)).toEqual([
      "top.yaml:6:16 invalid-input /steps/s/with/n",
      "top.yaml:6:22 unknown-input /steps/s/with/m",
    ]);
    expect(faultsOf(calling("sub.yaml", '    with: { n: "${{ 1 + 1 }}" }\n'), options)).toEqual([]);
  });

  test("that contains itself is refused with the way round", () => {
    expect(faultsOf(calling("self.yaml"), options)).toEqual([
      "self.yaml:3:28 recursive-plan /steps/s/plan/steps/again/plan",
    ]);
    expect(messageOf(calling("ping.yaml"), options)).toBe(
      "the plan would contain itself: top.yaml → ping.yaml → pong.yaml → ping.yaml",
    );
  });

  test("that is not there, or cannot be read here, is a fault where it is named", () => {
    expect(faultsOf(calling("nope.yaml"), options)).toEqual([
      "top.yaml:5:11 file-not-found /steps/s/plan",
    ]);
    expect(messageOf(calling("sub.yaml"))).toContain("cannot be read here");
  });

  test("may be nested five deep, in files or in place", () => {
    const chain: ResolveFile = (path) => ({ text: calling(`${path}x`), file: path });
    expect(faultsOf(calling("x"), { file: "top", resolveFile: chain })).toEqual([
      `xxxxx:5:11 too-deep ${"/steps/s/plan".repeat(6)}`,
    ]);
    const inPlace = (depth: number): string =>
      depth === 0
        ? `{ plan: P, steps: { a: ${step} } }`
        : `{ plan: P, steps: { s: { do: plan, plan: ${inPlace(depth - 1)} } } }`;
    expect(readPlan(inPlace(5))).toMatchObject({ ok: true });
    expect(faultsOf(inPlace(6)).map((fault) => fault.split(" ")[1])).toEqual(["too-deep"]);
  });
});

describe("a plan as a value", () => {
  test("is judged like a file, with pointers for places", () => {
    const document = { plan: "A", steps: { a: { do: "wait", wait: { for: "1s" } } } };
    expect(readPlanValue(document)).toMatchObject({ ok: true, document });
    expect(readPlanValue({ ...document, steps: { a: { do: "wait", wait: {} } } })).toMatchObject({
      ok: false,
      faults: [{ code: "conflicting-fields", pointer: "/steps/a/wait" }],
    });
    expect(readPlanValue(null)).toMatchObject({ ok: false, faults: [{ code: "wrong-type" }] });
    const large = Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((key) => [key, "x".repeat(1_000_000)]),
    );
    expect(readPlanValue({ ...document, metadata: large })).toMatchObject({
      ok: false,
      faults: [{ code: "too-large" }],
    });
    expect(readPlanValue({ plan: "A", steps: new Map() })).toMatchObject({
      ok: false,
      faults: [{ code: "not-json" }],
    });
  });
});

describe("whatever is written", () => {
  const piece = fc.constantFrom(
    "plan: ",
    "steps:",
    "\n",
    "  ",
    "a:",
    " do: wait",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    "&a ",
    "*a",
    "<<",
    "? ",
    "'",
    '"',
    "|",
    ">",
    "#",
    "---",
    "...",
    "!t ",
    "%YAML",
    "\t",
    "\r",
    "\0",
    "\uFEFF",
    "\uD800",
    "é",
    "1e999",
    "null",
    "\\u0000",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join("")),
  );

  test.each(["yaml", "json"] as const)(
    "reading %s never throws, and every fault has a place in the text",
    (syntax) => {
      fc.assert(
        fc.property(text, (written) => {
          const result = readPlan(written, { syntax });
          if (result.ok) return;
          expect(result.faults.length).toBeGreaterThan(0);
          const lines = written.split("\n");
          for (const { line, column, message } of result.faults) {
            expect(message).not.toBe("");
            expect(line >= 1 && line <= lines.length).toBe(true);
            expect(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1).toBe(true);
          }
        }),
        { numRuns: 1500 },
      );
    },
  );

  test("a text that JSON takes is taken for what JSON says, by both readers", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const json = JSON.stringify({
          plan: "A",
          metadata: { value },
          steps: { a: { do: "wait", wait: { for: "1s" } } },
        });
        const fromJson = readPlan(json, { syntax: "json" });
        const fromYaml = readPlan(json, { syntax: "yaml" });
        expect(fromYaml.ok && fromYaml.document).toEqual(fromJson.ok && fromJson.document);
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON in the place of a plan, a step or a field is judged without an exception", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const field = fc.constantFrom(
      "do",
      "needs",
      "when",
      "forEach",
      "with",
      "retry",
      "approve",
      "output",
      "verify",
      "onFailure",
      "request",
      "wait",
      "plan",
      "timeout",
    );
    const wild = fc.oneof(
      value,
      fc.record({ plan: value, steps: value }),
      fc.record({
        plan: fc.constant("A"),
        policy: value,
        inputs: value,
        schemas: value,
        answer: value,
        steps: fc.dictionary(fc.constantFrom("a", "b"), fc.dictionary(field, value)),
      }),
    );
    fc.assert(
      fc.property(wild, (anything) => {
        const result = readPlanValue(anything);
        expect(result.ok || result.faults.length > 0).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
