import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** The declarations of the files that a door names, as the compiler writes them. */
function surfaceOf(door: string, declarations: string): string {
  const index = readFileSync(join(declarations, door), "utf8");
  const named = [...index.matchAll(/from "(\.[^"]+)\.[jt]s"/g)].map(([, path]) =>
    join(dirname(join(declarations, door)), `${path}.d.ts`),
  );
  const parts = [...new Set(named)].map(
    (file) => `// ${relative(declarations, file)}\n${withoutImports(readFileSync(file, "utf8"))}`,
  );
  return `${[`// ${door}`, index.trim(), "", parts.join("\n\n")].join("\n")}\n`;
}

/** Where a name comes from inside is nobody's business outside. */
function withoutImports(text: string): string {
  return text
    .replaceAll(/^import [^;]*;\n/gm, "")
    .replaceAll(/^\/\/# sourceMappingURL.*$/gm, "")
    .trim();
}

test("what the package offers changes only under review", async () => {
  const declarations = mkdtempSync(join(tmpdir(), "planwright-api-"));
  try {
    const options = [
      "-p",
      "tsconfig.build.json",
      "--emitDeclarationOnly",
      "--outDir",
      declarations,
    ];
    const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", ...options], {
      cwd: root,
      encoding: "utf8",
    });
    expect(tsc.stdout + tsc.stderr).toBe("");
    await expect(surfaceOf("index.d.ts", declarations)).toMatchFileSnapshot(
      join(root, "docs/reference/api.d.ts"),
    );
  } finally {
    rmSync(declarations, { recursive: true, force: true });
  }
});
