import type { Syntax } from "../src/format/text/text-limits.ts";

/** A plan file that nobody means well with, and what becomes of it. */
export interface HostilePlan {
  readonly name: string;
  readonly text: string;
  readonly syntax?: Syntax;
  /** Line, column and code of the first fault; or what the text means all the same. */
  readonly becomes: Refused | Accepted;
}

/** `LINE:COLUMN CODE` */
type Refused = `${number}:${number} ${string}`;
interface Accepted {
  /** Where in the plan something remarkable stands, and what it is. */
  readonly pointer: string;
  readonly value: unknown;
}

const A = "{ do: wait, wait: { for: 1s } }";
const MIB = 1024 * 1024;

function yaml(name: string, text: string, becomes: HostilePlan["becomes"]): HostilePlan {
  return { name, text, becomes };
}

function json(name: string, text: string, becomes: HostilePlan["becomes"]): HostilePlan {
  return { name, text, syntax: "json", becomes };
}

/** A plan of one step with these fields, on the lines from 4 on. */
function step(name: string, fields: string, becomes: HostilePlan["becomes"]): HostilePlan {
  const lines = fields.split("\n").map((line) => `    ${line}`);
  return yaml(name, `plan: A\nsteps:\n  a:\n${lines.join("\n")}\n`, becomes);
}

/** A plan with these fields before its steps, on the lines from 2 on. */
function plan(name: string, fields: string, becomes: HostilePlan["becomes"]): HostilePlan {
  return yaml(name, `plan: A\n${fields}\nsteps: { a: ${A} }\n`, becomes);
}

/** A tool step that is given one expression. */
function expression(name: string, source: string, code: string): HostilePlan {
  return step(
    name,
    `do: tool\nowner: x\nwith: { v: ${JSON.stringify(`\${{ ${source} }}`)} }`,
    `6:16 ${code}`,
  );
}

function metadata(name: string, value: string, becomes: HostilePlan["becomes"]): HostilePlan {
  return plan(name, `metadata: { v: ${value} }`, becomes);
}

function means(value: unknown): Accepted {
  return { pointer: "/metadata/v", value };
}

const bomb = [
  "a: &a [x, x, x, x, x, x, x, x, x, x]",
  ...["b", "c", "d", "e", "f", "g", "h", "i", "j"].map((key, index) => {
    const below = "abcdefghij"[index];
    return `${key}: &${key} [${Array(10).fill(`*${below}`).join(", ")}]`;
  }),
].join("\n");

const noText: readonly HostilePlan[] = [
  yaml("nothing", "", "1:1 empty"),
  yaml("blank lines", "\n  \n\n", "1:1 empty"),
  yaml("a comment alone", "# nothing here\n", "1:1 empty"),
  yaml("a document start alone", "---\n", "1:1 empty"),
  json("no JSON", "", "1:1 empty"),
  json("blanks in JSON", " \n ", "1:1 empty"),
  yaml("a picture", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "2:1 control-character"),
  yaml("an archive", "PK\u0003\u0004\u0014\0\0", "1:3 control-character"),
  yaml("text in UTF-16", "p\0l\0a\0n\0:\0", "1:2 nul-character"),
  yaml("half a character", `plan: "a\uD800b"\nsteps: { a: ${A} }`, "1:9 malformed-unicode"),
  yaml("the other half", `plan: a\nsteps: { \uDC00: ${A} }`, "2:10 malformed-unicode"),
  yaml("an escape character", `plan: a\u001b[31m\nsteps: { a: ${A} }`, "1:8 control-character"),
  yaml("text alone", "let me in", "1:1 wrong-type"),
  yaml("a list", "- plan: A\n- steps: {}", "1:1 wrong-type"),
  yaml("a number", "42", "1:1 wrong-type"),
  json("null", "null", "1:1 wrong-type"),
  yaml("several documents", `plan: A\nsteps: { a: ${A} }\n---\nplan: B\n`, "3:1 several-documents"),
  yaml("a mark in front", `\uFEFFplan: A\nmetadata: { v: 1 }\nsteps: { a: ${A} }`, means(1)),
  yaml(
    "a mark in the middle",
    `plan: A\nmetadata: { v: "\uFEFF" }\nsteps: { a: ${A} }`,
    means("\uFEFF"),
  ),
  json(
    "a mark in JSON",
    `\uFEFF{"plan": "A", "metadata": {"v": 1}, "steps": {"a": {"do": "wait", "wait": {"for": "1s"}}}}`,
    means(1),
  ),
];

