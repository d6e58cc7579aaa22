/** Functions and methods that an expression may call, and what each is for. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  size: "how many characters, items or fields",
  has: "whether a field is there: has(inputs.name)",
  string: "a number or boolean as text",
  int: "a number or text as a whole number",
  double: "a whole number or text as a number",
  bool: '"true" or "false" as a boolean',
  dyn: "the same value, its type not checked beforehand",
};

/** Methods: called on a value, with a dot. */
export const METHODS: Readonly<Record<string, string>> = {
  size: "how many characters, items or fields",
  contains: "whether text holds other text",
  startsWith: "whether text begins with other text",
  endsWith: "whether text ends with other text",
  indexOf: "where other text begins, or -1",
  lastIndexOf: "where other text begins for the last time, or -1",
  substring: "a part of text, from and up to a position",
  lowerAscii: "text in lower case",
  upperAscii: "text in upper case",
  trim: "text without white space around it",
  hasValue: "whether an optional is there: inputs.?name.hasValue()",
  orValue: 'an optional, or another value: inputs.?name.orValue("none")',
  or: "an optional, or another optional",
  value: "the value of an optional",
};

/** Methods that go through a list or the keys of a map; not one inside another. */
export const MACROS: Readonly<Record<string, string>> = {
  all: "whether it holds for all: list.all(x, x > 0)",
  exists: "whether it holds for one at least",
  exists_one: "whether it holds for exactly one",
  map: "the list of what comes of each",
  filter: "the list of those it holds for",
};

/** Why functions that the language has elsewhere are refused here. */
export const REFUSED: Readonly<Record<string, string>> = {
  matches: "its cost has no bound: use contains, startsWith or endsWith",
  bind: "it can multiply a value without bound",
  split: "it can multiply a value without bound",
  join: "it can multiply a value without bound",
  timestamp: "the value of a clock is no data: compare texts in RFC 3339, which sort by time",
  duration: "it has no JSON form: count in numbers",
  type: "compare the value instead",
};
