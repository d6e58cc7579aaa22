import type { CommandGroup, OptionText } from "../command.ts";
import { JSON_OUT, QUIET, READING, STORE_TO_WRITE } from "../options.ts";

const TENANT: OptionText = {
  flags: "--tenant <name>",
  summary: "whose limit; pools are of all tenants",
  default: "default",
};

const CHANGING: readonly OptionText[] = [...STORE_TO_WRITE, JSON_OUT, QUIET];

export const limitCommands: CommandGroup = {
  name: "limit",
  summary: "Limits that all plans and processes share.",
  commands: [
    {
      name: "set",
      arguments: "<key> <max>",
      summary: "Lets at most so many attempts be under way, or be started at all.",
      details:
        "Keys: pool:NAME (attempts under way in a pool, of all tenants together), tenant, owner:CAPABILITY (such as owner:tool:github.create_release), and budget:attempts (attempts that the tenant may start; what is used stays used, so raise it). Attempts that are under way already are not counted.",
      example: "planwright limit set pool:gpu 7",
      options: [...CHANGING, TENANT],
      load: async () => (await import("../limit/change.ts")).setLimit,
    },
    {
      name: "ls",
      summary: "Lists the limits in force, and what is taken of them.",
      example: "planwright limit ls",
      options: [...READING, TENANT],
      load: async () => (await import("../limit/list.ts")).listLimits,
    },
    {
      name: "clear",
      arguments: "<key>",
      summary: "Lets as many start as like to; what was used of a budget stays used.",
      example: "planwright limit clear pool:gpu",
      options: [...CHANGING, TENANT],
      load: async () => (await import("../limit/change.ts")).clearLimit,
    },
  ],
};

export const tenantCommands: CommandGroup = {
  name: "tenant",
  summary: "Tenants: stop one, and let it go on.",
  commands: [
    {
      name: "stop",
      arguments: "<tenant>",
      summary: "Starts nothing of a tenant any more, in any process; what is under way ends.",
      details:
        "To end what is under way as well, cancel its plans. Processes of a fleet know it within two seconds.",
      example: 'planwright tenant stop acme --reason "it floods the tracker"',
      options: [
        ...CHANGING,
        { flags: "--reason <text>", summary: "why, to be told by `plan explain`" },
      ],
      load: async () => (await import("../limit/stop-tenant.ts")).stopTenant,
    },
    {
      name: "start",
      arguments: "<tenant>",
      summary: "Lets a tenant go on that was stopped, within the limits that it had.",
      example: "planwright tenant start acme",
      options: CHANGING,
      load: async () => (await import("../limit/stop-tenant.ts")).startTenant,
    },
  ],
};
