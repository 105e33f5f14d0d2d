import type { Condition } from "../condition.ts";
import { conditionTest } from "../condition-test.ts";
import type { Context, ContextValue } from "../context.ts";
import type { PolicyVersion } from "../template.ts";
import { newName, type Versioned, valuesFor } from "./condition-values.ts";

/** What of a statement a context decides. */
export interface Conditional {
  readonly conditions: readonly Condition[];
  readonly version: PolicyVersion;
  /** Context keys that its policy variables read, in lower case. */
  readonly variables: readonly string[];
}

/** Statements of both sides, and which of them have to apply. */
export interface Goal<One extends Conditional> {
  readonly must: readonly One[];
  /** None of them may apply. */
  readonly never: readonly One[];
  /** None of them may apply, unless one of `lifted` does. */
  readonly before: readonly One[];
  readonly lifted: readonly One[];
}

/** Context keys with their values, as a request brings them. */
export type Circumstances = ReadonlyMap<string, ContextValue>;

/** Contexts tried for one question. */
const mostTries = 192;

/**
 * Looks for a context that meets the goal: first one that meets the conditions that must hold, then changed key by key where
 * another statement stands in the way, fewest changes first. Finds none where it would need more than `mostTries` steps.
 */
export function findContext<One extends Conditional>(
  goal: Goal<One>,
  applies: (one: One, context: Context) => boolean,
  start: Circumstances,
): Circumstances | undefined {
  const all = [...goal.must, ...goal.never, ...goal.before, ...goal.lifted];
  if (all.every(({ conditions, variables }) => conditions.length === 0 && variables.length === 0))
    return wrong(goal, applies, start) === undefined ? start : undefined;
  const choices = choicesAmong(all, start);
  const queue: Circumstances[] = [opening(goal.must, choices, start)];
  const seen = new Set(queue.map(textOf));
  for (let at = 0; at < queue.length && at < mostTries; at++) {
    const tried = queue[at] ?? start;
    const standing = wrong(goal, applies, tried);
    if (standing === undefined) return tried;
    for (const next of changes(standing, choices, tried)) {
      if (queue.length >= mostTries * 2) break;
      const text = textOf(next);
      if (seen.has(text)) continue;
      seen.add(text);
      queue.push(next);
    }
  }
  return undefined;
}

/** The statements that a change has to be made for, or nothing when the goal is met. */
function wrong<One extends Conditional>(
  { must, never, before, lifted }: Goal<One>,
  applies: (one: One, context: Context) => boolean,
  tried: Circumstances,
): readonly One[] | undefined {
  const context: Context = (key) => tried.get(key);
  const missing = must.find((one) => !applies(one, context));
  if (missing !== undefined) return [missing];
  const denies = never.find((one) => applies(one, context));
  if (denies !== undefined) return [denies];
  const allows = before.find((one) => applies(one, context));
  if (allows === undefined || lifted.some((one) => applies(one, context))) return undefined;
  return [allows, ...lifted];
}

type Choices = ReadonlyMap<string, readonly (ContextValue | undefined)[]>;

/** Keys that the start gives are not changed: a resource may have been made from them. */
function choicesAmong(all: readonly Conditional[], start: Circumstances): Choices {
  const byKey = new Map<string, Versioned[]>();
  for (const { conditions, version } of new Set(all))
    for (const condition of conditions) {
      const key = condition.key.toLowerCase();
      byKey.set(key, [...(byKey.get(key) ?? []), { condition, version }]);
    }
  const variables: Context = (key) => start.get(key) ?? newName;
  const choices = new Map([...byKey].map(([key, conditions]) => [key, valuesFor(conditions, variables)] as const));
  for (const key of all.flatMap((one) => one.variables)) if (!choices.has(key)) choices.set(key, [newName, undefined]);
  const given = [...choices].filter(([key]) => !start.has(key));
  return new Map(
    given.map(([key, values]) => [key, told.has(key) ? values.filter((one) => one !== undefined) : values]),
  );
}

/** Keys that AWS puts into every request: they are never absent. */
const told: ReadonlySet<string> = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principaltype",
  "aws:principalisawsservice",
  "aws:resourceaccount",
]);

/** The conditions that must hold, met key by key where that can be told of one key alone. */
function opening(must: readonly Conditional[], choices: Choices, start: Circumstances): Circumstances {
  const found = new Map(start);
  for (const key of must.flatMap((one) => one.variables)) if (!found.has(key)) found.set(key, newName);
  const tests = new Map<string, ((context: Context) => boolean)[]>();
  for (const { conditions, version } of must)
    for (const condition of conditions) {
      const key = condition.key.toLowerCase();
      tests.set(key, [...(tests.get(key) ?? []), conditionTest(condition, version)]);
    }
  for (const [key, all] of tests) {
    if (start.has(key)) continue;
    const fits = (value: ContextValue | undefined): boolean =>
      all.every((test) => test((name) => (name === key ? value : (found.get(name) ?? newName))));
    const value = choices.get(key)?.find(fits);
    if (value !== undefined) found.set(key, value);
    else found.delete(key);
  }
  // What AWS would tell of the caller anyway is said, so that the witness holds whoever asks.
  for (const [key, values] of choices) {
    const value = told.has(key) || key === "aws:username" ? values.findLast((one) => one !== undefined) : undefined;
    if (value !== undefined && !found.has(key) && !tests.has(key)) found.set(key, value);
  }
  return found;
}

function* changes(standing: readonly Conditional[], choices: Choices, tried: Circumstances): Generator<Circumstances> {
  for (const { conditions, variables } of standing)
    for (const key of new Set([...conditions.map((one) => one.key.toLowerCase()), ...variables]))
      for (const value of choices.get(key) ?? []) {
        if (same(value, tried.get(key))) continue;
        const next = new Map(tried);
        if (value === undefined) next.delete(key);
        else next.set(key, value);
        yield next;
      }
}

const same = (a: ContextValue | undefined, b: ContextValue | undefined): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));

const textOf = (context: Circumstances): string => JSON.stringify([...context].sort(([a], [b]) => (a < b ? -1 : 1)));
