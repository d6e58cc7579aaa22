import { isAlias, isMap, isSeq, type Alias, type Node } from "yaml";
import type { RawText, Spot } from "./raw-text.ts";
import { keyText } from "./yaml-to-json.ts";

/** The way back from paths to the YAML text that was read. */
export function locateInYaml(root: Node, targets: ReadonlyMap<Alias, Node>): RawText["locate"] {
  return (paths) => paths.map((path) => locate(root, targets, path));
}

function locate(root: Node, targets: ReadonlyMap<Alias, Node>, path: readonly string[]): Spot {
  let spot: Spot = { keyOffset: null, valueOffset: startOf(root), depth: 0 };
  let node: Node | undefined = root;
  for (const part of path) {
    if (isAlias(node)) node = targets.get(node);
    const child: Child | null = childOf(node, part);
    if (child === null) return spot;
    const keyOffset = child.key === null ? null : startOf(child.key);
    const valueOffset = child.value === null ? (keyOffset ?? 0) : startOf(child.value);
    spot = { keyOffset, valueOffset, depth: spot.depth + 1 };
    if (child.value === null) return spot;
    node = child.value;
  }
  return spot;
}

interface Child {
  readonly key: Node | null;
  readonly value: Node | null;
}

function childOf(node: Node | undefined, part: string): Child | null {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? null : { key: null, value: item };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.find(({ key }) => keyText(key) === part);
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