const brokenText: readonly HostilePlan[] = [
  yaml("a tab that indents", "plan: A\nsteps:\n\ta: 1\n", "3:1 syntax"),
  yaml("a list that does not end", "plan: [A\n", "2:1 syntax"),
  yaml("text that does not end", 'plan: "A\n', "2:1 syntax"),
  yaml("a key in a key", "plan: a: b\n", "1:7 syntax"),
  yaml("steps that lean", "steps:\n   a: 1\n  b: 2\n", "3:1 syntax"),
  yaml("a reserved sign", "plan: @home\n", "1:7 syntax"),
  yaml("commas alone", `plan: [${",".repeat(1000)}]\n`, "1:8 syntax"),
  yaml("closing brackets", "}\n".repeat(5000), "1:1 syntax"),
  json("a comma too many", '{"plan": "A",}', "1:14 syntax"),
  json("quotes of the other kind", "{'plan': 'A'}", "1:2 syntax"),
  json("a remark", '{"plan": "A" /* b */}', "1:14 syntax"),
  json("a number with a plus", '{"plan": +1}', "1:10 syntax"),
  json("a number with a zero", '{"plan": 01}', "1:11 syntax"),
  json("text over two lines", '{"plan": "A\nB"}', "1:12 syntax"),
  json("an escape that is none", '{"plan": "\\x41"}', "1:11 syntax"),
  json("two values", '{"plan": "A"} {}', "1:15 syntax"),
  json("NaN", '{"plan": NaN}', "1:10 syntax"),
  json("an object that does not end", '{"plan": {"a": [1, 2', "1:21 syntax"),
];

const yamlTricks: readonly HostilePlan[] = [
  metadata(
    "a function of JavaScript",
    "!!js/function 'function () { return 1 }'",
    "2:16 tag-not-allowed",
  ),
  metadata("an object of Python", "!!python/object/apply:os.system ['id']", "2:16 tag-not-allowed"),
  metadata("a tag of one's own", "!secret x", "2:16 tag-not-allowed"),
  metadata("a binary", "!!binary R0lGODlh", "2:16 tag-not-allowed"),
  metadata("even a plain tag", "!!str 1", "2:16 tag-not-allowed"),
  yaml("another version of YAML", `%YAML 1.1\n---\nplan: A\n`, "1:1 directive-not-allowed"),
  yaml(
    "a tag directive",
    `%TAG ! tag:example.org,2000:\n---\nplan: A\n`,
    "1:1 directive-not-allowed",
  ),
  plan("a merge key", "metadata:\n  base: &b { x: 1 }\n  more:\n    <<: *b", "5:5 merge-key"),
  plan("a merge key as text", 'metadata: { v: { "<<": 1 } }', means({ "<<": 1 })),
  plan("a bomb of aliases", bomb, "7:8 too-many-keys"),
  yaml(
    "a bomb under the count of aliases",
    `${bomb.split("\n").slice(0, 5).join("\n")}\nplan: A\nsteps: { a: ${A} }`,
    "1:1 unknown-field",
  ),
  yaml(
    "aliases beyond count",
    `plan: A\nmetadata: { a: &a x, b: [${Array(101).fill("*a").join(", ")}] }`,
    "2:426 too-many-aliases",
  ),
  metadata("an alias inside itself", "&v [*v]", "2:20 recursive-alias"),
  metadata("an alias of nothing", "*nobody", "2:16 unknown-alias"),
  metadata("an alias of later", "[*later, &later x]", "2:17 unknown-alias"),
  metadata("an anchor and its alias", "{ a: &x [1], b: *x }", means({ a: [1], b: [1] })),
  metadata("a key that is a list", "{ [1, 2]: x }", "2:18 syntax"),
  metadata("a key that is a number", "{ 1: x }", means({ "1": "x" })),
  metadata("a key that is true", "{ true: x, yes: y }", means({ true: "x", yes: "y" })),
  metadata(
    "words of YAML 1.1",
    "[yes, no, on, off, 1_000, 0777, 2026-01-01]",
    means(["yes", "no", "on", "off", "1_000", 777, "2026-01-01"]),
  ),
  metadata("numbers in other bases", "[0xFF, 0o17]", means([255, 15])),
];

