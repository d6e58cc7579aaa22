import type { CommandGroup } from "../command.ts";
import { ACTING, READING, WATCH } from "../options.ts";

export const stepCommands: CommandGroup = {
  name: "step",
  summary: "Steps of a plan: look at one, and help it along.",
  commands: [
    {
      name: "show",
      arguments: "<plan> <step>",
      summary: "Shows a step: state, attempts, output, error, artifacts.",
      example: "planwright step show pln_0199… build",
      options: READING,
      load: async () => (await import("../step/show.ts")).showStep,
    },
    {
      name: "logs",
      arguments: "<plan> <step>",
      summary: "Shows what the attempts of a step have written.",
      example: "planwright step logs pln_0199… build --attempt 2",
      options: [
        { flags: "--attempt <n>", summary: "of this attempt only", kind: "whole-number" },
        { flags: "--follow", summary: "go on with what is to come until the step ends" },
        ...READING,
      ],
      load: async () => (await import("../step/logs.ts")).showLogs,
    },
    {
      name: "explain",
      arguments: "<plan> <step>",
      summary: "Says why a step does not move, and what would move it.",
      example: "planwright step explain pln_0199… build",
      options: READING,
      load: async () => (await import("../plan/explain.ts")).explain,
    },
    {
      name: "retry",
      arguments: "<plan> <step>",
      summary: "Lets a step start now that waits for its backoff, or was set aside.",
      example: "planwright step retry pln_0199… build --watch",
      options: [WATCH, ...ACTING],
      load: async () => (await import("../step/operate.ts")).retryStep,
    },
    {
      name: "skip",
      arguments: "<plan> <step>",
      summary: "Goes on without a step.",
      example: "planwright step skip pln_0199… build --reason 'built by hand'",
      options: [{ flags: "--reason <text>", summary: "why, to be kept" }, WATCH, ...ACTING],
      load: async () => (await import("../step/operate.ts")).skipStep,
    },
    {
      name: "complete",
      arguments: "<plan> <step>",
      summary: "Records a step as done by hand, with its output.",
      example: `planwright step complete pln_0199… build --output '{"image":"2.4"}' --note 'by hand'`,
      options: [
        { flags: "--output <json>", summary: "its output; null if not said", kind: "json" },
        { flags: "--note <text>", summary: "what was done, to be kept" },
        WATCH,
        ...ACTING,
      ],
      load: async () => (await import("../step/operate.ts")).completeStep,
    },
  ],
};
