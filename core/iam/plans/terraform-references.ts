import { asList, isPlanObject, listUnder, type PlanObject, textsIn, textUnder, under } from "./plan-value.ts";

/** One entry of `resource_changes`: one instance of a resource or data source. */
export interface TerraformChange {
  readonly address: string;
  /** With indexes; empty for the root module. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** As text, so that a number and a key are told apart. */
  readonly index: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly afterUnknown: unknown;
  readonly actions: readonly string[];
}

/** What the configuration says of a change, where the value itself is not known yet. */
export interface References {
  /** What an expression refers to. */
  referred(change: TerraformChange, ...path: readonly string[]): readonly TerraformChange[];
  /**
   * Whether an argument is written at all: what the provider fills in by itself (`inline_policy` of a new role, `policy` of a
   * new bucket) is known after apply too. True where the plan has no configuration of the change.
   */
  mentions(change: TerraformChange, argument: string): boolean;
}

/** A chain of variables and outputs that is longer is not followed. */
const mostHops = 12;

/**
 * Follows references of the plan's `configuration` (JSON Output Format, "Expression Representation") through variables and
 * outputs of modules. Locals are not in a plan: what goes through one is not found.
 */
export function references(configuration: unknown, changes: readonly TerraformChange[]): References {
  const root = under(configuration, "root_module");
  const instances = Map.groupBy(changes, (one) => instanceKey(one.module, one));
  const moduleAt = (path: readonly string[]): unknown =>
    path.reduce<unknown>((here, name) => under(under(under(here, "module_calls"), name), "module"), root);
  const follow = (reference: string, asker: Asker, hops: number): readonly TerraformChange[] => {
    if (hops > mostHops) return [];
    const parts = segmentsOf(reference).map(bare);
    if (parts[0] === "var" && parts[1] !== undefined) {
      const parent = parentOf(asker.module);
      if (parent === undefined) return [];
      const call = under(under(moduleAt(pathOf(parent.module)), "module_calls"), parent.name);
      const expression = under(under(call, "expressions"), parts[1]);
      return followAll(expression, { ...asker, module: parent.module }, hops);
    }
    if (parts[0] === "module" && parts[1] !== undefined && parts[2] !== undefined) {
      const child = [asker.module, `module.${segmentsOf(reference)[1] ?? ""}`].filter((one) => one !== "").join(".");
      const output = under(under(moduleAt(pathOf(child)), "outputs"), parts[2]);
      return followAll(under(output, "expression"), { ...asker, module: child }, hops);
    }
    const data = parts[0] === "data";
    const [type = "", name = ""] = data ? parts.slice(1) : parts;
    const found = instances.get(instanceKey(asker.module, { mode: data ? "data" : "managed", type, name })) ?? [];
    const same = found.filter(({ index }) => index === asker.index);
    return found.length === 1 ? found : same;
  };
  const followAll = (expression: unknown, asker: Asker, hops: number): readonly TerraformChange[] => {
    // `aws_iam_role.a.arn` comes with `aws_iam_role.a`: the longer one of each is enough.
    const listed = textsIn(expressionReferences(expression));
    const longest = listed.filter((one) => !listed.some((other) => other !== one && other.startsWith(`${one}.`)));
    return [...new Set(longest.flatMap((one) => follow(one, asker, hops + 1)))];
  };
  const byModule = new Map<string, ReadonlyMap<string, unknown>>();
  const resourcesOf = (module: string): ReadonlyMap<string, unknown> => {
    const path = pathOf(module);
    const known = byModule.get(path.join("."));
    if (known !== undefined) return known;
    const listed = listUnder(moduleAt(path), "resources");
    const made = new Map(listed.map((one) => [textUnder(one, "address") ?? "", one]));
    byModule.set(path.join("."), made);
    return made;
  };
  const written = ({ mode, type, name, module }: TerraformChange): unknown =>
    resourcesOf(module).get(`${mode === "data" ? "data." : ""}${type}.${name}`);
  return {
    referred(change, ...path) {
      const expression = path.reduce<unknown>(stepInto, under(written(change), "expressions"));
      return followAll(expression, { module: change.module, index: change.index }, 0);
    },
    mentions(change, argument) {
      const own = written(change);
      return own === undefined || under(under(own, "expressions"), argument) !== undefined;
    },
  };
}

interface Asker {
  readonly module: string;
  readonly index: string;
}

/** Blocks are lists of expressions; a step may be a place in one. */
const stepInto = (here: unknown, step: string): unknown =>
  Array.isArray(here) ? asList(here)[Number(step)] : under(here, step);

/** The references of an expression, and of those inside it. */
function expressionReferences(expression: unknown): readonly unknown[] {
  if (Array.isArray(expression)) return expression.flatMap(expressionReferences);
  if (!isPlanObject(expression)) return [];
  const own = listUnder(expression, "references");
  return own.length > 0 ? own : Object.values(expression).flatMap(expressionReferences);
}

const instanceKey = (module: string, { mode, type, name }: Pick<TerraformChange, "mode" | "type" | "name">): string =>
  `${module}|${mode}|${type}|${name}`;

/** Module names without indexes, outermost first. */
const pathOf = (module: string): readonly string[] =>
  segmentsOf(module)
    .filter((_, at) => at % 2 === 1)
    .map(bare);

function parentOf(module: string): { readonly module: string; readonly name: string } | undefined {
  const segments = segmentsOf(module);
  if (segments.length < 2) return undefined;
  return { module: segments.slice(0, -2).join("."), name: bare(segments.at(-1) ?? "") };
}

/** Parts of an address; a dot inside an index belongs to a key. */
export function segmentsOf(address: string): readonly string[] {
  const segments: string[] = [];
  let [part, quoted, depth] = ["", false, 0];
  for (let at = 0; at < address.length; at++) {
    const character = address[at] ?? "";
    if (quoted && character === "\\") {
      part += character + (address[++at] ?? "");
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === "[") depth++;
    else if (!quoted && character === "]") depth--;
    if (character === "." && !quoted && depth === 0) {
      segments.push(part);
      part = "";
    } else part += character;
  }
  return part === "" ? segments : [...segments, part];
}

const bare = (segment: string): string => {
  const bracket = segment.indexOf("[");
  return bracket < 0 ? segment : segment.slice(0, bracket);
};

/** The changes of a plan that are readable as such. */
export const changesOf = (plan: PlanObject): readonly TerraformChange[] =>
  listUnder(plan, "resource_changes").flatMap((entry): readonly TerraformChange[] => {
    const [address, type, name] = [textUnder(entry, "address"), textUnder(entry, "type"), textUnder(entry, "name")];
    const change = under(entry, "change");
    if (address === undefined || type === undefined || name === undefined || !isPlanObject(change)) return [];
    return [
      {
        address,
        module: textUnder(entry, "module_address") ?? "",
        mode: under(entry, "mode") === "data" ? "data" : "managed",
        type,
        name,
        index: JSON.stringify(under(entry, "index") ?? null),
        before: under(change, "before") ?? undefined,
        after: under(change, "after") ?? undefined,
        afterUnknown: under(change, "after_unknown"),
        actions: textsIn(listUnder(change, "actions")),
      },
    ];
  });