const keys: readonly HostilePlan[] = [
  plan("a key twice", "metadata:\n  x: 1\n  x: 2", "4:3 duplicate-key"),
  yaml("a step twice", `plan: A\nsteps:\n  a: ${A}\n  a: ${A}\n`, "4:3 duplicate-key"),
  metadata("a key twice in a flow", "{ x: 1, y: 2, x: 3 }", "2:30 duplicate-key"),
  json("a key twice in JSON", '{"plan": "A",\n "plan": "B"}', "2:2 duplicate-key"),
  json("a key twice, once in disguise", '{"plan": "A", "pl\\u0061n": "B"}', "1:15 duplicate-key"),
  yaml(
    "__proto__ at the top",
    `__proto__: { admin: true }\nplan: A\nsteps: { a: ${A} }`,
    "1:1 forbidden-key",
  ),
  yaml("__proto__ as a step", `plan: A\nsteps:\n  __proto__: ${A}\n`, "3:3 forbidden-key"),
  metadata("__proto__ deep down", "[[{ __proto__: 1 }]]", "2:20 forbidden-key"),
  metadata("constructor", "{ constructor: { prototype: 1 } }", "2:18 forbidden-key"),
  metadata("prototype", "{ prototype: 1 }", "2:18 forbidden-key"),
  json(
    "__proto__ in JSON",
    '{"plan": "A", "steps": {}, "__proto__": {"x": 1}}',
    "1:28 forbidden-key",
  ),
  json("__proto__ in disguise", '{"\\u005f_proto__": 1}', "1:2 forbidden-key"),
  json(
    "__proto__ in an output schema",
    '{"plan": "A", "steps": {"a": {"do": "agent", "output": {"properties": {"__proto__": {}}}}}}',
    "1:72 forbidden-key",
  ),
  metadata(
    "names of other properties",
    "{ toString: 1, hasOwnProperty: 2, length: 3 }",
    means({ toString: 1, hasOwnProperty: 2, length: 3 }),
  ),
  yaml("a way out of the folder", `plan: A\nsteps:\n  ../../etc/passwd: ${A}\n`, "3:3 invalid-key"),
  yaml(
    "a key of letters that look alike",
    `plan: A\nsteps:\n  b\u0430d: ${A}\n`,
    "3:3 invalid-key",
  ),
  yaml("a key with a dot", `plan: A\nsteps:\n  a.b: ${A}\n`, "3:3 invalid-key"),
  yaml("a key that begins with a digit", `plan: A\nsteps:\n  0a: ${A}\n`, "3:3 invalid-key"),
  yaml("an empty key", `plan: A\nsteps:\n  "": ${A}\n`, "3:3 invalid-key"),
  yaml("a key of 65 letters", `plan: A\nsteps:\n  ${"a".repeat(65)}: ${A}\n`, "3:3 invalid-key"),
  yaml(
    "a key that turns the line round",
    `plan: A\nsteps:\n  "a\u202eb": ${A}\n`,
    "3:3 invalid-key",
  ),
  plan("an input with a blank", 'inputs: { "a b": { type: string } }', "2:11 invalid-key"),
];

