import type { Branch, Leaf, Step, Test } from "./pattern.ts";

/** The fields of one alternative by their dotted path, the last one written first. Alternatives share what they have in common. */
export type Fields =
  | { readonly kind: "none" }
  | { readonly kind: "field"; readonly path: string; readonly tests: readonly Test[]; readonly before: Fields };

/**
 * Arranges the fields of one alternative as the tree that is walked along the event. A path that was written twice
 * keeps its last list, as in EventBridge.
 */
export function plant(fields: Fields): Branch {
  const leaves = new Map<string, Leaf>();
  for (let field = fields; field.kind !== "none"; field = field.before)
    if (!leaves.has(field.path)) leaves.set(field.path, leafOf(field.path.split("."), field.tests));
  const paths = [...leaves].sort(([one], [other]) => (one < other ? -1 : 1));
  return grow(paths.map(([, leaf]) => leaf));
}

const leafOf = (path: readonly string[], tests: readonly Test[]): Leaf => ({
  path,
  tests,
  optional: tests.some((test) => test.kind === "absent"),
});

/** The branch over leaves that are in the order of their paths. */
function grow(leaves: readonly Leaf[]): Branch {
  const steps: Step[] = [];
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const [key = "", ...rest] = leaf.path;
    if (rest.length === 0) steps.push({ kind: "leaf", key, leaf });
    else {
      const group = groups.get(key) ?? [];
      group.push({ ...leaf, path: rest });
      groups.set(key, group);
    }
  }
  for (const [key, group] of groups) steps.push({ kind: "branch", key, branch: grow(group) });
  const inList = apartInList(leaves);
  return {
    steps,
    leaves,
    dottedKeys: [...new Set(leaves.flatMap(({ path }) => joinedBeginnings(path)))],
    optional: leaves.every((leaf) => leaf.optional),
    ...(inList === undefined ? {} : { inList }),
  };
}

/**
 * EventBridge looks at paths in their order. A `{"exists": false}` that comes before any other field of a list of
 * objects is asked of the whole list, because no element has been chosen yet; one that comes later, of the element.
 */
function apartInList(leaves: readonly Leaf[]): Branch["inList"] {
  const first = leaves.findIndex((leaf) => !onlyAbsent(leaf));
  if (first <= 0) return undefined;
  return { apart: leaves.slice(0, first).map((leaf) => grow([leaf])), together: grow(leaves.slice(first)) };
}

const onlyAbsent = (leaf: Leaf): boolean => leaf.tests.every((test) => test.kind === "absent");

const joinedBeginnings = (path: readonly string[]): readonly string[] =>
  path.slice(1).map((_, index) => path.slice(0, index + 2).join("."));
