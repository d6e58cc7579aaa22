import { describe, expect, test } from "vitest";
import { findForbidden } from "./address-guard.ts";

const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  "this machine": [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "::1",
    "::",
    "0:0:0:0:0:0:0:1",
  ],
  "a private network": [
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "fc00::1",
    "fd12:3456::1",
    "fd00:ec2::254",
  ],
  "a provider's inner network": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
  "a link-local address": ["169.254.169.254", "169.254.0.1", "fe80::1", "febf::1"],
  "a metadata address": ["168.63.129.16"],
  "a reserved address": [
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "240.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
    "2001:10::1",
    "2001:20::1",
    "3fff::1",
  ],
  "a multicast address": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  "an IPv4 address as IPv6": [
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
  ],
  "a tunnel to an IPv4 address": ["2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378::1"],
  "no public address": ["100::1", "4000::1", "5f00::1", "fe80::1%eth0", "fec0::1", "localhost", ""],
};

describe.each(Object.entries(FORBIDDEN))("%s", (what, addresses) => {
  test.each(addresses)("%s", (address) => {
    expect(findForbidden(address)).toBe(what);
  });
});

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:81b::200e",
  "2003::1",
])("%s is public", (address) => {
  expect(findForbidden(address)).toBeNull();
});
