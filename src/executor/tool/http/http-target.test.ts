import { describe, expect, test } from "vitest";
import { type Resolve, judgeTarget, readAllowedHosts } from "./http-target.ts";

const resolve: Resolve = async (host) => {
  if (host === "nowhere.test") throw new Error("ENOTFOUND");
  if (host === "empty.test") return [];
  if (host === "rebound.test") {
    return [
      { address: "93.184.216.34", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ];
  }
  return [{ address: host.startsWith("private") ? "10.0.0.5" : "93.184.216.34", family: 4 }];
};

async function judge(url: string, allowed: readonly string[] = []): Promise<string> {
  try {
    const target = await judgeTarget(new URL(url), readAllowedHosts(allowed), resolve);
    return `${target.host}:${target.port} ${target.addresses.map(({ address }) => address).join(" ")}`;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

describe("where a request may go", () => {
  test("to public hosts, by https, on its own port", async () => {
    expect(await judge("https://public.test/x")).toBe("public.test:443 93.184.216.34");
    expect(await judge("https://PUBLIC.test./x")).toBe("public.test:443 93.184.216.34");
    expect(await judge("https://8.8.8.8/")).toBe("8.8.8.8:443 8.8.8.8");
    expect(await judge("https://[2606:4700:4700::1111]/")).toBe(
      "2606:4700:4700::1111:443 2606:4700:4700::1111",
    );
  });

  test("to whatever the operator has listed, as it is listed", async () => {
    expect(await judge("http://localhost:8080/", ["localhost:8080"])).toContain("localhost:8080");
    expect(await judge("http://127.0.0.1/", ["127.0.0.1"])).toBe("127.0.0.1:80 127.0.0.1");
    expect(await judge("http://[::1]:99/", ["[::1]:99"])).toBe("::1:99 ::1");
    expect(await judge("https://private.test/", ["PRIVATE.test"])).toContain("10.0.0.5");
    expect(await judge("http://private.test/", ["private.test:80"])).toContain("10.0.0.5");
    expect(await judge("http://localhost:8081/", ["localhost:8080"])).toContain("is not https");
    expect(await judge("http://localhost:8080/", ["localhost"])).toContain("is not https");
  });

  test.each([
    ["http://public.test/", "http://public.test is not https: list public.test:80"],
    ["https://public.test:8443/", "is not on port 443: list public.test:8443"],
    ["https://private.test/", "private.test has the address 10.0.0.5, which is a private network"],
    ["https://rebound.test/", "which is this machine"],
    ["ftp://public.test/", "ftp: is neither https nor http"],
    ["file:///etc/passwd", "file: is neither https nor http"],
    ["unix:/var/run/docker.sock", "unix: is neither https nor http"],
    ["data:text/plain,x", "data: is neither https nor http"],
    ["https://user:secret@public.test/", "credentials do not belong in a URL"],
    ["https://public.test@127.0.0.1/", "credentials do not belong in a URL"],
    ["https://127.0.0.1/", "127.0.0.1 is this machine"],
    ["https://127.1/", "127.0.0.1 is this machine"],
    ["https://2130706433/", "127.0.0.1 is this machine"],
    ["https://0x7f000001/", "127.0.0.1 is this machine"],
    ["https://0177.0.0.1/", "127.0.0.1 is this machine"],
    ["https://0/", "0.0.0.0 is this machine"],
    ["https://①②⑦.0.0.1/", "127.0.0.1 is this machine"],
    ["https://127。0。0。1/", "127.0.0.1 is this machine"],
    ["https://169.254.169.254/latest/meta-data/", "is a link-local address"],
    ["https://[::1]/", "::1 is this machine"],
    ["https://[::ffff:127.0.0.1]/", "is an IPv4 address as IPv6"],
    ["https://[fd00:ec2::254]/", "is a private network"],
    ["https://[64:ff9b::a00:1]/", "is an IPv4 address as IPv6"],
    ["https://nowhere.test/", "nowhere.test cannot be resolved"],
    ["https://empty.test/", "empty.test has no address"],
  ])("not to %s", async (url, message) => {
    expect(await judge(url)).toContain(message);
  });
});

test.each(["http://host", "host/path", "user@host", "host:port", "host?x", "*.test", ""])(
  "%j is no host that could be listed",
  (entry) => {
    expect(() => readAllowedHosts([entry])).toThrow("an allowed host is one `host` or `host:port`");
  },
);
