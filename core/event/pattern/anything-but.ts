import { isObject } from "../json.ts";
import { caseless } from "./caseless.ts";
import { compileGlob, readUnits } from "./glob.ts";
import { readComparable } from "./number.ts";
import type { Test } from "./pattern.ts";
import { below, element, type Read, read, readAll, refuse } from "./refusal.ts";

/** Reads what `anything-but` excludes: a string, a number, a list of either kind, or one operator over a string or a list of strings. */
export function readAnythingBut(operand: unknown, where: string): Read<Test> {
  const tests = isObject(operand) ? readNegated(operand, where) : readValues(operand, where);
  return tests.ok ? read({ kind: "anything-but", tests: tests.value }) : tests;
}

function readValues(operand: unknown, where: string): Read<readonly Test[]> {
  if (!Array.isArray(operand)) {
    const one = readValue(operand, where);
    return one.ok ? read([one.value]) : one;
  }
  const values: readonly unknown[] = operand;
  if (values.length === 0) return refuse(where, "the list is empty; name at least one value to exclude");
  const tests = readAll(values, (value, index) => readValue(value, element(where, index)));
  if (!tests.ok) return tests;
  const odd = values.findIndex((value) => typeof value !== typeof values[0]);
  return odd < 0 ? tests : refuse(element(where, odd), "one list holds either strings or numbers, never both");
}

function readValue(value: unknown, where: string): Read<Test> {
  if (typeof value === "string") return read({ kind: "text", value });
  if (typeof value !== "number") return refuse(where, "anything-but excludes strings and numbers only");
  const number = readComparable(value, where);
  return number.ok ? read({ kind: "number", value }) : number;
}

function readNegated(operand: object, where: string): Read<readonly Test[]> {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(operand);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return refuse(where, "anything-but takes one operator");
  const [name, inner] = entry;
  const place = below(where, name);
  if (!isNegatable(name))
    return refuse(place, "anything-but takes prefix, suffix, equals-ignore-case or wildcard, and nothing inside them");
  if (!Array.isArray(inner)) {
    const one = readNegatedText(name, inner, place);
    return one.ok ? read([one.value]) : one;
  }
  const texts: readonly unknown[] = inner;
  if (texts.length === 0) return refuse(place, "the list is empty; name at least one text to exclude");
  return readAll(texts, (text, index) => readNegatedText(name, text, element(place, index)));
}

type Negatable = "prefix" | "suffix" | "equals-ignore-case" | "wildcard";

const negatable: ReadonlySet<string> = new Set<Negatable>(["prefix", "suffix", "equals-ignore-case", "wildcard"]);

const isNegatable = (name: string): name is Negatable => negatable.has(name);

function readNegatedText(name: Negatable, value: unknown, where: string): Read<Test> {
  if (typeof value !== "string") return refuse(where, `${name} takes a string here`);
  switch (name) {
    case "prefix":
    case "suffix":
      // Every string starts and ends with the empty one: nothing would be left to match.
      return value === "" ? refuse(where, `an empty ${name} would exclude every string`) : read({ kind: name, value });
    case "equals-ignore-case":
      return read({ kind: "ignoring-case", part: "whole", text: caseless(value) });
    case "wildcard": {
      const units = readUnits(value, where);
      return units.ok ? read({ kind: "wildcard", glob: compileGlob(units.value) }) : units;
    }
  }
}
