import process from "node:process";
import type { Reporter, TestModule } from "vitest/node";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends the process with one plain line, `N passed, N failed`, after everything else has been printed.
 * What fails outside a test (a hook, an import, a coverage threshold) counts as failed too.
 */
export class CountReporter implements Reporter {
  #count: Count = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.once("exit", (code) => {
      const { passed, skipped } = this.#count;
      const failed = code === 0 ? this.#count.failed : Math.max(this.#count.failed, 1);
      const tail = skipped === 0 ? "" : `, ${skipped} skipped`;
      process.stdout.write(`${passed} passed, ${failed} failed${tail}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count: Count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) addModule(count, module);
    this.#count = count;
  }
}

function addModule(count: Count, module: TestModule): void {
  count.failed += module.errors().length;
  for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") count.passed += 1;
    else if (state === "skipped") count.skipped += 1;
    else count.failed += 1;
  }
}