const values: readonly HostilePlan[] = [
  metadata("a whole number beyond what is kept", "9007199254740993", "2:16 number-not-exact"),
  metadata("the last one that is kept", "9007199254740991", means(9007199254740991)),
  metadata("a number in hex beyond", "0xFFFFFFFFFFFFFFFFFF", "2:16 number-not-exact"),
  metadata("a number beyond all", "1e400", "2:16 number-not-finite"),
  metadata("no number", ".nan", "2:16 number-not-finite"),
  metadata("without end", "-.inf", "2:16 number-not-finite"),
  metadata("minus nothing", "-0", means(0)),
  metadata("a number of a million digits", "9".repeat(MIB / 2), "2:16 number-not-finite"),
  json(
    "2^53 + 1 in JSON",
    '{"plan": "A", "metadata": {"v": 9007199254740993}}',
    "1:33 number-not-exact",
  ),
  json("1e400 in JSON", '{"plan": "A", "metadata": {"v": 1e400}}', "1:33 number-not-finite"),
  metadata("U+0000 as an escape", '"a\\0b"', "2:16 nul-character"),
  json("U+0000 in JSON", '{"plan": "a\\u0000b"}', "1:10 nul-character"),
  metadata("half a character as an escape", '"\\ud800"', "2:16 malformed-unicode"),
  json("half a character in JSON", '{"plan": "\\ud800"}', "1:10 malformed-unicode"),
  json(
    "both halves",
    '{"plan": "A", "metadata": {"v": "\\ud83d\\ude00"}, "steps": {"a": {"do": "wait", "wait": {"for": "1s"}}}}',
    means("😀"),
  ),
];

