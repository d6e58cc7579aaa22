import type { RequestId } from "../id.ts";
import type { Deciding } from "../plan/deciding.ts";

/** A question that no longer matters is taken back, with the reason. */
export function closeRequest(deciding: Deciding, requestId: RequestId, reason: string): void {
  const request = deciding.plan.requests.get(requestId);
  if (request === undefined || request.status !== "open") return;
  const subject = request.stepKey === null ? {} : { stepKey: request.stepKey };
  deciding.emit("request.closed", { requestId, reason }, subject);
}
