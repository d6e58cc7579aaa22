import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./retry.ts";

const anyRetry = fc.record({
  attempts: fc.constant(3),
  firstMs: fc.nat(10_000),
  factor: fc.double({ min: 1, max: 100, noNaN: true }),
  maxMs: fc.nat(600_000),
});

test("a backoff is a whole number of milliseconds between half and all of what it grows to", () => {
  fc.assert(
    fc.property(anyRetry, fc.integer({ min: 1, max: 99 }), chance(), (retry, failures, drawn) => {
      const full = Math.min(retry.maxMs, retry.firstMs * retry.factor ** (failures - 1));
      const waitMs = backoffMs(retry, failures, drawn);
      expect(Number.isInteger(waitMs)).toBe(true);
      expect(waitMs).toBeGreaterThanOrEqual(Math.round(full / 2));
      expect(waitMs).toBeLessThanOrEqual(Math.round(full));
      expect(waitMs).toBeLessThanOrEqual(retry.maxMs);
    }),
  );
});

test("a backoff never shrinks from one failure to the next", () => {
  fc.assert(
    fc.property(anyRetry, fc.integer({ min: 1, max: 98 }), chance(), (retry, failures, drawn) => {
      expect(backoffMs(retry, failures + 1, drawn)).toBeGreaterThanOrEqual(
        backoffMs(retry, failures, drawn),
      );
    }),
  );
});

function chance(): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: 1, noNaN: true });
}
