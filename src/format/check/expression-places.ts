import type { CommandCheckDocument, StepDocument } from "../../core/plan/document.ts";
import type { Json } from "../../core/json.ts";
import { templateExpressions } from "../template.ts";
import type { Path } from "./fault-at.ts";

/** What an expression must come to at its place. */
export type Expectation = "condition" | "list" | "value";

/** One expression of a step, and what holds where it stands. */
export interface ExpressionPlace {
  readonly path: Path;
  /** A pointer below the path, for an expression inside a larger value. */
  readonly below: string;
  readonly source: string;
  readonly names: ReadonlySet<string>;
  readonly expects: Expectation;
  /** Whether it stands bare, without `${{ }}` around it. */
  readonly bare: boolean;
}

/** A `${{` of a step that is never closed. */
export interface UnclosedPlace {
  readonly path: Path;
  readonly below: string;
  readonly message: string;
}

/** What every expression of a plan can see. */
export const PLAN_NAMES: ReadonlySet<string> = new Set(["inputs", "plan", "steps"]);
const ITEM_NAMES: ReadonlySet<string> = new Set([...PLAN_NAMES, "item", "index"]);

/** Every expression of a step, with its place, and every template that does not end. */
export function expressionPlaces(
  step: StepDocument,
  path: Path,
): { readonly places: readonly ExpressionPlace[]; readonly unclosed: readonly UnclosedPlace[] } {
  const gathering = new Gathering(step, path);
  gathering.gather();
  return gathering;
}

class Gathering {
  readonly places: ExpressionPlace[] = [];
  readonly unclosed: UnclosedPlace[] = [];
  readonly #step: StepDocument;
  readonly #path: Path;
  readonly #names: ReadonlySet<string>;

  constructor(step: StepDocument, path: Path) {
    this.#step = step;
    this.#path = path;
    this.#names = step.forEach === undefined ? PLAN_NAMES : ITEM_NAMES;
  }

  gather(): void {
    const { when, forEach, at, approve, request, wait } = this.#step;
    this.#bare(["when"], when, PLAN_NAMES, "condition");
    if (typeof forEach === "object") {
      this.#bare(["forEach", "items"], forEach.items, PLAN_NAMES, "list");
    } else {
      this.#bare(["forEach"], forEach, PLAN_NAMES, "list");
    }
    this.#template(["with"], this.#withoutRun());
    this.#template(["at"], at);
    if (typeof approve === "object") this.#template(["approve", "message"], approve.message);
    this.#template(["request", "title"], request?.title);
    this.#template(["request", "message"], request?.message);
    this.#template(["wait", "for"], wait?.for);
    this.#template(["wait", "until"], wait?.until);
    this.#template(["wait", "signal"], wait?.signal);
    this.#checks();
  }

  #checks(): void {
    const names = new Set([...this.#names, "output"]);
    for (const [index, check] of (this.#step.verify?.checks ?? []).entries()) {
      const at = ["verify", "checks", index];
      if ("expression" in check) {
        this.#bare([...at, "expression"], check.expression, names, "condition");
      } else if ("command" in check) {
        this.#command([...at, "command"], check.command, names);
      }
    }
  }

  #command(at: Path, command: CommandCheckDocument, names: ReadonlySet<string>): void {
    this.#template([...at, "argv"], command.argv, names);
    this.#template([...at, "cwd"], command.cwd, names);
    this.#template([...at, "env"], command.env, names);
  }

  /** The text of `run` is never filled in: an expression there is a fault of its own. */
  #withoutRun(): Json | undefined {
    const { do: kind, with: given } = this.#step;
    if (kind !== "command" || given === undefined) return given;
    return Object.fromEntries(Object.entries(given).filter(([field]) => field !== "run"));
  }

  #bare(
    at: Path,
    source: string | undefined,
    names: ReadonlySet<string>,
    expects: Expectation,
  ): void {
    if (source === undefined) return;
    this.places.push({
      path: [...this.#path, ...at],
      below: "",
      source,
      names,
      expects,
      bare: true,
    });
  }

  #template(at: Path, template: Json | undefined, names = this.#names): void {
    if (template === undefined) return;
    const { expressions, faults } = templateExpressions(template);
    const path = [...this.#path, ...at];
    for (const { pointer, source } of expressions) {
      this.places.push({ path, below: pointer, source, names, expects: "value", bare: false });
    }
    for (const { pointer, message } of faults) {
      this.unclosed.push({ path, below: pointer, message });
    }
  }
}
