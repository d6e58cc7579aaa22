/** What a walk through a JSON text meets, in the order of the text. */
export interface JsonVisitor {
  open(kind: "object" | "list", offset: number): void;
  close(): void;
  /** `source` is the key as written, with its quotes. */
  key(offset: number, source: string): void;
  /** A string, number, boolean or null, as written. */
  scalar(offset: number, source: string): void;
}

/** Where and why a walk ended early. */
export interface JsonWalkFault {
  readonly code: "syntax" | "too-deep" | "empty";
  readonly message: string;
  readonly offset: number;
}

type Expected = "value" | "value-or-close" | "key" | "key-or-close" | "colon" | "comma-or-close";

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
// oxlint-disable-next-line no-control-regex -- JSON refuses exactly these in a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Walks through a JSON text (RFC 8259) without building anything and without recursion. */
export function walkJson(
  text: string,
  depthMax: number,
  visitor: JsonVisitor,
): JsonWalkFault | null {
  return new JsonWalk(text, depthMax, visitor).run();
}

class JsonWalk {
  readonly #text: string;
  readonly #depthMax: number;
  readonly #visitor: JsonVisitor;
  readonly #closers: ("}" | "]")[] = [];
  #offset = 0;
  #expected: Expected = "value";
  #done = false;

  constructor(text: string, depthMax: number, visitor: JsonVisitor) {
    this.#text = text;
    this.#depthMax = depthMax;
    this.#visitor = visitor;
  }

  run(): JsonWalkFault | null {
    this.#take(SPACE);
    if (this.#offset === this.#text.length) {
      return { code: "empty", message: "the text is empty", offset: 0 };
    }
    while (!this.#done) {
      const fault = this.#step();
      if (fault !== null) return fault;
      this.#take(SPACE);
    }
    return this.#offset === this.#text.length ? null : this.#fail("nothing after the value");
  }

  #step(): JsonWalkFault | null {
    const character = this.#text[this.#offset];
    switch (this.#expected) {
      case "colon":
        if (character !== ":") return this.#fail('":" after the key');
        this.#offset += 1;
        this.#expected = "value";
        return null;
      case "comma-or-close":
        return this.#commaOrClose(character);
      case "key":
      case "key-or-close":
        return this.#key(character);
      case "value":
      case "value-or-close":
        return this.#value(character);
    }
  }

  #commaOrClose(character: string | undefined): JsonWalkFault | null {
    const closer = this.#closers.at(-1);
    if (character === closer) return this.#close();
    if (character !== ",") return this.#fail(`"," or "${closer}"`);
    this.#offset += 1;
    this.#expected = closer === "}" ? "key" : "value";
    return null;
  }

  #key(character: string | undefined): JsonWalkFault | null {
    if (character === "}" && this.#expected === "key-or-close") return this.#close();
    if (character !== '"') return this.#fail("a key in double quotes");
    const start = this.#offset;
    const fault = this.#string();
    if (fault !== null) return fault;
    this.#visitor.key(start, this.#text.slice(start, this.#offset));
    this.#expected = "colon";
    return null;
  }

  #value(character: string | undefined): JsonWalkFault | null {
    if (character === "]" && this.#expected === "value-or-close") return this.#close();
    if (character === "{" || character === "[") return this.#open(character);
    const start = this.#offset;
    if (character === '"') {
      const fault = this.#string();
      if (fault !== null) return fault;
    } else if (!this.#take(WORD) && !this.#take(NUMBER)) {
      return this.#fail("a value");
    }
    this.#visitor.scalar(start, this.#text.slice(start, this.#offset));
    this.#valueEnded();
    return null;
  }

  #open(character: "{" | "["): JsonWalkFault | null {
    if (this.#closers.length === this.#depthMax) {
      const message = `the text is nested deeper than ${this.#depthMax} levels`;
      return { code: "too-deep", message, offset: this.#offset };
    }
    this.#visitor.open(character === "{" ? "object" : "list", this.#offset);
    this.#closers.push(character === "{" ? "}" : "]");
    this.#offset += 1;
    this.#expected = character === "{" ? "key-or-close" : "value-or-close";
    return null;
  }

  #close(): null {
    this.#visitor.close();
    this.#closers.pop();
    this.#offset += 1;
    this.#valueEnded();
    return null;
  }

  #valueEnded(): void {
    this.#done = this.#closers.length === 0;
    this.#expected = "comma-or-close";
  }

  #string(): JsonWalkFault | null {
    this.#offset += 1;
    this.#take(PLAIN);
    while (this.#take(ESCAPE)) this.#take(PLAIN);
    const character = this.#text[this.#offset];
    if (character === undefined) return this.#fail("the closing quote of the string");
    if (character === "\\") return this.#fail('an escape such as \\n, \\" or \\u00e9');
    if (character !== '"') return this.#fail("no bare line break or control character in a string");
    this.#offset += 1;
    return null;
  }

  /** Moves past what the pattern matches here; false where that is nothing. */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset;
    const end = pattern.test(this.#text) ? pattern.lastIndex : this.#offset;
    const moved = end > this.#offset;
    this.#offset = end;
    return moved;
  }

  #fail(expected: string): JsonWalkFault {
    const character = this.#text[this.#offset];
    const found = character === undefined ? "the end of the text" : JSON.stringify(character);
    const message = `expected ${expected}, found ${found}`;
    return { code: "syntax", message, offset: this.#offset };
  }
}
