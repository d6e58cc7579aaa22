import { describe, expect, test } from "vitest";
import { Cli } from "./cli.ts";

const PLAN = `plan: Hello
policy: { approval: none }
steps:
  greet: { do: tool, owner: std.echo }
`;

describe("limits", () => {
  test("are set, listed and cleared by their keys", async () => {
    await using cli = new Cli();
    const set = await cli.must("limit", "set", "pool:gpu", "7");
    expect(set.stdout).toBe("pool:gpu  all tenants  0 of 7 in use\n");
    await cli.must("limit", "set", "budget:attempts", "500", "--tenant", "acme");
    const none = await cli.must("limit", "ls");
    expect(none.stdout).toBe("pool:gpu  all tenants  0 of 7 in use\n");
    const listed = await cli.json("limit", "ls", "--tenant", "acme");
    expect(listed).toEqual({
      data: [
        { key: "budget:attempts", tenantId: "acme", max: 500, used: 0, stopped: null },
        { key: "pool:gpu", tenantId: null, max: 7, used: 0, stopped: null },
      ],
      nextCursor: null,
    });
    await cli.must("limit", "clear", "pool:gpu");
    const left = await cli.must("limit", "ls");
    expect(left).toMatchObject({ stdout: "", stderr: "nothing limits tenant default\n" });
    const again = await cli.must("limit", "clear", "pool:gpu");
    expect(again.stderr).toBe("there was no limit pool:gpu\n");
  });

  test("of a key or a number that cannot be meant are refused with the forms that can", async () => {
    await using cli = new Cli();
    const wrong = await Promise.all([
      cli.run("limit", "set", "gpu", "7"),
      cli.run("limit", "set", "pool:gpu", "-1"),
      cli.run("limit", "set", "pool:gpu", "some"),
      cli.run("limit", "set", "pool:gpu", "7", "--tenant", "acme"),
      cli.run("limit", "set", "tenant", "7", "--tenant", " "),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(wrong[0]?.stderr).toContain("write pool:NAME, tenant, owner:CAPABILITY");
    expect(wrong[2]?.stderr).toContain("write a whole number from 0 on");
    expect(wrong[3]?.stderr).toContain("leave --tenant out");
    expect(wrong[4]?.stderr).toContain("up to 200 printable characters");
  });
});

describe("a tenant that is stopped", () => {
  test("starts nothing, says why and what would let it go on, and goes on", async () => {
    await using cli = new Cli();
    cli.write("hello.yaml", PLAN);
    const { plan } = await cli.json<{ plan: { id: string } }>("plan", "new", "hello.yaml");
    const stopped = await cli.must("tenant", "stop", "default", "--reason", "it runs wild");
    expect(stopped.stdout).toMatch(
      /^tenant {2}default {2}0 in use {2}stopped since \S+: it runs wild/,
    );
    await cli.must("plan", "submit", plan.id);
    const held = await cli.run("plan", "start", plan.id, "--watch");
    expect(held.code).toBe(6);
    expect(held.stderr).toContain("tenant default stopped: it runs wild");
    const why = await cli.must("plan", "explain", plan.id);
    expect(why.stdout).toBe(
      "greet: tenant default stopped: it runs wild\n  planwright tenant start default\n",
    );
    await cli.must("tenant", "start", "default");
    const watched = await cli.run("plan", "watch", plan.id);
    expect(watched.code).toBe(0);
    expect((await cli.must("tenant", "start", "default")).stderr).toBe(
      "tenant default was not stopped\n",
    );
  });

  test("that has no plans is pointed out: its name may be another one", async () => {
    await using cli = new Cli();
    cli.write("hello.yaml", PLAN);
    expect((await cli.run("tenant", "stop", "acme")).code).toBe(7);
    await cli.must("plan", "new", "hello.yaml");
    const stopped = await cli.must("tenant", "stop", "amce");
    expect(stopped.stderr).toBe("tenant amce has no plans\n");
  });
});
