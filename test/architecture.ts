import { builtinModules } from "node:module";
import { dirname, join } from "node:path/posix";

/** A folder of `src/`: how high it lies, and what it may use besides the floors below it. */
interface Floor {
  readonly height: number;
  /** Neighbours on the same height. */
  readonly beside?: readonly string[];
  /** The only packages it may import; without a list any package and any `node:` module. */
  readonly packages?: readonly string[];
}

const DOOR = "(door)";
const TESTING = "testing";

/** The listing is the architecture: who lies above whom. `(door)` are the files at the top of `src/`. */
const FLOORS: Readonly<Record<string, Floor>> = {
  core: { height: 0, packages: [] },
  format: {
    height: 0,
    beside: ["core"],
    packages: ["yaml", "zod", "@marcbachmann/cel-js", "@cfworker/json-schema", "re2js"],
  },
  store: { height: 1 },
  engine: { height: 2 },
  executor: { height: 3 },
  agent: { height: 3 },
  api: { height: 3 },
  server: { height: 4 },
  mcp: { height: 4 },
  cli: { height: 5, beside: [DOOR] },
  [DOOR]: { height: 5, beside: ["cli"] },
};

/** Packages that one place adapts for everybody else. */
const HOMES: readonly { readonly name: RegExp; readonly folders: readonly string[] }[] = [
  { name: /^node:sqlite$/, folders: ["src/store/sqlite/"] },
  { name: /^(pg|pg-.+|postgres)$/, folders: ["src/store/postgres/"] },
  { name: /^(ai|@ai-sdk\/.+)$/, folders: ["src/agent/"] },
  { name: /^(hono|@hono\/.+)$/, folders: ["src/server/", "src/mcp/"] },
  { name: /^commander$/, folders: ["src/cli/"] },
];

interface Ban {
  readonly pattern: RegExp;
  readonly why: string;
}

const BANS: readonly Ban[] = [
  { pattern: /\bnew\s+Function\b/, why: "text becomes code (new Function)" },
  { pattern: /(?<![\w.#])Function\s*\(/, why: "text becomes code (Function)" },
  { pattern: /(?<![\w#])eval\s*\(/, why: "text becomes code (eval)" },
  { pattern: /["'](?:node:)?vm["']/, why: "text becomes code (vm)" },
  { pattern: /\bimport\s*\(\s*(?!["'])/, why: "dynamic import of a name that is not written here" },
  { pattern: /\bcreateRequire\b|(?<![\w.#])require\s*\(/, why: "require goes round the floors" },
  {
    pattern: /\.(?:prepare|exec|query)\s*\(\s*`[^`]*\$\{/,
    why: "SQL with interpolation: values are parameters",
  },
  {
    pattern: /\.(?:prepare|exec|query)\s*\(\s*(?:"[^"\n]*"|'[^'\n]*'|`[^`]*`)\s*\+/,
    why: "SQL by concatenation: values are parameters",
  },
  {
    pattern:
      /\b(?:readFile|writeFile|appendFile|copyFile|truncate|unlink|rename|rm|cp|createReadStream|createWriteStream|openSync)(?:Sync)?\([^;\n]*\.(?:db|sqlite)(?:-wal|-shm|-journal)?["'`]/,
    why: "a second handle on the database file drops SQLite's locks when it closes",
  },
  {
    pattern: /(?:\.\.\.|Object\.assign\([^()]*)JSON\.parse\(/,
    why: "spreading parsed input lets `__proto__` through",
  },
];

const SQL =
  /^\s*(?:select\s|insert\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s|create\s+(?:table|index|unique)\s|alter\s+table\s|drop\s+table\s|pragma\s)/i;

export interface Fault {
  readonly line: number;
  readonly what: string;
}

/** Everything in one source file that the house does not allow; `path` is relative to the root, with `/`. */
export function findFaults(path: string, text: string): readonly Fault[] {
  const code = blankComments(text);
  const faults: Fault[] = [];
  const add = (index: number, what: string): void => {
    faults.push({ line: code.slice(0, index).split("\n").length, what });
  };
  for (const { index, name } of findImports(code)) {
    const what = findImportFault(path, name);
    if (what !== null) add(index, what);
  }
  if (isTest(path)) return faults;
  for (const { pattern, why } of BANS) {
    for (const match of code.matchAll(new RegExp(pattern, `${pattern.flags}g`)))
      add(match.index, why);
  }
  if (path.startsWith("src/store/")) {
    for (const match of code.matchAll(/`([^`]*)`/g)) {
      const body = match[1] ?? "";
      if (SQL.test(body) && body.includes("${")) {
        add(match.index, "SQL with interpolation: values are parameters");
      }
    }
  }
  return faults;
}

function findImportFault(path: string, name: string): string | null {
  const own = floorOf(path);
  if (own !== TESTING && FLOORS[own] === undefined)
    return `src/${own} is no floor: add it to the table`;
  return name.startsWith(".")
    ? findUpwardFault(path, own, join(dirname(path), name))
    : findPackageFault(path, own, name);
}

function findUpwardFault(path: string, own: string, target: string): string | null {
  // Tests bring their own server.
  if (isTest(path) && /^test\/(?:postgres|torture\/process)\//.test(target)) return null;
  if (!target.startsWith("src/")) return `${target} lies outside src`;
  const other = floorOf(target);
  if (own === other || own === TESTING) return null;
  if (other === TESTING) return isTest(path) ? null : `only tests import ${target}`;
  const from = FLOORS[own];
  const to = FLOORS[other];
  if (from === undefined || to === undefined)
    return `src/${other} is no floor: add it to the table`;
  const allowed = to.height < from.height || from.beside?.includes(other) === true;
  return allowed ? null : `${own} may not import ${target}: imports only go down`;
}

function findPackageFault(path: string, own: string, name: string): string | null {
  if (isTest(path) || own === TESTING) return null;
  if (!name.startsWith("node:") && builtinModules.includes(name)) return `write node:${name}`;
  const packageName = name.startsWith("node:")
    ? name
    : name.split("/", name.startsWith("@") ? 2 : 1).join("/");
  const packages = FLOORS[own]?.packages;
  if (packages !== undefined && !packages.includes(packageName))
    return `${own} may not import ${name}`;
  if (packageName === "planwright") return "inside src the package has no name: import the file";
  const home = HOMES.find((one) => one.name.test(packageName));
  if (home !== undefined && !home.folders.some((folder) => path.startsWith(folder))) {
    return `${name} is imported in ${home.folders.join(", ")} only`;
  }
  return null;
}

function* findImports(code: string): Generator<{ index: number; name: string }> {
  const forms = [
    /^[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"'\n]+)["']/gm,
    /^[ \t]*import\s*["']([^"'\n]+)["']/gm,
    /\bimport\s*\(\s*["']([^"'\n]+)["']/g,
  ];
  for (const form of forms) {
    for (const match of code.matchAll(form)) yield { index: match.index, name: match[1] ?? "" };
  }
}

function floorOf(path: string): string {
  const [, first = "", ...rest] = path.split("/");
  return rest.length === 0 ? DOOR : first;
}

function isTest(path: string): boolean {
  return /\.(?:test|test-d|test-helper|bench)\.ts$/.test(path);
}

/** Comments become spaces, so that places stay; a comment may name what code may not do. */
function blankComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (whole, literal: string | undefined) => literal ?? whole.replace(/[^\n]/g, " "),
  );
}
