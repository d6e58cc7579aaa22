/** Whether a text names a database on a server, rather than a file. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:/i.test(text);
}

/** Null for what no connection can be made of. */
export function parsePostgresUrl(text: string): URL | null {
  const url = isPostgresUrl(text) ? URL.parse(text) : null;
  return url !== null && text.slice(url.protocol.length).startsWith("//") ? url : null;
}

/** Of the parameters of an address, those that nobody keeps a secret in. */
const SHOWN: ReadonlySet<string> = new Set(["host", "port", "sslmode", "sslrootcert"]);

/** An address as it may be shown and typed again: who connects where, and never a password. */
export function withoutSecrets(text: string): string {
  const url = parsePostgresUrl(text);
  if (url === null) return "postgres://";
  url.password = "";
  url.hash = "";
  const secret = url.searchParams.keys().filter((name) => !SHOWN.has(name));
  for (const name of secret.toArray()) url.searchParams.delete(name);
  return url.href;
}
