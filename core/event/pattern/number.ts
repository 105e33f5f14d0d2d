import type { Range } from "./pattern.ts";
import { element, type Read, read, refuse } from "./refusal.ts";

/** The largest number EventBridge compares; the smallest is its negative. */
export const largest = 5_000_000_000;

/** The number in millionths: EventBridge compares six digits behind the point. Nothing when it is out of its range. */
export const millionths = (value: number): number | undefined =>
  value >= -largest && value <= largest ? Math.round(value * 1e6) : undefined;

/** Whether two numbers are the same to EventBridge. Numbers beyond its range are compared as they are. */
export function sameNumber(one: number, other: number): boolean {
  if (one === other) return true;
  const units = millionths(one);
  return units !== undefined && units === millionths(other);
}

/** Whether a number of an event lies in the range. */
export function inRange({ low, lowOpen, high, highOpen }: Range, value: number): boolean {
  const units = millionths(value);
  if (units === undefined) return false;
  return (lowOpen ? units > low : units >= low) && (highOpen ? units < high : units <= high);
}

/** Reads `["=", n]`, one bound, or a lower bound followed by an upper one. */
export function readRange(value: unknown, where: string): Read<Range> {
  if (!Array.isArray(value)) return refuse(where, 'numeric takes a list such as [">", 0, "<=", 5]');
  const terms: readonly unknown[] = value;
  const [comparator, operand, second, secondOperand] = terms;
  if (!isComparator(comparator))
    return refuse(element(where, 0), 'expected a comparator: one of "=", "<", "<=", ">", ">="');
  const first = readOperand(operand, element(where, 1), comparator);
  if (!first.ok) return first;
  if (terms.length === 2) return read(oneSided(comparator, first.value));
  if (!comparator.startsWith(">"))
    return refuse(element(where, 2), `nothing may follow ${comparator}; a range is a lower bound, then an upper one`);
  if (second !== "<" && second !== "<=")
    return refuse(element(where, 2), 'the second comparator of a range has to be "<" or "<="');
  const top = readOperand(secondOperand, element(where, 3), second);
  if (!top.ok) return top;
  if (terms.length > 4) return refuse(element(where, 4), "a range has two comparators at most");
  if (first.value >= top.value) return refuse(where, "the lower bound has to be less than the upper one");
  return read({ low: first.value, lowOpen: comparator === ">", high: top.value, highOpen: second === "<" });
}

/** Reads a number that EventBridge can compare. */
export const readComparable = (value: unknown, where: string): Read<number> => {
  if (typeof value !== "number") return refuse(where, "expected a number");
  return millionths(value) === undefined
    ? refuse(where, `EventBridge compares numbers from -${largest} to ${largest} only`)
    : read(value);
};

type Comparator = "=" | "<" | "<=" | ">" | ">=";

const comparators: ReadonlySet<unknown> = new Set(["=", "<", "<=", ">", ">="]);

const isComparator = (value: unknown): value is Comparator => comparators.has(value);

function readOperand(value: unknown, where: string, comparator: Comparator): Read<number> {
  if (value === undefined) return refuse(where, `a number has to follow ${comparator}`);
  const number = readComparable(value, where);
  return number.ok ? read(Math.round(number.value * 1e6)) : number;
}

function oneSided(comparator: Comparator, value: number): Range {
  const everything = { low: -largest * 1e6, lowOpen: false, high: largest * 1e6, highOpen: false };
  switch (comparator) {
    case "=":
      return { ...everything, low: value, high: value };
    case ">":
      return { ...everything, low: value, lowOpen: true };
    case ">=":
      return { ...everything, low: value };
    case "<":
      return { ...everything, high: value, highOpen: true };
    case "<=":
      return { ...everything, high: value };
  }
}
