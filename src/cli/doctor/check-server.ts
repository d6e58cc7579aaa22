import process from "node:process";
import type { PostgresReport } from "../../store/postgres/inspect-postgres.ts";
import { note, well, wrong, type Finding } from "./finding.ts";

/** What a look at a database means for a store: how it is set, who connects, who hears whom. */
export function checkServer(report: PostgresReport): readonly Finding[] {
  return [
    checkSettings(report),
    checkSchema(report),
    ...checkRoles(report),
    checkHints(report),
    ...checkOffset(report),
    ...checkWriters(report),
    ...checkDeadRows(report),
  ];
}

function checkSettings({ settings, unfit }: PostgresReport): Finding {
  const { version, fsync, fullPageWrites, synchronousCommit, synchronousStandbys } = settings;
  const standbys = synchronousStandbys === "" ? "no synchronous standby" : synchronousStandbys;
  const shown = `Postgres ${version}, fsync ${fsync}, full_page_writes ${fullPageWrites}, synchronous_commit ${synchronousCommit}, ${standbys}, Node ${process.versions.node}`;
  return unfit === null ? well("settings", shown) : wrong("settings", `${shown}: ${unfit}`);
}

function checkSchema({ pending, epoch }: PostgresReport): Finding {
  if (pending === null) {
    const ways = "`planwright run FILE` and `planwright db migrate` make one";
    return wrong("schema", `there is no store in this database: ${ways}`);
  }
  const [first] = pending;
  const since = epoch === null ? "" : `, epoch ${epoch}`;
  if (first === undefined) return well("schema", `it is that of this release${since}`);
  return wrong(
    "schema",
    `it lacks ${pending.join(", ")}: \`planwright db migrate\` brings it up to date`,
  );
}

const ROLE_OF_ITS_OWN =
  "give Planwright a login of its own (create role planwright login password '…' in role planwright_app) and its address to workers";

function checkRoles({ standing, actsAs, unbound }: PostgresReport): readonly Finding[] {
  if (unbound !== null) return [wrong("roles", unbound)];
  if (standing === null) return [];
  const { role, isSuperuser, bypassesRowSecurity, ownsTables } = standing;
  const bound = "and row-level security binds it";
  if (actsAs === null) return [well("roles", `it works as ${role}, ${bound}`)];
  const acts = `it connects as ${role} and works as ${actsAs}`;
  const power = isSuperuser
    ? "a superuser"
    : bypassesRowSecurity
      ? "a role with BYPASSRLS"
      : ownsTables
        ? "the owner of the tables"
        : null;
  if (power === null) return [well("roles", `${acts}, ${bound}`)];
  return [
    note("roles", `${acts}: ${role} is ${power}, who can lay that aside; ${ROLE_OF_ITS_OWN}`),
  ];
}

function checkHints({ hears }: PostgresReport): Finding {
  if (hears) return well("hints", "workers tell each other of work at once (LISTEN)");
  const why = "notifications do not come through, as behind a pooler that lends connections";
  return note(
    "hints",
    `${why}: work is found by looking, within a second; connect to the server directly`,
  );
}

/** Further apart than this, a person would wonder at the times. */
const OFFSET_MS = 1000;

function checkOffset({ clockOffsetMs }: PostgresReport): readonly Finding[] {
  if (Math.abs(clockOffsetMs) < OFFSET_MS) return [];
  const side = clockOffsetMs > 0 ? "behind" : "ahead of";
  const apart = `this machine's clock is ${Math.abs(clockOffsetMs)} ms ${side} the database's`;
  return [note("clock", `${apart}; plans and leases go by the database's`)];
}

const LONG_MS = 5000;

function checkWriters({ oldestWriter }: PostgresReport): readonly Finding[] {
  if (oldestWriter === null || oldestWriter.ageMs < LONG_MS) return [];
  const { pid, name, ageMs } = oldestWriter;
  const who = pid === null ? name : `process ${pid} (${name === "" ? "unnamed" : name})`;
  const since = `has a write transaction open for ${Math.round(ageMs / 1000)} s`;
  return [note("feed", `${who} ${since}: who follows all plans hears nothing newer until it ends`)];
}

function checkDeadRows({ bloated }: PostgresReport): readonly Finding[] {
  if (bloated.length === 0) return [];
  return [
    note(
      "server",
      `vacuum does not keep up with ${bloated.join(", ")}: more of their rows are dead than alive`,
    ),
  ];
}
