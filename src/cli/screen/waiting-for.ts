import type { EventData } from "../../core/plan/event.ts";

/** What a waiting step waits for. */
export function waitingFor(data: EventData["step.waiting"]): string {
  const until = data.until === undefined ? "" : ` until ${data.until}`;
  switch (data.reason) {
    case "request":
      return "for an answer";
    case "gate":
      return "for its approval";
    case "timer":
      return until.trimStart() || "for a time";
    case "signal":
      return `for the signal ${data.signal}${until}`;
    case "sub-plan":
      return `for sub-plan ${data.childPlanId}`;
    case "children":
      return "for its items";
    case "fallback":
      return "for its stand-in";
    case "ambiguous-effect":
      return "for somebody to say whether it took effect";
    case "set-aside":
      return "for somebody to look: it was set aside";
    case "failed":
      return "for somebody to say what now";
  }
}
