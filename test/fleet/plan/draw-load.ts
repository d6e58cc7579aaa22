import type { Effect, PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { witnessStep } from "../../torture/plan/draw-plan.ts";
import type { Witness } from "../../torture/witness/witness.ts";
import { WORK_TOOL, type Work } from "./work-tool.ts";

/** A pool of its own, for what there is little of: how much of it was in use at once is told. */
export const SCARCE = "scarce";
/** The signal that plans wait for. */
export const SIGNAL = "go";

/** A plan that a client wants carried out. */
export interface LoadPlan {
  readonly shape: Shape;
  readonly document: PlanDocument;
}

const SHAPES = {
  chain: 3,
  fan: 3,
  diamonds: 4,
  family: 3,
  people: 2,
  pauses: 2,
  stumbles: 2,
  effects: 2,
  list: 2,
} as const;
export type Shape = keyof typeof SHAPES;

type Steps = Readonly<Record<string, StepDocument>>;

/** One of many plans, of any shape; all that varies follows from the chance. */
export function drawLoad(chance: Chance, witness: Witness): LoadPlan {
  const shape = chance.pickWeighted(SHAPES, "shape");
  const steps = DRAW[shape](new StepDrawer(chance, witness));
  const document: PlanDocument = {
    plan: `${shape} ${chance.between(1, 999, "name")}`,
    policy: {
      approval: chance.happens(0.6, "approval") ? "required" : "none",
      concurrency: chance.between(2, 6, "concurrency"),
      retry: RETRY,
    },
    steps,
  };
  return { shape, document };
}

/** A plan that waits for a person who does not come. */
export function unansweredPlan(): PlanDocument {
  const request = { kind: "input", title: "Nobody answers this" } as const;
  return {
    plan: "unanswered",
    policy: { approval: "none" },
    steps: { ask: { do: "human", request } },
  };
}

/** Sub-plans so many deep, each between two steps of its parent, and a fan in the innermost. */
function familyPlan(drawer: StepDrawer, depth: number, leaves: number): PlanDocument {
  const steps = depth === 0 ? fan(drawer, leaves) : household(drawer, depth, leaves);
  return {
    plan: `family ${depth}`,
    policy: { approval: "none", concurrency: 4, retry: RETRY },
    steps,
  };
}

/** A family three deep whose innermost plan has so many leaves; the same for the same chance. */
export function householdPlan(witness: Witness, chance: Chance, leaves: number): PlanDocument {
  const steps = household(new StepDrawer(chance, witness), 3, leaves);
  return { plan: "household", policy: { approval: "none", retry: RETRY }, steps };
}

const RETRY = { attempts: 4, first: "50ms", max: "400ms" } as const;

const DRAW: Readonly<Record<Shape, (drawer: StepDrawer) => Steps>> = {
  chain: (drawer) => chain(drawer, drawer.chance.between(3, 8, "length")),
  fan: (drawer) => fan(drawer, drawer.chance.between(4, 10, "width")),
  diamonds: (drawer) => diamonds(drawer, drawer.chance.between(1, 3, "diamonds")),
  family: (drawer) => household(drawer, 3, drawer.chance.between(2, 4, "leaves")),
  people,
  pauses,
  stumbles,
  effects,
  list,
};

/** Draws single steps, each by its key. */
class StepDrawer {
  readonly chance: Chance;
  readonly witness: Witness;

  constructor(chance: Chance, witness: Witness) {
    this.chance = chance;
    this.witness = witness;
  }

  /** Most steps are calls of the tool; some are commands, which outlive a killed worker. */
  step(key: string, needs: readonly string[], effect: Effect = "repeatable"): StepDocument {
    const drawn = this.chance.of("step", key);
    const ms = drawn.between(2, 90, "ms");
    if (!drawn.happens(0.18, "command")) {
      return this.work(key, needs, { ms, deaf: drawn.happens(0.3, "deaf") }, effect);
    }
    const kind = drawn.pickWeighted({ plain: 5, brood: 1, deaf: 1 }, "kind");
    const command = witnessStep({ witness: this.witness, effect, ms, kind, needs });
    return { ...command, ...this.#lane(key) };
  }

  work(
    key: string,
    needs: readonly string[],
    work: Work,
    effect: Effect = "repeatable",
  ): StepDocument {
    return { do: "tool", owner: WORK_TOOL, needs, effect, with: { ...work }, ...this.#lane(key) };
  }

  #lane(key: string): Pick<StepDocument, "pool" | "priority"> {
    const drawn = this.chance.of("lane", key);
    return {
      ...(drawn.happens(0.15, "pool") ? { pool: SCARCE } : {}),
      ...(drawn.happens(0.1, "priority") ? { priority: drawn.between(1, 5, "how high") } : {}),
    };
  }
}

function chain(drawer: StepDrawer, length: number): Steps {
  const keys = Array.from({ length }, (_, index) => `link-${index}`);
  return Object.fromEntries(
    keys.map((key, index) => [key, drawer.step(key, keys.slice(Math.max(0, index - 1), index))]),
  );
}

function fan(drawer: StepDrawer, width: number): Steps {
  const blades = Array.from({ length: width }, (_, index) => `blade-${index}`);
  return {
    hub: drawer.step("hub", []),
    ...Object.fromEntries(blades.map((key) => [key, drawer.step(key, ["hub"])])),
    rim: drawer.step("rim", blades),
  };
}

/** Sides that take equally long, so that they end at the same moment, wherever they are carried out. */
function diamonds(drawer: StepDrawer, count: number): Steps {
  const all = Array.from({ length: count }, (_, index) => {
    const name = `d${index}`;
    const ms = drawer.chance.between(5, 40, name, "ms");
    const width = drawer.chance.between(2, 6, name, "width");
    const sides = Array.from({ length: width }, (_, side) => `${name}-side-${side}`);
    const above = index > 0 ? [`d${index - 1}-bottom`] : [];
    return {
      [`${name}-top`]: drawer.step(`${name}-top`, above),
      ...Object.fromEntries(sides.map((key) => [key, drawer.work(key, [`${name}-top`], { ms })])),
      [`${name}-bottom`]: drawer.step(`${name}-bottom`, sides),
    };
  });
  return Object.assign({}, ...all);
}

function household(drawer: StepDrawer, depth: number, leaves: number): Steps {
  const { chance } = drawer;
  const below = (name: string): Steps => ({
    [name]: {
      do: "plan",
      needs: [`before-${depth}`],
      plan: familyPlan(
        new StepDrawer(chance.of("below", depth, name), drawer.witness),
        depth - 1,
        leaves,
      ),
    },
  });
  const twins = depth === 3 && chance.happens(0.3, "twins");
  const children = twins ? ["child", "twin"] : ["child"];
  return {
    [`before-${depth}`]: drawer.step(`before-${depth}`, []),
    ...Object.assign({}, ...children.map(below)),
    [`after-${depth}`]: drawer.step(`after-${depth}`, children),
  };
}

function people(drawer: StepDrawer): Steps {
  return {
    draft: drawer.step("draft", []),
    choose: {
      do: "human",
      needs: ["draft"],
      request: {
        kind: "choice",
        title: "Which one?",
        options: [{ value: "left" }, { value: "right" }],
      },
    },
    agree: { do: "human", needs: ["draft"], request: { kind: "approval", title: "Go on?" } },
    gated: { ...drawer.step("gated", ["choose"]), approve: true },
    last: drawer.step("last", ["agree", "gated"]),
  };
}

function pauses(drawer: StepDrawer): Steps {
  const { chance } = drawer;
  return {
    first: drawer.step("first", []),
    rest: { do: "wait", needs: ["first"], wait: { for: `${chance.between(20, 900, "rest")}ms` } },
    called: { do: "wait", needs: ["first"], wait: { signal: SIGNAL } },
    patient: {
      do: "wait",
      needs: ["first"],
      wait: { signal: "never", timeout: `${chance.between(50, 800, "patience")}ms` },
      onFailure: "continue",
    },
    last: drawer.step("last", ["rest", "called"]),
  };
}

/** What fails and is tried again, what fails for good, and what stands in for it. */
function stumbles(drawer: StepDrawer): Steps {
  const { chance } = drawer;
  const hopeless = { ms: 5, fails: 99 };
  return {
    first: drawer.work("first", [], { ms: 10, fails: chance.between(1, 3, "first") }),
    second: drawer.work("second", ["first"], { ms: 10, fails: chance.between(0, 2, "second") }),
    optional: { ...drawer.work("optional", ["first"], hopeless), onFailure: "continue" },
    doomed: { ...drawer.work("doomed", ["first"], hopeless), onFailure: { fallback: "rescue" } },
    rescue: drawer.step("rescue", []),
    last: drawer.step("last", ["second", "rescue"]),
  };
}

/** What must not happen twice without a person's word. */
function effects(drawer: StepDrawer): Steps {
  return {
    pay: drawer.step("pay", [], "once"),
    send: drawer.step("send", ["pay"], "once"),
    ship: drawer.step("ship", ["pay"], "once"),
    tell: drawer.step("tell", ["send", "ship"], "once"),
  };
}

function list(drawer: StepDrawer): Steps {
  const { chance } = drawer;
  const items = ["one", "two", "three", "four", "five", "six"].slice(
    0,
    chance.between(2, 6, "items"),
  );
  return {
    list: drawer.work("list", [], { ms: 10, items }),
    each: {
      ...drawer.work("each", ["list"], { ms: chance.between(5, 60, "each") }),
      forEach: { items: "steps.list.output.items", concurrency: chance.between(1, 4, "at once") },
    },
    last: drawer.step("last", ["each"]),
  };
}
