import { describe, expect, test } from "vitest";
import type { CommandText } from "./command.ts";
import { artifactCommands } from "./commands/artifact.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { planCommands } from "./commands/plan.ts";
import { requestCommands } from "./commands/request.ts";
import { runCommand } from "./commands/run.ts";
import { signalCommand } from "./commands/signal.ts";
import { stepCommands } from "./commands/step.ts";
import { workerCommand } from "./commands/worker.ts";

const ALL: readonly (readonly [string, CommandText])[] = [
  ...[runCommand, signalCommand, workerCommand, doctorCommand].map(
    (one) => [one.name, one] as const,
  ),
  ...[planCommands, stepCommands, requestCommands, artifactCommands].flatMap((group) =>
    group.commands.map((one) => [`${group.name} ${one.name}`, one] as const),
  ),
];

describe.each(ALL)("planwright %s", (name, command) => {
  test("is explained, with an example that uses what it takes", () => {
    expect(command.summary).toMatch(/^[A-Z].*\.$/);
    expect(command.example.startsWith(`planwright ${name}`)).toBe(true);
    const flags = (command.options ?? []).flatMap(
      (option) => option.flags.match(/--[a-z-]+/) ?? [],
    );
    expect(new Set(flags).size).toBe(flags.length);
    for (const [flag] of command.example.matchAll(/--[a-z-]+/g)) expect(flags).toContain(flag);
    const given = command.example.slice(`planwright ${name}`.length).split(" --")[0]?.trim();
    const required = command.arguments?.match(/<[a-z-]+>/g)?.length ?? 0;
    expect(given === "" ? 0 : (given?.split(" ").length ?? 0)).toBeGreaterThanOrEqual(required);
  });

  test("has code behind it", async () => {
    expect(typeof (await command.load())).toBe("function");
  });
});
