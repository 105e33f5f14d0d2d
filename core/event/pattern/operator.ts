import { isObject } from "../json.ts";
import { readAnythingBut } from "./anything-but.ts";
import { caseless } from "./caseless.ts";
import { compileGlob, readUnits } from "./glob.ts";
import { readCidr, singleIpv6 } from "./network.ts";
import { readRange } from "./number.ts";
import type { Test } from "./pattern.ts";
import { below, type Read, read, refuse } from "./refusal.ts";

/** Reads one value of a field's list: a scalar to equal, or an object with one operator. */
export function readTest(value: unknown, where: string): Read<Test> {
  if (typeof value === "string") return read(equalTo(value));
  if (typeof value === "number") return read({ kind: "number", value });
  if (typeof value === "boolean" || value === null) return read({ kind: "constant", value });
  if (!isObject(value))
    return refuse(where, "a value is a string, a number, true, false, null or an operator; lists do not nest");
  const only = onlyKey(value, where, `an operator such as {"prefix": "…"}`);
  return only.ok ? readOperator(only.value, value[only.value], below(where, only.value)) : only;
}

/** The one key of an object that has to have exactly one. */
export function onlyKey(value: object, where: string, expected: string): Read<string> {
  const [key, another] = Object.keys(value);
  if (key === undefined) return refuse(where, `an empty object; expected ${expected}`);
  if (another !== undefined)
    return refuse(where, "an operator object has exactly one key; write each operator as an element of its own");
  return read(key);
}

/** Reads a text, or says which operator needs one. */
export const readText = (value: unknown, where: string, operator: string): Read<string> =>
  typeof value === "string" ? read(value) : refuse(where, `${operator} takes a string`);

const operators = "anything-but, cidr, equals-ignore-case, exists, numeric, prefix, suffix, wildcard";

// EventBridge compares IPv6 addresses as addresses, however they are spelled.
function equalTo(value: string): Test {
  const network = singleIpv6(value);
  return network === undefined ? { kind: "text", value } : { kind: "network", network };
}

function readOperator(name: string, operand: unknown, where: string): Read<Test> {
  switch (name) {
    case "anything-but":
      return readAnythingBut(operand, where);
    case "cidr":
      return mapped(readCidr(operand, where), (network) => ({ kind: "network", network }));
    case "equals-ignore-case":
      return mapped(readText(operand, where, name), (text) => ignoringCase("whole", text));
    case "exactly":
      return mapped(readText(operand, where, name), (text) => ({ kind: "text", value: text }));
    case "exists":
      if (typeof operand !== "boolean") return refuse(where, "exists takes true or false");
      return read({ kind: operand ? "present" : "absent" });
    case "numeric":
      return mapped(readRange(operand, where), (range) => ({ kind: "range", range }));
    case "prefix":
    case "suffix":
      return isObject(operand)
        ? readCaselessEnd(name, operand, where)
        : mapped(readText(operand, where, name), end(name));
    case "wildcard":
      return readWildcard(operand, where);
    default:
      return refuse(where, `no such operator; operators are written in lower case: ${operators}`);
  }
}

function readWildcard(operand: unknown, where: string): Read<Test> {
  const text = readText(operand, where, "wildcard");
  if (!text.ok) return text;
  return mapped(readUnits(text.value, where), (units) => ({ kind: "wildcard", glob: compileGlob(units) }));
}

function readCaselessEnd(name: "prefix" | "suffix", operand: object, where: string): Read<Test> {
  const expected = `{"equals-ignore-case": "…"}`;
  const only = onlyKey(operand, where, expected);
  if (!only.ok) return only;
  const inner = below(where, only.value);
  if (only.value !== "equals-ignore-case") return refuse(inner, `${name} takes a string or ${expected}`);
  const text = readText((operand as { readonly [key: string]: unknown })[only.value], inner, only.value);
  return mapped(text, (found) => ignoringCase(name === "prefix" ? "start" : "end", found));
}

const end =
  (kind: "prefix" | "suffix") =>
  (value: string): Test => ({ kind, value });

const ignoringCase = (part: "whole" | "start" | "end", text: string): Test => ({
  kind: "ignoring-case",
  part,
  text: caseless(text),
});

const mapped = <From>(from: Read<From>, to: (value: From) => Test): Read<Test> =>
  from.ok ? read(to(from.value)) : from;
