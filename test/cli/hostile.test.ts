import { expect, test } from "vitest";
import { Cli, type Shown } from "./cli.ts";

/** Would clear the screen, turn the direction, hide itself and forge a line, if it were obeyed. */
const EVIL = String.raw`\u001b[2J\u009b31m\u202Eevil\u200B\u0007\nplanwright: approved`;
/** What even the one line of a name may hold. */
const SLY = String.raw`\u202Esly\u200B\u2066`;

const PLAN = `plan: "${SLY}"
objective: "${EVIL}"
policy: { approval: none, verification: none }
steps:
  say:
    do: command
    title: "${SLY}"
    with: { argv: [printf, "%s", "${EVIL}"] }
    effect: none
    retry: { attempts: 1 }
  ask:
    do: human
    needs: [say]
    request:
      kind: choice
      title: "\${{ steps.say.output.stdout }}"
      message: "${EVIL}"
      options: [{ value: "${SLY}" }]
answer: steps.say.output.stdout
`;

/** Everything that a terminal would obey; a line of its own is allowed where it is ours. */
const OBEYED = /[^\P{C}\n\t]/u;

test("nothing that came from outside is obeyed by a terminal, whatever command shows it", async () => {
  await using cli = new Cli();
  const ran = await cli.run("run", cli.write("evil.yaml", PLAN), "--as", "ada");
  expect(ran.code).toBe(5);
  const planId = /pln_[\w-]+/.exec(ran.stdout)?.[0] ?? "";
  const requestId = /req_[\w-]+/.exec(ran.stderr)?.[0] ?? "";
  const shown = await Promise.all([
    cli.must("plan", "show", planId),
    cli.must("plan", "show", planId, "--text"),
    cli.must("plan", "ls"),
    cli.must("plan", "events", planId),
    cli.must("plan", "explain", planId),
    cli.must("plan", "forecast", "evil.yaml"),
    cli.must("step", "show", planId, "say"),
    cli.must("step", "logs", planId, "say"),
    cli.must("request", "ls"),
    cli.must("request", "show", requestId),
    cli.must("plan", "show", planId, "--json"),
    cli.must("plan", "events", planId, "--jsonl"),
    cli.run("plan", "show", "pln_\u001b[2J"),
  ]);
  for (const { stdout, stderr } of [ran, ...shown]) {
    expect(stdout + stderr).not.toMatch(OBEYED);
    expect(stderr).not.toMatch(/^planwright: approved/m);
  }
  expect(shown[7]?.stdout).toBe(
    String.raw`\u{1b}[2J\u{9b}31m\u{202e}evil\u{200b}\u{7}` + "\nplanwright: approved\n",
  );
  const { plan } = JSON.parse(shown[10]?.stdout ?? "") as Shown;
  expect(plan.name).toBe(JSON.parse(`"${SLY}"`));
});
