import { expect, test } from "vitest";
import { beatText, hintText, readHintText } from "./hint-text.ts";

test("a hint names its sender and the pools that have work", () => {
  const text = hintText("me", new Set(["default", "gpu"]));
  expect(readHintText(text)).toEqual({ from: "me", hint: new Set(["default", "gpu"]) });
});

test("a star among the pools concerns everybody", () => {
  expect(readHintText(hintText("me", new Set(["gpu", "*"])))).toEqual({
    from: "me",
    hint: "everybody",
  });
});

test("pools that do not fit into one notification concern everybody", () => {
  const fits = new Set(["x".repeat(7900)]);
  expect(readHintText(hintText("me", fits))).toEqual({ from: "me", hint: fits });
  expect(readHintText(hintText("me", new Set(["x".repeat(7990)])))?.from).toBe("me");
  const wide = hintText("me", new Set(["ä".repeat(4000)]));
  expect(readHintText(wide)).toEqual({ from: "me", hint: "everybody" });
  expect(new TextEncoder().encode(wide).length).toBeLessThan(8000);
});

test("a heartbeat is told from a hint", () => {
  expect(readHintText(beatText("me", 3))).toEqual({ from: "me", beat: 3 });
});

test.each([
  "",
  "work",
  "null",
  "[]",
  "7",
  '{"pools":["a"]}',
  '{"from":1,"pools":"*"}',
  '{"from":"x"}',
  '{"from":"x","pools":7}',
])("what anybody else sends is no hint: %s", (text) => {
  expect(readHintText(text)).toBeNull();
});

test("of a list only names are pools", () => {
  expect(readHintText('{"from":"x","pools":["a",1,null]}')).toEqual({
    from: "x",
    hint: new Set(["a"]),
  });
});
