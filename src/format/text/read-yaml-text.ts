import { Composer, type Document, type ParsedNode } from "yaml";
import { locateInYaml } from "./locate-in-yaml.ts";
import { TEXT_FAULTS_MAX, type RawResult } from "./raw-text.ts";
import { scanYaml } from "./scan-yaml.ts";
import type { OffsetFault } from "./text-fault.ts";
import type { TextLimits } from "./text-limits.ts";
import { createYamlReading } from "./yaml-to-json.ts";

const OPTIONS = {
  version: "1.2",
  schema: "core",
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  // Compared here in linear time; the library compares every key of a map with every other.
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Reads a YAML text of one document: core schema, no tags, no merge keys, keys once (SEC-16). */
export function readYamlText(text: string, limits: TextLimits): RawResult {
  const control = findControlCharacter(text);
  if (control !== null) return { ok: false, faults: [control] };
  const scan = scanYaml(text, limits);
  if (!scan.ok) return scan;
  const documents = [...new Composer(OPTIONS).compose(scan.tokens, true, text.length)];
  const [document] = documents;
  const broken = findSyntaxFaults(documents);
  if (broken.length > 0) return { ok: false, faults: broken };
  const root = document?.contents ?? null;
  if (root === null || isNothing(root)) {
    return { ok: false, faults: [at("empty", "the text is empty", 0)] };
  }
  return readRoot(root, limits);
}

function readRoot(root: ParsedNode, limits: TextLimits): RawResult {
  const reading = createYamlReading(limits);
  const value = reading.read(root);
  if (reading.faults.length > 0) return { ok: false, faults: reading.faults };
  return { ok: true, raw: { value, locate: locateInYaml(root, reading.targets) } };
}

function isNothing(root: ParsedNode): boolean {
  return root.range[1] === root.range[0];
}

// oxlint-disable-next-line no-control-regex -- what YAML calls not printable
const NOT_PRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Cs}/u;

function findControlCharacter(text: string): OffsetFault | null {
  const offset = text.search(NOT_PRINTABLE);
  if (offset === -1) return null;
  const code = text.charCodeAt(offset);
  if (code === 0) {
    const message = "U+0000 stands in the text: is this a text file in UTF-8?";
    return at("nul-character", message, offset);
  }
  if (code >= 0xd800 && code <= 0xdfff) {
    return at("malformed-unicode", "half of a surrogate pair stands in the text", offset);
  }
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return at(
    "control-character",
    `${name} stands in the text: write it as an escape in double quotes`,
    offset,
  );
}

function findSyntaxFaults(documents: readonly Document.Parsed[]): readonly OffsetFault[] {
  const [first, second] = documents;
  const faults = (first?.errors ?? [])
    .slice(0, TEXT_FAULTS_MAX)
    .map((error) => at("syntax", explain(error.code, error.message), error.pos[0]));
  if (second !== undefined) {
    const message = "the text holds several documents: a plan is one, without --- between";
    faults.push(at("several-documents", message, second.range[0]));
  }
  return faults;
}

function explain(code: string, message: string): string {
  switch (code) {
    case "TAB_AS_INDENT":
      return "a tab cannot indent: use spaces";
    case "NON_STRING_KEY":
      return "a key must be text: write it plainly or in quotes";
    case "RESOURCE_EXHAUSTION":
      return "the text is nested too deep";
    default:
      return message.charAt(0).toLowerCase() + message.slice(1);
  }
}

function at(code: string, message: string, offset: number): OffsetFault {
  return { code, message, offset, pointer: "" };
}
