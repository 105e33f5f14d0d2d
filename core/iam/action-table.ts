import { type ActionSet, setOf } from "./action-set.ts";
import { globCovers } from "./glob-meet.ts";

/**
 * AWS's actions as a file: made by scripts/make-action-table.ts from the Service Authorization Reference, imported by
 * composition roots and passed in.
 */
export interface ActionTableFile {
  readonly source: string;
  readonly notice: string;
  readonly services: Readonly<Record<string, ActionTableService>>;
}

export interface ActionTableService {
  /** Resource type -> its ARN with `${…}` where a value stands. */
  readonly types: Readonly<Record<string, string>>;
  /** Access level's letter and places of resource types (`W0!,2`; `!` = always named) -> action names, joined by a space. */
  readonly actions: Readonly<Record<string, string>>;
}

export type AccessLevel = "list" | "read" | "write" | "tagging" | "permissions" | "unknown";

export interface ResourceType {
  readonly name: string;
  /** The ARN with `${…}` where a value stands. */
  readonly arn: string;
  /** True when every request of the action names one; otherwise it may. */
  readonly required: boolean;
}

export interface KnownAction {
  readonly place: number;
  /** Canonical case: `iam:PassRole`. */
  readonly name: string;
  readonly level: AccessLevel;
  /** Empty when the action takes no resource: then only `Resource: "*"` grants it. */
  readonly resources: readonly ResourceType[];
}

export interface ActionTable {
  /** How many actions it knows. */
  readonly size: number;
  /** The action at a place, as an `ActionSet` counts them: by service, then by name. */
  at(place: number): KnownAction | undefined;
  /** Finds one action, written in any case. */
  find(name: string): KnownAction | undefined;
  /** The table's spelling, or the name as given when the table does not know it. */
  canonical(name: string): string;
  /** The actions that a policy's action pattern covers. Takes time linear in the pattern. */
  expand(pattern: string): ActionSet;
}

/** True for an action that no ARN can bound: only `Resource: "*"` grants it (the reference's "does not support resource-level permissions"). */
export const wildcardOnly = (action: KnownAction): boolean => action.resources.length === 0;

/** Indexes the file. A service's actions are read when they are first asked for. */
export function actionTable(file: ActionTableFile): ActionTable {
  const sections = sectionsOf(file);
  const places = new Map(sections.map((one, at) => [one.prefix, at]));
  const last = sections.at(-1);
  const size = last === undefined ? 0 : last.start + last.count;
  const longest = sections.reduce((most, one) => Math.max(most, one.longest), 0);
  const sectionOf = (lower: string): Section | undefined => {
    const at = places.get(lower.slice(0, Math.max(0, lower.indexOf(":"))));
    return at === undefined ? undefined : sections[at];
  };
  const find = (name: string): KnownAction | undefined => {
    const lower = name.toLowerCase();
    return sectionOf(lower)?.actions().byName.get(lower);
  };
  return {
    size,
    find,
    canonical: (name) => find(name)?.name ?? name,
    at(place) {
      const section = sections[sections.findLastIndex(({ start }) => start <= place)];
      return section?.actions().list[place - section.start];
    },
    expand(pattern) {
      const wanted = withoutDoubleStars(pattern.toLowerCase());
      // Every character but a star stands for one of the name: what is longer than that matches nothing.
      if (wanted.length > 2 * longest + 1) return setOf(size, []);
      if (!/[*?]/.test(wanted)) {
        const one = find(wanted);
        return setOf(size, one === undefined ? [] : [one.place]);
      }
      const service = wanted.slice(0, Math.max(0, wanted.indexOf(":")));
      const found = service === "" || /[*?]/.test(service) ? sections : [sectionOf(wanted)];
      return setOf(
        size,
        found.flatMap((section) => section?.matching(wanted) ?? []),
      );
    },
  };
}

interface Section {
  readonly prefix: string;
  readonly start: number;
  readonly count: number;
  /** Characters of its longest action, prefix and colon among them. */
  readonly longest: number;
  actions(): Actions;
  matching(pattern: string): readonly number[];
}

interface Actions {
  readonly list: readonly KnownAction[];
  readonly byName: ReadonlyMap<string, KnownAction>;
}

function sectionsOf({ services }: ActionTableFile): readonly Section[] {
  let start = 0;
  return Object.entries(services).map(([prefix, service]) => {
    const groups = Object.entries(service.actions).map(([signature, names]) => ({
      signature,
      names: names.split(" "),
    }));
    const count = groups.reduce((sum, { names }) => sum + names.length, 0);
    const longest = groups.reduce(
      (most, { names }) => names.reduce((max, name) => Math.max(max, name.length), most),
      0,
    );
    const first = start;
    start += count;
    let read: Actions | undefined;
    const actions = (): Actions => {
      read ??= readActions({ prefix, first, types: Object.entries(service.types), groups });
      return read;
    };
    return {
      prefix,
      start: first,
      count,
      longest: prefix.length + 1 + longest,
      actions,
      matching: (pattern) =>
        [...actions().byName].flatMap(([lower, { place }]) => (globCovers(pattern, lower) ? [place] : [])),
    };
  });
}

interface Groups {
  readonly prefix: string;
  readonly first: number;
  readonly types: readonly (readonly [name: string, arn: string])[];
  readonly groups: readonly { readonly signature: string; readonly names: readonly string[] }[];
}

function readActions({ prefix, first, types, groups }: Groups): Actions {
  const read = groups.flatMap(({ signature, names }) => {
    const resources = signature
      .slice(1)
      .split(",")
      .flatMap((mark) => resourceType(mark, types));
    const level = levels[signature[0] ?? ""] ?? "unknown";
    return names.map((name) => ({ name: `${prefix}:${name}`, level, resources }));
  });
  const list = read.sort((a, b) => (a.name < b.name ? -1 : 1)).map((one, at) => ({ place: first + at, ...one }));
  return { list, byName: new Map(list.map((one) => [one.name.toLowerCase(), one])) };
}

const levels: Readonly<Record<string, AccessLevel>> = {
  L: "list",
  R: "read",
  W: "write",
  T: "tagging",
  P: "permissions",
};

function resourceType(mark: string, types: Groups["types"]): readonly ResourceType[] {
  const type = mark === "" ? undefined : types[Number.parseInt(mark, 10)];
  return type === undefined ? [] : [{ name: type[0], arn: type[1], required: mark.endsWith("!") }];
}

/** A run of stars says what one star says. */
const withoutDoubleStars = (pattern: string): string => pattern.replaceAll(/\*+/g, "*");
