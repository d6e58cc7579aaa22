import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { CountReporter } from "./test/count-reporter.ts";

/** Our own package name means the sources, as under `node --conditions=source`. */
const conditions = ["source", ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/postgres/global-setup.ts"],
    // A process per file: tests open databases, change folders and send signals. All cores, also where there are two.
    pool: "forks",
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ["default", new CountReporter()],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/*.bench.ts", "**/*.test-helper.ts"],
      reporter: ["text-summary", "html", "json-summary"],
      thresholds: { "src/core/**": { branches: 100 } },
    },
  },
});
