import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import { ToolError } from "../tool-error.ts";
import { findForbidden } from "./address-guard.ts";

/** A place that has been judged: only these addresses are connected to. */
export interface HttpTarget {
  readonly url: URL;
  /** Without brackets, lower case. */
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly LookupAddress[];
}

/** Gives all addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Hosts that the operator has listed, `host` or `host:port`. */
export type AllowedHosts = ReadonlySet<string>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * Judges where a request would go (SEC-50). Listed hosts may be private, on any listed port and
 * without TLS; all others are public ones by https. A name is resolved once, and every address that
 * it has is judged.
 */
export async function judgeTarget(
  url: URL,
  allowed: AllowedHosts,
  resolve: Resolve,
): Promise<HttpTarget> {
  const standardPort = DEFAULT_PORTS[url.protocol];
  if (standardPort === undefined) throw refusal(`${url.protocol} is neither https nor http`);
  if (url.username !== "" || url.password !== "")
    throw refusal("credentials do not belong in a URL");
  const host = hostOf(url);
  const port = url.port === "" ? standardPort : Number(url.port);
  const isListed = allowed.has(`${host}:${port}`) || (port === standardPort && allowed.has(host));
  if (!isListed) judgeUnlisted(url, host, port, standardPort);
  const addresses = await addressesOf(host, resolve);
  if (!isListed) for (const { address } of addresses) judgeAddress(host, address);
  return { url, host, port, addresses };
}

/** The list of an operator, in the form in which hosts are compared. */
export function readAllowedHosts(hosts: readonly string[]): AllowedHosts {
  return new Set(
    hosts.map((entry) => {
      const url = URL.parse(`http://${entry}`);
      if (
        url === null ||
        url.pathname !== "/" ||
        url.username !== "" ||
        url.search !== "" ||
        entry.includes("*")
      ) {
        throw new TypeError(
          `an allowed host is one \`host\` or \`host:port\`, not ${JSON.stringify(entry)}`,
        );
      }
      // A URL hides its scheme's own port: it is taken as written.
      const port = /:(\d+)$/.exec(entry)?.[1];
      return port === undefined ? hostOf(url) : `${hostOf(url)}:${Number(port)}`;
    }),
  );
}

function judgeUnlisted(url: URL, host: string, port: number, standardPort: number): void {
  const hint = `list ${host}:${port} among the allowed hosts to permit it`;
  if (url.protocol !== "https:") throw refusal(`${url.origin} is not https: ${hint}`);
  if (port !== standardPort) throw refusal(`${url.origin} is not on port ${standardPort}: ${hint}`);
}

function judgeAddress(host: string, address: string): void {
  const what = findForbidden(address);
  if (what === null) return;
  throw refusal(
    host === address
      ? `${address} is ${what}`
      : `${host} has the address ${address}, which is ${what}`,
  );
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const addresses = await resolve(host).catch((cause: unknown) => {
    if (ToolError.is(cause)) throw cause;
    throw new ToolError(`${host} cannot be resolved`, { code: "http-failed", cause });
  });
  if (addresses.length === 0)
    throw new ToolError(`${host} has no address`, { code: "http-failed" });
  return addresses;
}

/** As it is compared: a trailing dot and the brackets of IPv6 mean nothing. */
function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, "").replace(/^\[(.*)\]$/, "$1");
}

function refusal(message: string): ToolError {
  return new ToolError(`the request is refused: ${message}`, {
    code: "http-refused",
    retryable: false,
  });
}
