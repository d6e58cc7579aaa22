import type { RequestStatus } from "../../core/request/request.ts";

const STATUSES: Readonly<Record<RequestStatus, true>> = {
  open: true,
  decided: true,
  expired: true,
  closed: true,
};

/** Every status of a request, to be named in help. */
export const REQUEST_STATUSES: readonly string[] = Object.keys(STATUSES);

export function isRequestStatus(text: string): text is RequestStatus {
  return Object.hasOwn(STATUSES, text);
}
