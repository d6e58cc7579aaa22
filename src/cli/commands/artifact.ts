import type { CommandGroup } from "../command.ts";
import { QUIET, READING, STORE_TO_READ, STORE_TO_WRITE } from "../options.ts";

export const artifactCommands: CommandGroup = {
  name: "artifact",
  summary: "Artifacts: what steps have left behind.",
  commands: [
    {
      name: "ls",
      arguments: "<plan>",
      summary: "Lists the artifacts of a plan.",
      example: "planwright artifact ls pln_0199…",
      options: READING,
      load: async () => (await import("../artifact/list.ts")).listArtifacts,
    },
    {
      name: "cat",
      arguments: "<artifact>",
      summary: "Writes an artifact to stdout; to a terminal with all that is unseen spelled out.",
      example: "planwright artifact cat art_0199… > notes.md",
      options: [...STORE_TO_READ, QUIET],
      load: async () => (await import("../artifact/content.ts")).catArtifact,
    },
    {
      name: "path",
      arguments: "<artifact>",
      summary: "Says which file holds an artifact. It is named by its content: do not change it.",
      example: "planwright artifact path art_0199…",
      options: [...STORE_TO_READ, QUIET],
      load: async () => (await import("../artifact/content.ts")).artifactPath,
    },
    {
      name: "prune",
      summary: "Removes stored content that no plan names.",
      details:
        "Content is stored before the commit that names it; a crash in between leaves it behind. Only what was stored before --older-than is looked at.",
      example: "planwright artifact prune --older-than 1d",
      options: [
        ...STORE_TO_WRITE,
        QUIET,
        {
          flags: "--older-than <duration>",
          summary: "how long ago it was stored, at least",
          default: "1d",
          kind: "duration",
        },
      ],
      load: async () => (await import("../artifact/prune.ts")).pruneArtifacts,
    },
  ],
};
