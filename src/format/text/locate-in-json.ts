import type { Spot } from "./raw-text.ts";
import { walkJson, type JsonVisitor } from "./walk-json.ts";

/** Finds the spots of paths in a JSON text that has been read before, in one walk for all. */
export function locateInJson(text: string, paths: readonly (readonly string[])[]): readonly Spot[] {
  const root = createNode(0);
  const wanted = paths.map((path) => path.reduce(childOf, root));
  walkJson(text, Number.POSITIVE_INFINITY, new Locator(root));
  return wanted.map(spotOf);
}

/** A part of a wanted path. */
interface Node {
  readonly depth: number;
  readonly parent: Node | null;
  readonly children: Map<string, Node>;
  keyOffset: number | null;
  valueOffset: number | null;
}

function createNode(depth: number, parent: Node | null = null): Node {
  return { depth, parent, children: new Map(), keyOffset: null, valueOffset: null };
}

function childOf(node: Node, part: string): Node {
  const known = node.children.get(part);
  if (known !== undefined) return known;
  const child = createNode(node.depth + 1, node);
  node.children.set(part, child);
  return child;
}

function spotOf(node: Node): Spot {
  if (node.valueOffset === null && node.parent !== null) return spotOf(node.parent);
  return { keyOffset: node.keyOffset, valueOffset: node.valueOffset ?? 0, depth: node.depth };
}

interface Frame {
  readonly node: Node | null;
  index: number | null;
  child: Node | null;
}

class Locator implements JsonVisitor {
  readonly #root: Node;
  readonly #frames: Frame[] = [];

  constructor(root: Node) {
    this.#root = root;
  }

  open(kind: "object" | "list", offset: number): void {
    const node = this.#enter(offset);
    this.#frames.push({ node, index: kind === "list" ? -1 : null, child: null });
  }

  close(): void {
    this.#frames.pop();
  }

  key(offset: number, source: string): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    frame.child = null;
    if (frame.node === null || frame.node.children.size === 0) return;
    const key: unknown = JSON.parse(source);
    frame.child = frame.node.children.get(String(key)) ?? null;
    if (frame.child !== null) frame.child.keyOffset = offset;
  }

  scalar(offset: number): void {
    this.#enter(offset);
  }

  /** The wanted node that the value beginning here belongs to. */
  #enter(offset: number): Node | null {
    const frame = this.#frames.at(-1);
    let node: Node | null;
    if (frame === undefined) {
      node = this.#root;
    } else if (frame.index === null) {
      node = frame.child;
    } else {
      frame.index += 1;
      node = frame.node?.children.get(String(frame.index)) ?? null;
    }
    if (node !== null) node.valueOffset = offset;
    return node;
  }
}
