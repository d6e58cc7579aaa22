// Writes the report of `plan.yaml` from the JSON on standard input. Runs on any Node.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const [file = "repository-report.md"] = process.argv.slice(2);
const { licence, commits, folders, counts } = JSON.parse(readFileSync(0, "utf8"));

const rows = folders.map((folder, index) => [folder, Number(counts[index].stdout.trim())]);
const lines = rows.reduce((sum, [, count]) => sum + count, 0);
const text = [
  "# This repository",
  "",
  `Licence: ${licence[0].trim()}. ${lines} lines in ${rows.length} source folders.`,
  "",
  "| folder | lines |",
  "| --- | ---: |",
  ...rows.map(([folder, count]) => `| ${folder} | ${count} |`),
  "",
  "## Last commits",
  "",
  ...commits.map((commit) => `- ${commit}`),
  "",
].join("\n");

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, text);
console.log(`${rows.length} folders, ${lines} lines, ${commits.length} commits`);
