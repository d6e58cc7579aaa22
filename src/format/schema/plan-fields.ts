import * as z from "zod";
import { parseDuration } from "../../core/duration.ts";

/** Names of steps, inputs, schemas and pools: what can stand in an expression and in an address. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

const DURATION = /^(?:\d{1,12}(?:\.\d{1,6})?(?:ms|s|m|h|d))+$/;
const DURATION_ERROR = "must be a duration such as 30s, 10m or 1h30m, up to ten years";

export const identifier: z.ZodString = z.string().regex(IDENTIFIER, {
  error: "must be letters, digits, _ and -, up to 64, and not begin with a digit or -",
});

export const durationText: z.ZodType<string> = z
  .string({ error: DURATION_ERROR })
  .regex(DURATION, { error: DURATION_ERROR, abort: true })
  .refine((text) => parseDuration(text) !== null, { error: DURATION_ERROR });

export const positiveDuration: z.ZodType<string> = z
  .string({ error: DURATION_ERROR })
  .regex(DURATION, { error: DURATION_ERROR, abort: true })
  .refine((text) => (parseDuration(text) ?? 0) > 0, {
    error: `${DURATION_ERROR}, and more than nothing`,
  });

/** Text of any length that the file's own limits allow. */
export const text: z.ZodString = z.string().min(1);

/** Text on one line. */
export const line: z.ZodString = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, { error: "must be one line of text" });
