import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { PlanDocument } from "../../../src/core/plan/document.ts";
import { Witness } from "../witness/witness.ts";
import { Spawned } from "./spawned.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const MAIN = join(ROOT, "src", "cli", "main.ts");
/** Compiled once for all: a plan whose workers are killed 40 times starts 40 times. */
const COMPILED = join(ROOT, "node_modules", ".cache", "planwright");

/** A folder of its own with a store, a witness beside it, and the command line to work on them. */
export class Place {
  readonly folder: string;
  readonly store: string;
  readonly witness: Witness;
  #lives = 0;

  /** `storeFolder` is where the store is to be, if not in the folder. */
  constructor(storeFolder?: string) {
    this.folder = mkdtempSync(join(tmpdir(), "planwright-torture-"));
    this.store = join(storeFolder ?? join(this.folder, "store"), "planwright.db");
    this.witness = new Witness(join(this.folder, "witness"));
  }

  writePlan(document: PlanDocument): string {
    const file = join(this.folder, "plan.json");
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
    return file;
  }

  /**
   * Starts `planwright` with these words, as a life of its own: by that its steps are told from
   * those of the process before it.
   */
  start(words: readonly string[]): Spawned {
    this.#lives += 1;
    const { PATH = "", HOME = "" } = process.env;
    const argv = [process.execPath, "--conditions=source", MAIN, ...words, "--store", this.store];
    return new Spawned(argv, {
      cwd: this.folder,
      // Commands get little of their worker's environment; what begins with LC_ passes.
      env: {
        PATH,
        HOME,
        NO_COLOR: "1",
        // What a kill leaves behind goes with the place.
        TMPDIR: this.folder,
        NODE_COMPILE_CACHE: COMPILED,
        LC_WITNESS_LIFE: `life-${this.#lives}`,
      },
    });
  }

  /** Throws it all away; where something was wrong it is kept, to be looked at. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
