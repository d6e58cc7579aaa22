import type { ASTNode } from "@marcbachmann/cel-js";
import { FORBIDDEN_KEYS } from "../../core/forbidden-key.ts";
import { didYouMean } from "../suggest.ts";
import { NAMES } from "./environment.ts";
import { FUNCTIONS, MACROS, METHODS, REFUSED } from "./functions.ts";

/** Why an expression is not allowed, and where in its source. */
export interface ExpressionFault {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

/** What an expression looks at, as far as its text says so. */
export interface TreeReading {
  /** Keys of steps, each once. */
  readonly references: ReadonlySet<string>;
  /** Names of inputs, each once. */
  readonly inputs: ReadonlySet<string>;
  /** Which of the known names it uses. */
  readonly names: ReadonlySet<string>;
  readonly nodeCount: number;
  /** Nodes whose cost depends on the size of a value. */
  readonly costly: readonly ASTNode[];
  readonly faults: readonly ExpressionFault[];
}

const STEP_FIELDS = ["output", "status", "error"];
/** The library names a type for each nesting and keeps the names for ever: they must be few. */
const LEVELS_MAX = 8;

/** Walks an expression's tree once: what is not on the list of what is allowed is a fault. */
export function judgeTree(root: ASTNode): TreeReading {
  const judge = new TreeJudge();
  judge.judge(root);
  return judge;
}

class TreeJudge implements TreeReading {
  readonly references = new Set<string>();
  readonly inputs = new Set<string>();
  readonly names = new Set<string>();
  readonly costly: ASTNode[] = [];
  readonly faults: ExpressionFault[] = [];
  nodeCount = 0;
  /** The variable of the macro that is being walked; macros are not nested. */
  #variable: string | null = null;
  #level = 0;

  judge(node: ASTNode): void {
    this.nodeCount += 1;
    switch (node.op) {
      case "value":
        return this.#literal(node);
      case "id":
        return this.#name(node);
      case ".":
      case ".?":
        return this.#access(node, node.args[0], node.args[1]);
      case "[]":
      case "[?]":
        return this.#index(node, node.args[0], node.args[1]);
      case "call":
        return this.#call(node, node.args[0], node.args[1]);
      case "rcall":
        return this.#method(node, node.args[0], node.args[1], node.args[2]);
      case "list":
        return this.#within(node, () => node.args.forEach((part) => this.judge(part)));
      case "map":
        return this.#within(node, () =>
          node.args.forEach(([key, value]) => this.#entry(key, value)),
        );
      case "?:":
        return node.args.forEach((part) => this.judge(part));
      case "!_":
      case "-_":
        return this.judge(node.args);
      case "+":
      case "==":
      case "!=":
      case "in":
        this.costly.push(node);
        return node.args.forEach((part) => this.judge(part));
      case "||":
      case "&&":
      case "-":
      case "*":
      case "/":
      case "%":
      case "<":
      case "<=":
      case ">":
      case ">=":
        return node.args.forEach((part) => this.judge(part));
      default:
        this.#fault("not-allowed", "this is not part of the language", node);
    }
  }

  #literal(node: ASTNode): void {
    if (typeof node.args !== "object" || node.args === null) return;
    this.#fault("not-allowed", "bytes and unsigned numbers have no JSON form", node);
  }

  #name(node: ASTNode & { readonly op: "id" }): void {
    const name = node.args;
    if (name === this.#variable) return;
    if (Object.hasOwn(NAMES, name)) {
      this.names.add(name);
      if (name === "steps") this.#fault("dynamic-reference", WHOLE_STEPS, node);
      return;
    }
    const known = Object.keys(NAMES);
    const hint = didYouMean(name, known) || `; known are ${known.join(", ")}`;
    this.#fault("unknown-name", `there is no ${name}${hint}`, node);
  }

