import { BlockList, isIP } from "node:net";

/** Networks that no request from a plan may reach, by what they are. */
const FORBIDDEN_V4: readonly (readonly [what: string, networks: readonly string[]])[] = [
  ["this machine", ["0.0.0.0/8", "127.0.0.0/8"]],
  ["a private network", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]],
  ["a provider's inner network", ["100.64.0.0/10"]],
  ["a link-local address", ["169.254.0.0/16"]],
  // Answers requests of virtual machines for their host's secrets.
  ["a metadata address", ["168.63.129.16/32"]],
  [
    "a reserved address",
    [
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.88.99.0/24",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "240.0.0.0/4",
    ],
  ],
  ["a multicast address", ["224.0.0.0/4"]],
];

/**
 * Of IPv6 only 2000::/3 is public; what lies outside it (loopback, unique local, link-local,
 * multicast, IPv4 in other clothes, NAT64) is named where people know it by name.
 */
const FORBIDDEN_V6: typeof FORBIDDEN_V4 = [
  ["this machine", ["::/127"]],
  ["an IPv4 address as IPv6", ["::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48"]],
  ["a private network", ["fc00::/7"]],
  ["a link-local address", ["fe80::/10"]],
  ["a multicast address", ["ff00::/8"]],
  ["a tunnel to an IPv4 address", ["2002::/16", "2001::/32"]],
  ["a reserved address", ["2001::/23", "2001:db8::/32", "3fff::/20"]],
  ["no public address", ["::/3", "4000::/2", "8000::/1"]],
];

const V4 = compile(FORBIDDEN_V4, "ipv4");
const V6 = compile(FORBIDDEN_V6, "ipv6");

/** What a forbidden address is; null for a public one. Numbers are judged, never their spelling. */
export function findForbidden(address: string): string | null {
  const family = isIP(address);
  // A scope (`fe80::1%eth0`) names an interface of this machine.
  if (family === 0 || address.includes("%")) return "no public address";
  const lists = family === 4 ? V4 : V6;
  const type = family === 4 ? "ipv4" : "ipv6";
  return lists.find(({ list }) => list.check(address, type))?.what ?? null;
}

interface NamedList {
  readonly what: string;
  readonly list: BlockList;
}

function compile(table: typeof FORBIDDEN_V4, family: "ipv4" | "ipv6"): readonly NamedList[] {
  return table.map(([what, networks]) => {
    const list = new BlockList();
    for (const network of networks) {
      const [address = "", bits] = network.split("/");
      list.addSubnet(address, Number(bits), family);
    }
    return { what, list };
  });
}
