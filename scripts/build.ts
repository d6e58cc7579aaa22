// Builds dist: the compiler's output, and beside it what the sources read that is not TypeScript.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

rmSync(join(root, "dist"), { recursive: true, force: true });
compile();
copyAssets();

function compile(): void {
  const compiler = join(root, "node_modules", ".bin", "tsc");
  const { status } = spawnSync(compiler, ["-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function copyAssets(): void {
  for (const file of globSync("**/*.{sql,json}", { cwd: join(root, "src") })) {
    const target = join(root, "dist", file);
    // A JSON file that a source imports has been written by the compiler.
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, "src", file), target);
  }
}
