import { ToolError } from "../tool-error.ts";

/** Lets in so many of each tenant at a time, and the others as places get free. */
export interface TenantGate {
  enter(tenantId: string, signal: AbortSignal): Promise<Disposable>;
}

interface Place {
  inside: number;
  readonly line: (() => void)[];
}

export function createTenantGate(insideMax: number): TenantGate {
  const places = new Map<string, Place>();
  const leave = (tenantId: string, place: Place): void => {
    const next = place.line.shift();
    if (next !== undefined) return next();
    place.inside -= 1;
    if (place.inside === 0) places.delete(tenantId);
  };
  return {
    enter: async (tenantId, signal) => {
      const place = places.get(tenantId) ?? { inside: 0, line: [] };
      places.set(tenantId, place);
      if (place.inside < insideMax) place.inside += 1;
      else await standInLine(place.line, signal);
      return { [Symbol.dispose]: () => leave(tenantId, place) };
    },
  };
}

async function standInLine(line: (() => void)[], signal: AbortSignal): Promise<void> {
  const turn = Promise.withResolvers<void>();
  const onAbort = (): void => {
    const index = line.indexOf(turn.resolve);
    // Whose turn has come goes in, and leaves again by itself.
    if (index === -1) return;
    line.splice(index, 1);
    const message = "the request was aborted before its turn came";
    turn.reject(ToolError.is(signal.reason) ? signal.reason : new Error(message));
  };
  line.push(turn.resolve);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  await turn.promise.finally(() => signal.removeEventListener("abort", onAbort));
}