  /** `base.field` */
  #access(node: ASTNode, base: ASTNode, field: string): void {
    this.#member(node, base, field);
  }

  /** `base[index]` */
  #index(node: ASTNode, base: ASTNode, index: ASTNode): void {
    if (index.op === "value" && typeof index.args === "string") {
      this.nodeCount += 1;
      this.#member(node, base, index.args);
      return;
    }
    if (base.op === "id" && base.args === "steps" && this.#variable !== "steps") {
      this.names.add("steps");
      this.#fault("dynamic-reference", WHOLE_STEPS, node);
    } else {
      this.judge(base);
    }
    this.judge(index);
  }

  #member(node: ASTNode, base: ASTNode, field: string): void {
    if (FORBIDDEN_KEYS.has(field)) {
      this.#fault("not-allowed", `"${field}" is no field of any value`, node);
    }
    if (isName(base, "steps") && this.#variable !== "steps") {
      this.nodeCount += 1;
      this.names.add("steps");
      this.references.add(field);
      return;
    }
    if (isName(base, "inputs") && this.#variable !== "inputs") this.inputs.add(field);
    if (this.#isStep(base) && !STEP_FIELDS.includes(field)) {
      const hint = didYouMean(field, STEP_FIELDS);
      this.#fault(
        "unknown-step-field",
        `a step has output, status and error, no ${field}${hint}`,
        node,
      );
    }
    this.judge(base);
  }

  #isStep(node: ASTNode): boolean {
    if (this.#variable === "steps") return false;
    switch (node.op) {
      case ".":
      case ".?":
        return isName(node.args[0], "steps");
      case "[]":
      case "[?]":
        return isName(node.args[0], "steps") && node.args[1].op === "value";
      default:
        return false;
    }
  }

  #entry(key: ASTNode, value: ASTNode): void {
    this.nodeCount += 1;
    if (key.op !== "value" || typeof key.args !== "string") {
      this.#fault("not-allowed", "the key of a map must be text in quotes", key);
    } else if (FORBIDDEN_KEYS.has(key.args)) {
      this.#fault("forbidden-key", `"${key.args}" may not be a key: choose another name`, key);
    }
    this.judge(value);
  }

  #call(node: ASTNode, name: string, args: readonly ASTNode[]): void {
    if (!Object.hasOwn(FUNCTIONS, name)) this.#refuse(node, name, Object.keys(FUNCTIONS));
    else if (name !== "has") this.costly.push(node);
    args.forEach((argument) => this.judge(argument));
  }

  #method(node: ASTNode, name: string, receiver: ASTNode, args: readonly ASTNode[]): void {
    if (Object.hasOwn(MACROS, name)) {
      this.#within(node, () => this.judge(receiver));
      this.#macro(node, name, args);
      return;
    }
    if (!Object.hasOwn(METHODS, name)) {
      this.#refuse(node, name, [...Object.keys(METHODS), ...Object.keys(MACROS)]);
    } else if (name !== "or" && name !== "orValue") {
      this.costly.push(node);
    }
    this.judge(receiver);
    args.forEach((argument) => this.judge(argument));
  }

  #macro(node: ASTNode, name: string, args: readonly ASTNode[]): void {
    const [variable, ...body] = args;
    if (this.#variable !== null) {
      const message = `${name} stands inside another all, exists, exists_one, map or filter: make two steps of it`;
      this.#fault("nested-macro", message, node);
      return;
    }
    if (variable === undefined || variable.op !== "id") {
      this.#fault("expression-syntax", `${name} begins with a name: list.${name}(x, …)`, node);
      return;
    }
    if (Object.hasOwn(NAMES, variable.args)) {
      this.#fault("not-allowed", `${variable.args} means something else: name it x`, variable);
    }
    this.#variable = variable.args;
    body.forEach((part) => this.judge(part));
    this.#variable = null;
  }

  #within(node: ASTNode, judge: () => void): void {
    this.#level += 1;
    if (this.#level === LEVELS_MAX + 1) {
      const message = `lists, maps and macros stand more than ${LEVELS_MAX} deep in each other: make two steps of it`;
      this.#fault("expression-too-large", message, node);
    }
    judge();
    this.#level -= 1;
  }

  #refuse(node: ASTNode, name: string, known: readonly string[]): void {
    const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    const hint = didYouMean(name, known) || `; there are ${known.join(", ")}`;
    const message =
      why === undefined
        ? `there is no function ${name}${hint}`
        : `the function ${name} is not available: ${why}`;
    this.#fault("function-not-allowed", message, node);
  }

  #fault(code: string, message: string, node: ASTNode): void {
    this.faults.push({ code, message, offset: node.start });
  }
}

const WHOLE_STEPS = "name the step, as in steps.build.output or steps['my-step'].output";

function isName(node: ASTNode, name: string): boolean {
  return node.op === "id" && node.args === name;
}
