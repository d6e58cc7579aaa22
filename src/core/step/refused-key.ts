/** Names a late report, so that it is told once. */
export function refusedKey(stepKey: string, attempt: number, workerId: string): string {
  return `${stepKey}/${attempt}/${workerId}`;
}
