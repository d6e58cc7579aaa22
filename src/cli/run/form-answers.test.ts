import { expect, test } from "vitest";
import { fieldQuestion, formFields, formValues } from "./form-answers.ts";

const FORM = {
  type: "object",
  required: ["name", "count"],
  properties: {
    name: { type: "string", title: "Who?" },
    count: { type: "integer", default: 3 },
    colour: { enum: ["red", "blue"] },
    loud: { type: "boolean" },
    rest: true,
  },
};

test("a form is asked field by field, with what may be typed", () => {
  expect(formFields(FORM).map(fieldQuestion)).toEqual([
    "name: Who? (string): ",
    "count (integer, empty: 3): ",
    'colour ("red" | "blue", empty: none): ',
    "loud (boolean, empty: none): ",
    "rest (JSON, empty: none): ",
  ]);
  expect(formFields(null)).toEqual([]);
});

test("what is typed for a field is read by its type", () => {
  const typed = new Map([
    ["name", "42"],
    ["colour", "blue"],
    ["loud", "true"],
    ["rest", "[1]"],
  ]);
  expect(formValues(formFields(FORM), typed)).toEqual({
    name: "42",
    count: 3,
    colour: "blue",
    loud: true,
    rest: [1],
  });
});

test("what cannot be read stays text, for the form itself to judge", () => {
  const typed = new Map([
    ["count", "many"],
    ["rest", "words"],
  ]);
  expect(formValues(formFields(FORM), typed)).toEqual({ count: "many", rest: "words" });
});
