import { canonicalJson } from "../canonical-json.ts";
import { durationMs } from "../duration.ts";
import type { RequestId } from "../id.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { DurationText, OnTimeoutDocument } from "../plan/document.ts";
import { formatTimestamp } from "../timestamp.ts";
import type { RequestKind, RequestOption, RequestReason, RequestTimeout } from "./request.ts";

/** A question to be opened. */
export interface Question {
  readonly kind: RequestKind;
  readonly title: string;
  readonly message: string;
  readonly reason: RequestReason | null;
  readonly form: JsonObject | null;
  readonly options: readonly RequestOption[];
  /** What exactly is decided; its digest, with the plan's, binds the answer. */
  readonly subject: Json;
  readonly assignees: readonly string[];
  readonly quorum: number;
  readonly due: DurationText | null;
  readonly onTimeout: OnTimeoutDocument;
}

/** Opens a request and gives its id. */
export function openRequest(
  deciding: Deciding,
  stepKey: string | null,
  question: Question,
): RequestId {
  const requestId = deciding.id("req");
  const { due, onTimeout, subject, ...shown } = question;
  const { digest } = deciding.plan.revision;
  deciding.emit(
    "request.created",
    {
      ...shown,
      requestId,
      subjectDigest: deciding.pure.digest(canonicalJson({ revision: digest, stepKey, subject })),
      dueAt: due === null ? null : formatTimestamp(deciding.time + durationMs(due)),
      onTimeout: timeoutOf(onTimeout),
    },
    stepKey === null ? {} : { stepKey },
  );
  return requestId;
}

function timeoutOf(onTimeout: OnTimeoutDocument): RequestTimeout {
  if (onTimeout === "fail" || onTimeout === "skip") return { kind: onTimeout };
  return { kind: "answer", answer: onTimeout.answer };
}
