import { type ActionSet, complement, emptySet, has } from "../action-set.ts";
import { type ActionTable, type KnownAction, wildcardOnly } from "../action-table.ts";
import { globCovers } from "../glob-meet.ts";
import type { PolicyDocument } from "../policy.ts";
import type { Scope } from "../statement.ts";
import { newName } from "./condition-values.ts";
import { type Body, bodyOf } from "./difference-body.ts";

/** Actions for which the same bodies stand on both sides. */
export interface Group {
  readonly actions: readonly AskedAction[];
  readonly old: readonly Body[];
  readonly now: readonly Body[];
  readonly wildcardOnly: boolean;
}

export interface AskedAction {
  /** Canonical case; a name or pattern that the table does not know as it is written. */
  readonly name: string;
  /** The action that is asked for: another text only where the name is a pattern. */
  readonly asked: string;
  /** What stands before the colon, in lower case. */
  readonly service: string;
  readonly known: KnownAction | undefined;
}

/** Sorts actions by the bodies that cover them on both sides; those for which nothing changed are left out. */
export interface Grouping {
  groups(old: readonly PolicyDocument[], now: readonly PolicyDocument[]): readonly Group[];
}

/** Places remembered for wildcard patterns, all together: 2 MB, and most patterns need a few dozen. */
const mostRemembered = 1_000_000;

/** Remembers what the table answered, so that a second pair costs less than the first. */
export function grouping(table: ActionTable): Grouping {
  const expanded = new Map<string, Places>();
  const names: AskedAction[] = [];
  let remembered = 0;
  const expand = (pattern: string): Places => {
    const known = expanded.get(pattern);
    if (known !== undefined) return known;
    const every = /^\*+(?::\*+)?$/.test(pattern);
    const set = every ? complement(emptySet(table.size), table.size) : table.expand(pattern);
    const fresh = Uint16Array.from(placesIn(set.words));
    remembered += fresh.length + 8;
    if (remembered > mostRemembered) {
      expanded.clear();
      remembered = fresh.length + 8;
    }
    expanded.set(pattern, fresh);
    return fresh;
  };
  const at = (place: number): AskedAction | undefined => {
    const seen = names[place];
    if (seen !== undefined) return seen;
    const known = table.at(place);
    if (known === undefined) return undefined;
    const fresh = { name: known.name, asked: known.name, service: serviceOf(known.name), known };
    names[place] = fresh;
    return fresh;
  };
  const covered = ({ kind, patterns }: Scope): ActionSet => {
    const set = emptySet(table.size);
    for (const pattern of patterns)
      for (const place of expand(pattern.toLowerCase())) add(set, place >>> 5, 1 << (place & 31));
    return kind === "only" ? set : complement(set, table.size);
  };
  return {
    groups(old, now) {
      const rows = rowsOf(old, now, covered);
      const groups = new Map<string, { readonly marks: string; readonly actions: AskedAction[] }>();
      const put = (action: AskedAction, covers: (row: Row, side: Side) => boolean): void => {
        const marks = marksOf(rows, covers);
        if (marks === undefined) return;
        const key = action.known !== undefined && wildcardOnly(action.known) ? `${marks}*` : marks;
        const found = groups.get(key);
        if (found === undefined) groups.set(key, { marks, actions: [action] });
        else found.actions.push(action);
      };
      for (const place of changed(rows, table.size)) {
        const action = at(place);
        if (action !== undefined) put(action, (row, side) => has(row[side].places, place));
      }
      for (const action of unknownIn([...old, ...now], expand)) {
        const lower = action.asked.toLowerCase();
        put(action, (row, side) => row[side].scopes.some((scope) => coversName(scope, lower)));
      }
      return [...groups.values()].map(({ actions, marks }) => ({
        actions,
        old: marked(rows, marks, "13"),
        now: marked(rows, marks, "23"),
        wildcardOnly: actions.some(({ known }) => known !== undefined && wildcardOnly(known)),
      }));
    },
  };
}

type Side = "old" | "now";

interface Row {
  readonly body: Body;
  readonly old: Covered;
  readonly now: Covered;
}

interface Covered {
  readonly places: ActionSet;
  readonly scopes: Scope[];
}

