import { isObject, type Json, type JsonObject } from "../json.ts";
import { spelledAt } from "./caseless.ts";
import { matchesGlob } from "./glob.ts";
import { inNetwork } from "./network.ts";
import { inRange, sameNumber } from "./number.ts";
import type { Branch, Leaf, Pattern, Step, Test } from "./pattern.ts";

/** Whether the event, as parsed JSON, is one that EventBridge would match with this pattern. */
export const matches = (pattern: Pattern, event: unknown): boolean =>
  isObject(event) && pattern.alternatives.some((branch) => judgeBranch(branch, event, 0) !== "missed");

/** What a part of the event says to a part of the pattern: a value fits, all is absent as allowed, or neither. */
type Verdict = "met" | "lacking" | "missed";

/** Lists nested deeper than this are not looked into: no record may be deeper, and the walk must not exhaust the stack. */
const deepest = 64;

function judgeBranch(branch: Branch, value: unknown, depth: number): Verdict {
  if (Array.isArray(value)) return depth < deepest ? judgeList(branch, value, depth + 1) : unseen(branch);
  if (!isObject(value)) return unseen(branch);
  if (branch.dottedKeys.length > 0 && branch.dottedKeys.some((key) => value[key] !== undefined))
    return all(branch.leaves, (leaf) => judgePath(leaf, value, 0, depth));
  return all(branch.steps, (step) => judgeStep(step, value, depth));
}

function judgeStep(step: Step, value: JsonObject, depth: number): Verdict {
  const below = own(value, step.key);
  switch (step.kind) {
    case "leaf":
      return below === undefined ? unseen(step.leaf) : judgeLeaf(step.leaf, below, depth);
    case "branch":
      return below === undefined ? unseen(step.branch) : judgeBranch(step.branch, below, depth);
  }
}

/** The value of an own key, as `Object.hasOwn` would find it, but cheaper: JSON holds neither functions nor undefined. */
function own(value: JsonObject, key: string): unknown {
  if (key === "__proto__" && !Object.hasOwn(value, key)) return undefined;
  const found: unknown = value[key];
  return typeof found === "function" ? undefined : found;
}

/** Fields of one list have to be met by one element; that no two elements are mixed is what Ruler calls array consistency. */
function judgeList(branch: Branch, list: readonly Json[], depth: number): Verdict {
  const { apart, together } = branch.inList ?? { apart: [], together: branch };
  if (apart.some((one) => judgeList(one, list, depth) === "missed")) return "missed";
  return best(unseen(together), list.filter(isContainer), (one) => judgeBranch(together, one, depth));
}

/** A value, or the values of a list: one that fits is enough. Objects are no values; an empty list is as good as absent. */
function judgeLeaf(leaf: Leaf, value: unknown, depth: number): Verdict {
  if (!isContainer(value)) return leaf.tests.some((test) => passes(test, value)) ? "met" : "missed";
  if (!Array.isArray(value) || depth >= deepest) return unseen(leaf);
  const values: readonly unknown[] = value;
  return best(unseen(leaf), values, (one) =>
    isContainer(one) && !Array.isArray(one) ? "lacking" : judgeLeaf(leaf, one, depth + 1),
  );
}

/** The same for one field in an event that has dots in its keys: every way to cut the path into keys counts. */
function judgePath(leaf: Leaf, value: unknown, from: number, depth: number): Verdict {
  if (from === leaf.path.length) return judgeLeaf(leaf, value, depth);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return depth < deepest
      ? best(unseen(leaf), list.filter(isContainer), (one) => judgePath(leaf, one, from, depth + 1))
      : unseen(leaf);
  }
  if (!isObject(value)) return unseen(leaf);
  const ends = leaf.path.map((_, index) => index + 1).filter((end) => end > from);
  const ways = ends.map((end) => ({ end, key: leaf.path.slice(from, end).join(".") }));
  return best(
    unseen(leaf),
    ways.filter(({ key }) => Object.hasOwn(value, key)),
    ({ end, key }) => judgePath(leaf, value[key], end, depth),
  );
}

const unseen = (part: { readonly optional: boolean }): Verdict => (part.optional ? "lacking" : "missed");

/** All parts have to agree; met as soon as one of them is met by a value. */
function all<Part>(parts: readonly Part[], judge: (part: Part) => Verdict): Verdict {
  let verdict: Verdict = "lacking";
  for (const part of parts) {
    const one = judge(part);
    if (one === "missed") return one;
    if (one === "met") verdict = one;
  }
  return verdict;
}

/** One of the candidates has to fit. Without one, absence counts only if no candidate contradicts it. */
function best<Candidate>(
  absent: Verdict,
  candidates: readonly Candidate[],
  judge: (one: Candidate) => Verdict,
): Verdict {
  let verdict = absent;
  for (const candidate of candidates) {
    const one = judge(candidate);
    if (one === "met") return one;
    if (one === "missed") verdict = one;
  }
  return verdict;
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;

function passes(test: Test, value: unknown): boolean {
  switch (test.kind) {
    case "text":
    case "constant":
      return value === test.value;
    case "number":
      return typeof value === "number" && sameNumber(test.value, value);
    case "prefix":
      return typeof value === "string" && value.startsWith(test.value);
    case "suffix":
      return typeof value === "string" && value.endsWith(test.value);
    case "ignoring-case":
      return typeof value === "string" && ignoringCase(test, value);
    case "wildcard":
      return typeof value === "string" && matchesGlob(test.glob, value);
    case "range":
      return typeof value === "number" && inRange(test.range, value);
    case "network":
      return typeof value === "string" && inNetwork(test.network, value);
    case "present":
      return true;
    case "absent":
      return false;
    case "anything-but":
      return !test.tests.some((excluded) => passes(excluded, value));
  }
}

function ignoringCase({ part, text }: Extract<Test, { readonly kind: "ignoring-case" }>, value: string): boolean {
  switch (part) {
    case "whole":
      return value.length === text.lower.length && spelledAt(text, value, 0);
    case "start":
      return spelledAt(text, value, 0);
    case "end":
      return spelledAt(text, value, value.length - text.lower.length);
  }
}
