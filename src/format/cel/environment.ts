import { Environment } from "@marcbachmann/cel-js";

/** The names an expression may use, and what each stands for. */
export const NAMES: Readonly<Record<string, string>> = {
  inputs: "the values the plan was started with",
  plan: "the plan itself",
  steps: "the steps, as steps.KEY.output, .status and .error",
  item: "the item of a forEach child",
  index: "the position of that item",
  output: "the value that is checked",
};

/** Source longer than this is refused unread, in UTF-16 code units. */
export const SOURCE_LENGTH_MAX = 4096;

const LIMITS = {
  maxAstNodes: 256,
  maxDepth: 32,
  maxListElements: 64,
  maxMapEntries: 64,
  maxCallArguments: 8,
} as const;

type Operation = (left: number | bigint, right: number | bigint) => number | boolean;

/** Numbers of JSON are doubles to CEL, and literals are ints: mixed they count as doubles. */
const MIXED: Readonly<Record<string, Operation>> = {
  "+": (left, right) => Number(left) + Number(right),
  "-": (left, right) => Number(left) - Number(right),
  "*": (left, right) => Number(left) * Number(right),
  "/": (left, right) => Number(left) / Number(right),
  "%": (left, right) => Number(left) % Number(right),
};

let environment: Environment | null = null;

/** The one environment of all expressions, made when it is first needed. */
export function celEnvironment(): Environment {
  environment ??= createEnvironment();
  return environment;
}

function createEnvironment(): Environment {
  const made = new Environment({
    limits: LIMITS,
    enableOptionalTypes: true,
    // { "name": inputs.name, "count": 3 } is what JSON looks like.
    homogeneousAggregateLiterals: false,
  });
  for (const name of Object.keys(NAMES)) made.registerVariable(name, "dyn");
  for (const [operator, operation] of Object.entries(MIXED)) {
    made.registerOperator(`int ${operator} double: double`, operation);
    made.registerOperator(`double ${operator} int: double`, operation);
  }
  made.registerOperator("double % double: double", (left, right) => Number(left) % Number(right));
  made.registerOperator("int == double", (left, right) => Number(left) === Number(right));
  return made;
}