function rowsOf(
  old: readonly PolicyDocument[],
  now: readonly PolicyDocument[],
  covered: (scope: Scope) => ActionSet,
): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const [side, documents] of [
    ["old", old],
    ["now", now],
  ] as const)
    for (const { version, statements } of documents)
      for (const statement of statements) {
        const body = bodyOf(statement, version);
        const row = rows.get(body.key) ?? { body, old: nowhere(), now: nowhere() };
        rows.set(body.key, row);
        row[side].scopes.push(statement.actions);
      }
  // By content: what is found first must not depend on the order of statements.
  const sorted = [...rows.values()].sort((a, b) => (a.body.key < b.body.key ? -1 : 1));
  return sorted.map(({ body, old: before, now: after }) => ({
    body,
    old: { ...before, places: together(before.scopes.map(covered)) },
    now: { ...after, places: together(after.scopes.map(covered)) },
  }));
}

const nowhere = (): Covered => ({ places: { words: new Uint32Array(0) }, scopes: [] });

function together(sets: readonly ActionSet[]): ActionSet {
  const [first, ...more] = sets;
  if (first === undefined) return { words: new Uint32Array(0) };
  for (const one of more) addAll(first, one);
  return first;
}

/** By index: an iterator over 700 words costs ten times as much. */
function addAll(into: ActionSet, { words }: ActionSet): void {
  for (let word = 0; word < words.length; word++) add(into, word, words[word] ?? 0);
}

function add({ words }: ActionSet, word: number, bits: number): void {
  words[word] = (words[word] ?? 0) | bits;
}

/** The places where some body covers an action on one side only. */
function changed(rows: readonly Row[], size: number): readonly number[] {
  const { words } = emptySet(size);
  for (const { old, now } of rows)
    for (let word = 0; word < words.length; word++)
      words[word] = (words[word] ?? 0) | ((old.places.words[word] ?? 0) ^ (now.places.words[word] ?? 0));
  return placesIn(words);
}

/** Places in a table, which has fewer than 65,536 actions. */
type Places = Uint16Array;

/** The places of all bits, smallest first. */
function placesIn(words: Uint32Array): readonly number[] {
  const places: number[] = [];
  for (let word = 0; word < words.length; word++)
    for (let rest = words[word] ?? 0; rest !== 0; rest &= rest - 1)
      places.push(word * 32 + 31 - Math.clz32(rest & -rest));
  return places;
}

/** For each body where it covers the action: 0 nowhere, 1 in the old, 2 in the new, 3 in both; nothing when both sides are the same. */
function marksOf(rows: readonly Row[], covers: (row: Row, side: Side) => boolean): string | undefined {
  let marks = "";
  let differs = false;
  for (const row of rows) {
    const mark = (covers(row, "old") ? 1 : 0) + (covers(row, "now") ? 2 : 0);
    if (mark === 1 || mark === 2) differs = true;
    marks += mark;
  }
  return differs ? marks : undefined;
}

const marked = (rows: readonly Row[], marks: string, wanted: string): readonly Body[] =>
  rows.flatMap(({ body }, at) => (wanted.includes(marks[at] ?? "-") ? [body] : []));

const coversName = ({ kind, patterns }: Scope, lower: string): boolean =>
  patterns.some((pattern) => globCovers(pattern.toLowerCase(), lower)) === (kind === "only");

/** Names, and patterns that cover no action of the table: each once, whatever its case. */
function unknownIn(documents: readonly PolicyDocument[], expand: (pattern: string) => Places): readonly AskedAction[] {
  const found = new Map<string, string>();
  for (const { statements } of documents)
    for (const { actions } of statements)
      for (const pattern of actions.patterns) {
        const lower = pattern.toLowerCase();
        const known = expand(lower).length > 0;
        const before = found.get(lower);
        if (!known && (before === undefined || pattern < before)) found.set(lower, pattern);
      }
  return [...found.values()].sort().map((name) => {
    const asked = name.replaceAll(/\*+/g, newName).replaceAll("?", "x");
    return { name, asked, service: serviceOf(asked), known: undefined };
  });
}

const serviceOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(":"))).toLowerCase();
