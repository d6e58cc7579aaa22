/** A length of time at a glance: `0.3s`, `12s`, `1m05s`, `2h10m`. */
export function briefDuration(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

function two(count: number): string {
  return String(count).padStart(2, "0");
}

/** The time of day of a timestamp in UTC, as logs show it. */
export function timeOfDay(timestamp: string): string {
  return timestamp.slice(11, 19);
}
