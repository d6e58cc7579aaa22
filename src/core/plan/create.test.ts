import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import type { JsonObject } from "../json.ts";
import { Trial } from "../trial.test-helper.ts";

const file = { name: "notes.md", sha256: "ab12", size: 7, mediaType: "text/markdown" };

/** What a plan that takes files has published when it is made of these inputs. */
function published(inputs: JsonObject) {
  const text = { inputs: { notes: { type: "file" }, count: { type: "integer" } } } as const;
  const trial = new Trial({ a: {} }, { pure: TEST_PURE, text, create: { inputs }, upTo: "draft" });
  return trial.events.flatMap(({ type, data }) => (type === "artifact.published" ? [data] : []));
}

describe("a file that a plan is given", () => {
  test("is its artifact from the beginning", () => {
    expect(published({ notes: file, count: 1 })).toEqual([
      { artifact: { id: expect.stringMatching(/^art_/), ...file } },
    ]);
  });

  test.each<[string, JsonObject]>([
    ["is not there", {}],
    ["is no file", { notes: "notes.md" }],
    ["has no name", { notes: { ...file, name: 1 } }],
    ["has no content", { notes: { ...file, sha256: null } }],
    ["has no size", { notes: { ...file, size: "7" } }],
    ["has no media type", { notes: { ...file, mediaType: null } }],
    ["is not asked for as one", { count: file }],
  ])("is none where it %s", (_, inputs) => {
    expect(published(inputs)).toEqual([]);
  });
});

test("inputs with a key that reaches into the program make no plan", () => {
  const inputs: JsonObject = JSON.parse('{"o":{"__proto__":{"admin":true}}}');
  const create = { inputs };
  expect(() => new Trial({ a: {} }, { pure: TEST_PURE, create, upTo: "draft" })).toThrow(
    /"__proto__"/,
  );
});