const sizes: readonly HostilePlan[] = [
  yaml("more than a mebibyte", `plan: ${"x".repeat(MIB)}`, "1:1 too-large"),
  yaml(
    "more than a mebibyte in three-byte letters",
    `plan: ${"\u20ac".repeat(400_000)}`,
    "1:1 too-large",
  ),
  json("more than four mebibytes", `{"plan": "${"x".repeat(4 * MIB)}"}`, "1:1 too-large"),
  json(
    "a string of more than a mebibyte",
    `{"plan": "${"x".repeat(MIB + 1)}"}`,
    "1:10 string-too-long",
  ),
  yaml("brackets without end", "[".repeat(100_000), "1:65 too-deep"),
  yaml("braces without end", "{a: ".repeat(50_000), "1:257 too-deep"),
  yaml("dashes without end", "- ".repeat(50_000), "1:129 too-deep"),
  yaml(
    "steps that go in and in",
    Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    "65:65 too-deep",
  ),
  json("brackets without end in JSON", "[".repeat(100_000), "1:65 too-deep"),
  json("objects without end", '{"a":'.repeat(100_000), "1:321 too-deep"),
  plan(
    "depth by aliases",
    `metadata:\n  a: &a ${"[".repeat(40)}${"]".repeat(40)}\n  b: ${"[".repeat(40)}*a${"]".repeat(40)}`,
    "4:46 too-deep",
  ),
  yaml(
    "keys without end",
    Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join("\n"),
    "40001:7 too-many-keys",
  ),
  yaml("the same key without end", "a: 1\n".repeat(60_000), "40001:2 too-many-keys"),
  yaml(
    "values without end",
    `plan: A\nmetadata: { v: [${"1,".repeat(400_000)}] }`,
    "2:266671 too-many-keys",
  ),
  json(
    "keys without end in JSON",
    `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
    "1:428892 too-many-keys",
  ),
  yaml("blank lines without end", `plan: A\n${"\n".repeat(1_000_000)}`, "399994:1 too-many-keys"),
  yaml("remarks without end", `plan: A\n${"#\n".repeat(500_000)}`, "199998:1 too-many-keys"),
  yaml(
    "more steps than allowed",
    `plan: A\nsteps:\n${Array.from({ length: 2001 }, (_, index) => `  s${index}: ${A}`).join("\n")}`,
    "2:1 too-many-steps",
  ),
  step(
    "more needs than allowed",
    `do: agent\nneeds: [${Array.from({ length: 1001 }, (_, index) => `n${index}`).join(", ")}]`,
    "5:12 too-many-needs",
  ),
  plan("a name of a thousand letters", `lead: ${"x".repeat(1000)}`, "2:7 out-of-range"),
  plan("a name over two lines", 'lead: "a\\nb"', "2:7 wrong-format"),
];

const shapes: readonly HostilePlan[] = [
  yaml("no name", `steps: { a: ${A} }`, "1:1 missing-field"),
  yaml("no steps", "plan: A", "1:1 missing-field"),
  yaml("steps in a list", `plan: A\nsteps: [${A}]`, "2:8 wrong-type"),
  yaml("steps that are nothing", "plan: A\nsteps:\n", "2:7 wrong-type"),
  yaml("no step at all", "plan: A\nsteps: {}", "2:8 no-steps"),
  yaml("a step that is text", "plan: A\nsteps: { a: go }", "2:13 wrong-type"),
  plan("another format", "format: 2", "2:9 unknown-value"),
  plan("a policy that is a list", "policy: []", "2:9 wrong-type"),
  plan("approval by a word", "policy: { approval: yes }", "2:21 unknown-value"),
  plan("nothing at once", "policy: { concurrency: 0 }", "2:24 out-of-range"),
  plan("half a step at once", "policy: { concurrency: 1.5 }", "2:24 wrong-type"),
  plan("attempts without end", "policy: { retry: { attempts: 1e9 } }", "2:30 out-of-range"),
  plan("a budget that never ends", "policy: { budget: { wall: 99999d } }", "2:27 wrong-format"),
  plan("an input of no type", "inputs: { a: { default: 1 } }", "2:11 missing-field"),
  plan("an input of another type", "inputs: { a: { type: int } }", "2:22 unknown-value"),
  plan(
    "a default of another type",
    "inputs: { a: { type: integer, default: x } }",
    "2:40 invalid-input",
  ),
  plan("labels that are no words", "labels: [1]", "2:10 wrong-type"),
  step("no kind", "title: x", "3:3 missing-field"),
  step("a kind that is none", "do: shell", "4:9 unknown-value"),
  step("a kind in a list", "do: [command]", "4:9 unknown-value"),
  step("a field that is none", "do: agent\ncommand: rm -rf /", "5:5 unknown-field"),
  step("needs that are text", "do: agent\nneeds: b", "5:12 wrong-type"),
  step("needs that are numbers", "do: agent\nneeds: [1]", "5:13 wrong-type"),
  step("needs of two kinds", "do: agent\nneeds: { all: [], any: [] }", "5:12 wrong-type"),
  step("a condition that is a boolean", "do: agent\nwhen: true", "5:11 wrong-type"),
  step("a timeout that is a number", "do: agent\ntimeout: 10", "5:14 wrong-type"),
  step("a timeout of nothing", "do: agent\ntimeout: 0s", "5:14 wrong-format"),
  step("a timeout of letters", `do: agent\ntimeout: ${"1s".repeat(5000)}x`, "5:14 wrong-format"),
  step("a gate that is false", "do: agent\napprove: false", "5:14 wrong-type"),
  step("people without a role", "do: agent\napprove: { assignees: [bob] }", "5:28 wrong-format"),
  step("an effect that is none", "do: agent\neffect: twice", "5:13 unknown-value"),
  step("a failure that is forgiven", "do: agent\nonFailure: ignore", "5:16 wrong-type"),
  step("checks that are none", "do: agent\nverify: { checks: [] }", "5:23 out-of-range"),
  step(
    "a check of two kinds",
    "do: agent\nverify: { checks: [{ schema: true, expression: x }] }",
    "5:24 wrong-type",
  ),
  step("a check of no kind", "do: agent\nverify: { checks: [{ name: x }] }", "5:24 wrong-type"),
  step("a priority beyond all", "do: agent\npriority: 1e15", "5:15 out-of-range"),
  step("a workspace outside", "do: agent\nworkspace: /etc", "5:16 unknown-value"),
  step("a sub-plan from anywhere", "do: plan\nplan: /etc/passwd", "5:11 file-not-found"),
  step(
    "a sub-plan of the wrong shape",
    "do: plan\nplan: { plan: B, steps: { x: 1 } }",
    "5:34 wrong-type",
  ),
];

const kinds: readonly HostilePlan[] = [
  step("a command of nothing", "do: command", "3:3 conflicting-fields"),
  step(
    "a command of both kinds",
    "do: command\nwith: { argv: [ls], run: ls }",
    "5:11 conflicting-fields",
  ),
  step("a command in text", "do: command\nwith: { argv: rm -rf / }", "5:19 wrong-type"),
  step("a program that is an option", "do: command\nwith: { argv: [--help] }", "5:20 wrong-format"),
  step(
    "a shell that reads an input",
    'do: command\nwith: { run: "echo ${{ inputs.x }}" }',
    "5:18 expression-in-run",
  ),
  step(
    "a shell that reads one in disguise",
    'do: command\nwith: { run: "echo \\x24{{ inputs.x }}" }',
    "5:18 expression-in-run",
  ),
  step(
    "a variable that is two",
    'do: command\nwith: { argv: [ls], env: { "A=B;C": x } }',
    "5:32 invalid-key",
  ),
  step("a tool without a name", "do: tool", "3:3 missing-field"),
  step("a question to nobody about nothing", "do: human", "3:3 missing-field"),
  step(
    "a form that hides a map",
    "do: human\nrequest: { kind: input, title: x, form: { type: object, properties: { a: { type: object } } } }",
    "5:78 form-not-flat",
  ),
  step(
    "two votes in one",
    "do: human\nrequest: { kind: approval, title: x, quorum: 2 }",
    "5:50 quorum",
  ),
  step(
    "a wait for everything",
    "do: wait\nwait: { for: 1s, signal: go }",
    "5:11 conflicting-fields",
  ),
  step(
    "a wait until never",
    'do: wait\nwait: { until: "9999-99-99T00:00:00Z" }',
    "5:20 wrong-format",
  ),
];

const graphs: readonly HostilePlan[] = [
  step("a step that needs itself", "do: agent\nneeds: [a]", "5:13 self-need"),
  step("a need of nobody", "do: agent\nneeds: [b]", "5:13 unknown-need"),
  step("a need of the language", "do: agent\nneeds: [toString]", "5:13 unknown-need"),
  yaml(
    "a circle of two",
    "plan: A\nsteps:\n  a: { do: agent, needs: [b] }\n  b: { do: agent, needs: [a] }\n",
    "4:26 cycle",
  ),
  yaml(
    "a circle of a thousand",
    `plan: A\nsteps:\n${Array.from({ length: 1000 }, (_, index) => `  s${index}: { do: agent, needs: [s${(index + 999) % 1000}] }`).join("\n")}`,
    "4:27 cycle",
  ),
  yaml(
    "every step needs all before it",
    `plan: A\nmetadata: { v: 1 }\nsteps:\n${Array.from({ length: 300 }, (_, index) => `  s${index}: { do: agent, needs: [${Array.from({ length: index }, (__, need) => `s${need}`).join(", ")}] }`).join("\n")}`,
    means(1),
  ),
  step(
    "a stand-in that is not there",
    "do: agent\nonFailure: { fallback: b }",
    "5:28 unknown-fallback",
  ),
  step("a stand-in for itself", "do: agent\nonFailure: { fallback: a }", "5:28 unknown-fallback"),
  plan("verification of nothing", "policy: { verification: required }", "2:25 no-checks"),
];

const expressions: readonly HostilePlan[] = [
  expression("a pattern that hangs", "'aaaa'.matches('(a+)+$')", "function-not-allowed"),
  expression("a macro in a macro", "[1].map(x, [2].map(y, y))", "nested-macro"),
  expression("a function that is none", "system('id')", "function-not-allowed"),
  expression("a binding", "cel.bind(x, 'a', x + x)", "function-not-allowed"),
  expression(
    "a clock",
    "timestamp('2026-01-01T00:00:00Z') > timestamp('2025-01-01T00:00:00Z')",
    "function-not-allowed",
  ),
  expression("a name that is none", "process.env.SECRET", "unknown-name"),
  expression(
    "a secret of the language",
    "inputs.constructor.constructor('return 1')",
    "function-not-allowed",
  ),
  expression("a way to the prototype", "inputs['__proto__']", "not-allowed"),
  expression("a step by a name that is made", "steps['a' + 'b'].output", "dynamic-reference"),
  expression("a step that is not there", "steps.b.output", "unknown-reference"),
  expression("the step itself", "steps.a.output", "unknown-reference"),
  expression("an input that is not there", "inputs.secret", "unknown-input"),
  expression("an item of nothing", "item", "unknown-name"),
  expression("half an expression", "1 +", "expression-syntax"),
  expression("no expression", "", "expression-syntax"),
  expression("code", "(() => 1)()", "expression-syntax"),
  expression("five thousand letters", "x".repeat(5000), "expression-too-large"),
  expression(
    "brackets in brackets",
    `${"(".repeat(1000)}1${")".repeat(1000)}`,
    "expression-too-large",
  ),
  expression("signs without end", `${"-".repeat(3000)}1`, "expression-too-large"),
  expression("sums without end", Array(1000).fill("1").join("+"), "expression-too-large"),
  expression("lists without end", `[${"1,".repeat(1000)}1]`, "expression-too-large"),
  expression("text and numbers", "'a' + 1", "expression-type"),
  step(
    "an expression that does not end",
    'do: tool\nowner: x\nwith: { v: "${{ 1" }',
    "6:16 unclosed-expression",
  ),
  step("braces around a condition", 'do: agent\nwhen: "${{ true }}"', "5:11 expression-syntax"),
  step("a condition that is text", "do: agent\nwhen: \"'yes'\"", "5:11 expression-type"),
  step("a list that is a number", "do: agent\nforEach: 1 + 1", "5:14 expression-type"),
  plan("an answer from nowhere", "answer: steps.b.output", "2:9 unknown-reference"),
];

const schemas: readonly HostilePlan[] = [
  step(
    "a pattern that looks round",
    'do: agent\noutput: { pattern: "(?=a)" }',
    "5:24 invalid-pattern",
  ),
  step(
    "a pattern that looks back",
    'do: agent\noutput: { pattern: "(a)\\\\1" }',
    "5:24 invalid-pattern",
  ),
  step(
    "a pattern that is too long",
    `do: agent\noutput: { pattern: "${"a".repeat(2000)}" }`,
    "5:24 invalid-pattern",
  ),
  step(
    "a pattern that repeats without end",
    'do: agent\noutput: { pattern: "((a{100}){100}){100}" }',
    "5:24 invalid-pattern",
  ),
  step(
    "a pattern of keys",
    'do: agent\noutput: { patternProperties: { "(": {} } }',
    "5:41 invalid-pattern",
  ),
  step("a pattern that would hang elsewhere", 'do: agent\noutput: { pattern: "(a+)+$" }', {
    pointer: "/steps/a/output",
    value: { pattern: "(a+)+$" },
  }),
  step("a type that is none", "do: agent\noutput: { type: strng }", "5:21 invalid-schema"),
  step(
    "a schema from the network",
    'do: agent\noutput: { $ref: "http://169.254.169.254/" }',
    "5:21 unknown-schema",
  ),
  step(
    "a schema from a file",
    'do: agent\noutput: { $ref: "file:///etc/passwd" }',
    "5:21 unknown-schema",
  ),
  step("a schema that is not named", "do: agent\noutput: report", "5:13 unknown-schema"),
  step("a schema that is a list", "do: agent\noutput: []", "5:13 wrong-type"),
  step("a schema that goes round", 'do: agent\noutput: { $ref: "#" }', "5:21 invalid-schema"),
  plan(
    "a schema nested without measure",
    `schemas: { s: ${"{ not: ".repeat(40)}{}${" }".repeat(40)} }`,
    "2:239 invalid-schema",
  ),
];

export const HOSTILE_PLANS: readonly HostilePlan[] = [
  ...noText,
  ...brokenText,
  ...yamlTricks,
  ...keys,
  ...values,
  ...sizes,
  ...shapes,
  ...kinds,
  ...graphs,
  ...expressions,
  ...schemas,
];
