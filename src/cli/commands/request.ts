import { REQUEST_STATUSES } from "../request/statuses.ts";
import type { CommandGroup, OptionText } from "../command.ts";
import { ACTING, COMMENT, CURSOR, LIMIT, READING, WATCH } from "../options.ts";

const SUBJECT: OptionText = {
  flags: "--digest <digest>",
  summary: "what was looked at; if something else is asked now, it is refused",
};

export const requestCommands: CommandGroup = {
  name: "request",
  summary: "Requests: what is asked of people, and their answers.",
  commands: [
    {
      name: "ls",
      summary: "Lists requests, the oldest first; the open ones if not said otherwise.",
      example: "planwright request ls",
      options: [
        {
          flags: "--status <status>",
          summary: `only requests of this status; repeat it for more (${REQUEST_STATUSES.join(", ")})`,
          repeated: true,
        },
        { flags: "--plan <plan>", summary: "of this plan only" },
        LIMIT,
        CURSOR,
        ...READING,
      ],
      load: async () => (await import("../request/list.ts")).listRequests,
    },
    {
      name: "show",
      arguments: "<request>",
      summary: "Shows exactly what is asked, and how it is answered.",
      example: "planwright request show req_0199…",
      options: READING,
      load: async () => (await import("../request/show.ts")).showRequest,
    },
    {
      name: "approve",
      arguments: "<request>",
      summary: "Says yes to an approval or a review.",
      example: "planwright request approve req_0199… --comment 'looks good' --watch",
      options: [COMMENT, SUBJECT, WATCH, ...ACTING],
      load: async () => (await import("../request/decide.ts")).approveRequest,
    },
    {
      name: "reject",
      arguments: "<request>",
      summary: "Says no to an approval or a review.",
      example: "planwright request reject req_0199… --comment 'the log is missing'",
      options: [COMMENT, SUBJECT, WATCH, ...ACTING],
      load: async () => (await import("../request/decide.ts")).rejectRequest,
    },
    {
      name: "answer",
      arguments: "<request> [answer]",
      summary: "Answers a choice by its value, or an input by the values of its form.",
      example: "planwright request answer req_0199… --value colour=blue --watch",
      options: [
        {
          flags: "--value <name=value>",
          summary: "one field of the form; repeat it for more",
          repeated: true,
        },
        { flags: "--json-value <json>", summary: "the whole answer as JSON", kind: "json" },
        COMMENT,
        SUBJECT,
        WATCH,
        ...ACTING,
      ],
      load: async () => (await import("../request/decide.ts")).answerRequest,
    },
  ],
};
