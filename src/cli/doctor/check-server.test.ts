import { expect, test } from "vitest";
import type { PostgresReport } from "../../store/postgres/inspect-postgres.ts";
import { checkServer } from "./check-server.ts";
import type { Finding } from "./finding.ts";

const WELL: PostgresReport = {
  settings: {
    version: "18.4",
    versionNumber: 180_004,
    isStandby: false,
    encoding: "UTF8",
    fsync: "on",
    fullPageWrites: "on",
    synchronousCommit: "on",
    synchronousStandbys: "",
    maxConnections: 100,
    keepalivesIdle: 10,
    tcpUserTimeout: 15_000,
    clientCheckInterval: 5000,
  },
  unfit: null,
  pending: [],
  standing: {
    role: "worker",
    isSuperuser: false,
    bypassesRowSecurity: false,
    ownsTables: false,
    hasAppRole: true,
    isAppBound: true,
    mayActAsApp: true,
    mayWork: false,
  },
  actsAs: "planwright_app",
  unbound: null,
  epoch: 1,
  clockOffsetMs: 3,
  hears: true,
  oldestWriter: { pid: 10, name: "psql", ageMs: 100 },
  bloated: [],
};

test("a database that is as it should be gives nothing to note", () => {
  const findings = checkServer(WELL);
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    "settings well",
    "schema well",
    "roles well",
    "hints well",
  ]);
});

test.each<[string, Partial<PostgresReport>, Finding["level"], RegExp]>([
  ["settings that lose commits", { unfit: "fsync is off" }, "wrong", /fsync is off$/],
  [
    "no store",
    { pending: null, standing: null },
    "wrong",
    /no store in this database: `planwright run/,
  ],
  [
    "an older schema",
    { pending: ["0009-x.sql"] },
    "wrong",
    /lacks 0009-x\.sql: `planwright db migrate`/,
  ],
  ["no row-level security", { unbound: "it does not bind" }, "wrong", /^it does not bind$/],
  ["a superuser", standing({ isSuperuser: true }), "note", /a superuser, .* a login of its own/],
  ["an owner", standing({ ownsTables: true }), "note", /the owner of the tables/],
  ["a role that bypasses it", standing({ bypassesRowSecurity: true }), "note", /with BYPASSRLS/],
  ["deaf workers", { hears: false }, "note", /found by looking, within a second/],
  ["a clock that is behind", { clockOffsetMs: 1500 }, "note", /1500 ms behind the database's/],
  ["a clock that is ahead", { clockOffsetMs: -1500 }, "note", /1500 ms ahead of the database's/],
  ["a forgotten writer", writer(10, "psql"), "note", /process 10 \(psql\) has .* open for 7 s/],
  ["a nameless writer", writer(10, ""), "note", /process 10 \(unnamed\)/],
  [
    "a prepared transaction",
    writer(null, "prepared transaction x"),
    "note",
    /^prepared transaction x has/,
  ],
  ["a vacuum that is behind", { bloated: ["steps", "leases"] }, "note", /steps, leases/],
])("%s is told, with what helps", (_name, difference, level, message) => {
  const findings = checkServer({ ...WELL, ...difference });
  expect(findings.filter((finding) => finding.level !== "well")).toEqual([
    { check: expect.any(String), level, message: expect.stringMatching(message) },
  ]);
});

function standing(difference: object): Partial<PostgresReport> {
  return WELL.standing === null ? {} : { standing: { ...WELL.standing, ...difference } };
}

function writer(pid: number | null, name: string): Partial<PostgresReport> {
  return { oldestWriter: { pid, name, ageMs: 7000 } };
}
