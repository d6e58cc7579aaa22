/** Whether a signal says stop now; asked anew each time round a loop. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
