import { count, isEmpty, placesOf, setOf, union, without } from "../../iam/action-set.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import { globCovers } from "../../iam/glob-meet.ts";
import type { Scope } from "../../iam/statement.ts";
import { besideActions, besideResources, type WrittenStatement } from "./policy-statement.ts";

/** The same policy in fewer characters: patterns that others cover go, statements that differ in one list become one. */
export function shortened(statements: readonly WrittenStatement[]): readonly WrittenStatement[] {
  let shorter: readonly WrittenStatement[] = statements.map(tidied);
  for (let before = -1; before !== shorter.length; ) {
    before = shorter.length;
    shorter = merged(shorter, besideActions, (one, actions) => ({ ...one, actions: tidy(actions) }), "actions");
    shorter = merged(
      shorter,
      besideResources,
      (one, resources) => ({ ...one, resources: tidy(resources) }),
      "resources",
    );
  }
  return shorter.filter((one, at) => !shorter.some((other, place) => place !== at && contains(other, one, place < at)));
}

/**
 * Actions that are all a service has with one beginning, written as that beginning and `*`. No wider than written by the
 * action table; an action that AWS adds later with the same beginning would be in it.
 */
export function withPrefixes(one: WrittenStatement, table: ActionTable): WrittenStatement {
  if (one.actions.kind !== "only") return one;
  const known = one.actions.patterns.flatMap((name) => table.find(name) ?? []);
  const others = one.actions.patterns.filter((name) => table.find(name) === undefined);
  const wanted = setOf(
    table.size,
    known.map(({ place }) => place),
  );
  const chosen: string[] = [];
  let left = wanted;
  while (!isEmpty(left)) {
    const [place = 0] = placesOf(left);
    const name = table.at(place)?.name ?? "";
    const prefix = widestWithin(name, table, wanted);
    const covered = prefix === undefined ? setOf(table.size, [place]) : table.expand(prefix);
    chosen.push(prefix !== undefined && count(covered) > 1 ? prefix : name);
    left = without(left, union(covered, setOf(table.size, [place])));
  }
  return { ...one, actions: { kind: "only", patterns: [...others, ...chosen] } };
}

/** The shortest `service:Begin*`, cut between words, that covers nothing but what is wanted. */
function widestWithin(name: string, table: ActionTable, wanted: ReturnType<typeof setOf>): string | undefined {
  for (let end = name.indexOf(":") + 1; end < name.length; end++) {
    if (!/[A-Z]/.test(name.charAt(end))) continue;
    const pattern = `${name.slice(0, end)}*`;
    if (isEmpty(without(table.expand(pattern), wanted))) return pattern;
  }
  return undefined;
}

type Part = "actions" | "resources";

function merged(
  statements: readonly WrittenStatement[],
  key: (one: WrittenStatement) => string,
  joined: (one: WrittenStatement, scope: Scope) => WrittenStatement,
  part: Part,
): readonly WrittenStatement[] {
  return [...Map.groupBy(statements, key).values()].flatMap((group) => {
    const [first, ...rest] = group;
    if (first === undefined) return [];
    const { kind, patterns } = first[part];
    // "All but a" or "all but b" is everything; only equal lists are the same statement.
    if (kind === "all-but") return distinctLists(group, part);
    const all = [...patterns, ...rest.flatMap((one) => one[part].patterns)];
    return [joined(first, { kind, patterns: all })];
  });
}

const distinctLists = (group: readonly WrittenStatement[], part: Part): readonly WrittenStatement[] => [
  ...new Map(group.map((one) => [one[part].patterns.toSorted().join(" "), one])).values(),
];

const tidied = (one: WrittenStatement): WrittenStatement => ({
  ...one,
  actions: tidy(one.actions, (text) => text.toLowerCase()),
  resources: tidy(one.resources),
});

/** Without patterns that another one covers, the first of two equal ones staying. */
function tidy({ kind, patterns }: Scope, folded: (text: string) => string = (text) => text): Scope {
  const distinct = [...new Map(patterns.toReversed().map((text) => [folded(text), text])).values()].toReversed();
  const kept = distinct.filter(
    (text) => !distinct.some((other) => other !== text && covers(folded(other), folded(text))),
  );
  return { kind, patterns: kept };
}

/** Whether one pattern matches all that another matches, told for what is written without variables. */
const covers = (wide: string, narrow: string): boolean =>
  !wide.includes("${") && !narrow.includes("${") && !narrow.includes("?") && globCovers(wide, narrow);

/** Whether the first statement says all that the second one says; of two equal ones the earlier stays. */
function contains(wide: WrittenStatement, narrow: WrittenStatement, earlier: boolean): boolean {
  if (wide.effect !== narrow.effect || wide.condition !== undefined) return false;
  const scopes: readonly (readonly [wide: Scope, narrow: Scope])[] = [
    [lower(wide.actions), lower(narrow.actions)],
    [wide.resources, narrow.resources],
  ];
  const inside = scopes.every(([a, b]) => within(a, b));
  return inside && (earlier || !scopes.every(([a, b]) => within(b, a)) || narrow.condition !== undefined);
}

const lower = ({ kind, patterns }: Scope): Scope => ({ kind, patterns: patterns.map((text) => text.toLowerCase()) });

const within = (wide: Scope, narrow: Scope): boolean =>
  wide.kind === "only" &&
  (narrow.kind === "only"
    ? narrow.patterns.every((text) => wide.patterns.some((other) => other === text || covers(other, text)))
    : wide.patterns.includes("*"));
