import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Limits } from "../../core/limits.ts";
import { withoutSchemaAddress } from "../schema/read-shape.ts";
import { placeOffsets, type Source } from "./place-faults.ts";
import { readRawText, syntaxOf, withoutMark } from "./read-raw-text.ts";
import type { TextFault } from "./text-fault.ts";

/** Finds the file that a plan names; `from` is the file that names it. Null where there is none. */
export type ResolveFile = (
  path: string,
  from: string | undefined,
) => { readonly text: string; readonly file: string } | null;

/** What became of a plan that names files: one value, and every text that it was made of. */
export interface Included {
  readonly value: Json;
  readonly sources: readonly Source[];
  /** About the naming; to be placed in `sources`. */
  readonly faults: readonly Fault[];
  /** Inside files that could not be read as data. */
  readonly placed: readonly TextFault[];
  /** Pointers of the steps whose file is missing from the value. */
  readonly broken: ReadonlySet<string>;
}

const FILES_MAX = 100;
const CHARACTERS_MAX = 16 * 1024 * 1024;

/** Puts the plan of each named file in the place of its name (`do: plan`, `plan: FILE`). */
export function includeFiles(
  top: Source,
  limits: Limits,
  resolveFile: ResolveFile | undefined,
): Included {
  const including = new Including(top, limits, resolveFile);
  const value = including.plan(top.raw.value, [], [top]);
  const { sources, faults, placed, broken } = including;
  return { value, sources, faults, placed, broken };
}

type Path = readonly string[];

class Including {
  readonly sources: Source[];
  readonly faults: Fault[] = [];
  readonly placed: TextFault[] = [];
  readonly broken = new Set<string>();
  readonly #limits: Limits;
  readonly #resolveFile: ResolveFile | undefined;
  #characters = 0;

  constructor(top: Source, limits: Limits, resolveFile: ResolveFile | undefined) {
    this.sources = [top];
    this.#limits = limits;
    this.#resolveFile = resolveFile;
  }

  /** `chain` are the texts that lead here, from the outermost in. */
  plan(given: Json, path: Path, chain: readonly Source[]): Json {
    const value = withoutSchemaAddress(given);
    if (!isJsonObject(value) || !isJsonObject(value["steps"])) return value;
    const steps = Object.entries(value["steps"]).map(([key, step]): [string, Json | undefined] => [
      key,
      isJsonObject(step) ? this.#step(step, [...path, "steps", key], chain) : step,
    ]);
    return { ...value, steps: Object.fromEntries(steps) };
  }

  #step(step: JsonObject, path: Path, chain: readonly Source[]): JsonObject {
    const { plan, ...others } = step;
    const at = [...path, "plan"];
    if (plan === undefined) return step;
    if (typeof plan !== "string") return { ...others, plan: this.plan(plan, at, chain) };
    const included = this.#file(plan, at, chain);
    if (included !== null) return { ...others, plan: included };
    this.broken.add(pointerOf(path));
    return others;
  }

  #file(name: string, path: Path, chain: readonly Source[]): Json | null {
    const from = chain.at(-1)?.file;
    const found = this.#resolveFile?.(name, from) ?? null;
    if (found === null) return this.#fault("file-not-found", path, this.#notFound(name));
    const names = [...chain.map((source) => source.file ?? "this plan"), found.file];
    if (chain.some((source) => source.file === found.file)) {
      const message = `the plan would contain itself: ${names.join(" → ")}`;
      return this.#fault("recursive-plan", path, message);
    }
    if (chain.length > this.#limits.depthMax) {
      const message = `plans are nested more than ${this.#limits.depthMax} deep: ${names.join(" → ")}`;
      return this.#fault("too-deep", path, message);
    }
    this.#characters += found.text.length;
    if (this.sources.length >= FILES_MAX || this.#characters > CHARACTERS_MAX) {
      return this.#fault("too-large", path, `the plan is made of more than ${FILES_MAX} files`);
    }
    return this.#read(withoutMark(found.text), found.file, path, chain);
  }

  #read(text: string, file: string, path: Path, chain: readonly Source[]): Json | null {
    const result = readRawText(text, syntaxOf(file), this.#limits);
    if (!result.ok) {
      this.placed.push(...placeOffsets(result.faults, text, file));
      return null;
    }
    const source = { text, file, path, raw: result.raw };
    this.sources.push(source);
    return this.plan(result.raw.value, path, [...chain, source]);
  }

  #notFound(name: string): string {
    const shown = JSON.stringify(name.slice(0, 80));
    return this.#resolveFile === undefined
      ? `${shown} cannot be read here: write the sub-plan in its place`
      : `there is no file ${shown} that may be read from here`;
  }

  #fault(code: string, path: Path, message: string): null {
    this.faults.push({ code, message, pointer: pointerOf(path) });
    return null;
  }
}
