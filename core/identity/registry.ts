import { type Problem, printPlace, problemAt, quoted } from "../event/located.ts";
import { parseArn } from "../iam/arn.ts";
import type { Change } from "./manifest/manifest-change.ts";
import type { Approver, Deployment, Exception } from "./manifest/manifest-governance.ts";
import type { PlacedSelector } from "./manifest/manifest-selector.ts";
import type { Declaration } from "./manifest/manifest-workload.ts";
import { type SelectorKey, selectorKeys } from "./manifest/selector-keys.ts";
import { type Owned, overlaps } from "./manifest/selector-overlap.ts";
import type { Registry, Workload } from "./workload.ts";

/** Everything a folder of manifests declares. */
export interface Declarations extends Registry {
  readonly exceptions: readonly Exception[];
  readonly approvers: readonly Approver[];
  readonly deployments: readonly Deployment[];
  readonly changes: readonly Change[];
}

/** IAM's own limits are 512 characters for a path and 64 for a name; longer text is no role and costs no search. */
const longestRole = 1_024;

/** What a folder without manifests declares. */
export const emptyRegistry: Declarations = registryOf([], {
  exceptions: [],
  approvers: [],
  deployments: [],
  changes: [],
}).registry;

/** Indexes the workloads. Two active ones with one selector are a problem: nobody could say whose call it was. */
export function registryOf(
  declarations: readonly Declaration[],
  rest: Pick<Declarations, "exceptions" | "approvers" | "deployments" | "changes">,
): { readonly registry: Declarations; readonly problems: readonly Problem[] } {
  const names = new Map(declarations.map(({ workload }) => [workload.name, workload]));
  const index = new Map<string, Owned>();
  const problems: Problem[] = [];
  for (const { workload, selectors } of declarations.filter(({ workload: { status } }) => status === "active"))
    for (const selector of selectors) {
      for (const key of selectorKeys(selector)) {
        const other = index.get(key);
        if (other === undefined) index.set(key, { workload, place: selector.place });
        else if (other.workload !== workload) problems.push(taken(selector, key, other));
      }
    }
  problems.push(...overlaps(index));
  const lengths = patternLengths(index);
  const find = (key: string): Workload | undefined => index.get(key)?.workload;
  const registry: Declarations = {
    workloads: declarations.map(({ workload }) => workload),
    ...rest,
    named: (name) => names.get(name),
    byRole: (role) => {
      const exact = find(`role ${role}`);
      if (exact !== undefined || role.length > longestRole) return exact;
      // A `*` stands for the rest of a name, and a role's name has no slash.
      const pattern = longest(`role ${role}`, lengths.get("role") ?? [], role.lastIndexOf("/") + "role ".length, find);
      return pattern ?? byPath(role, find);
    },
    byFunction: (functionArn) => {
      const key = `function ${functionArn.split(":", 7).join(":")}`;
      return find(key) ?? longest(key, lengths.get("function") ?? [], key.lastIndexOf(":"), find);
    },
    selecting: (kind, values) => {
      for (const value of values) {
        const key = `${kind} ${value}`;
        const manifest = find(key) ?? longest(key, lengths.get(kind) ?? [], kind.length, find);
        if (manifest !== undefined) return { manifest, exact: find(key) !== undefined && isExact(kind, value) };
      }
      return undefined;
    },
  };
  return { registry, problems };
}

type Find = (key: string) => Workload | undefined;

const taken = ({ kind, place }: PlacedSelector, key: string, { workload, place: first }: Owned): Problem =>
  problemAt(
    place,
    `${kind} ${quoted(key.slice(key.indexOf(" ") + 1))} already identifies ${quoted(workload.name)} (${printPlace(first)}): ` +
      "remove one, or set status: draft on one of the two",
  );

/** Other selectors than these name the thing whole; these may hold a bare name, which other accounts and Regions can use too. */
const isExact = (kind: SelectorKey, value: string): boolean =>
  value.startsWith("arn:") ||
  ["accessKeyId", "eksServiceAccount", "identityCenterUser", "oidc", "thirdParty"].includes(kind);

/**
 * By kind, the lengths of the fixed parts of the patterns, longest first: a look-up costs one step for each, however many
 * patterns there are.
 */
function patternLengths(index: ReadonlyMap<string, Owned>): ReadonlyMap<string, readonly number[]> {
  const patterns = [...index.keys()].filter((key) => key.endsWith("*") && !key.startsWith("path "));
  const byKind = Map.groupBy(patterns, (key) => key.slice(0, key.indexOf(" ")));
  return new Map(
    [...byKind].map(([kind, keys]) => [kind, [...new Set(keys.map((key) => key.length - 1))].sort((a, b) => b - a)]),
  );
}

function longest(key: string, lengths: readonly number[], least: number, find: Find): Workload | undefined {
  for (const length of lengths) {
    if (length <= least) return undefined;
    const found = length <= key.length ? find(`${key.slice(0, length)}*`) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `roles {accounts, path}`: the roles directly in the path, then those of the nearest `/*` above. */
function byPath(role: string, find: Find): Workload | undefined {
  const arn = parseArn(role);
  if (arn?.service !== "iam" || !arn.resource.startsWith("role/")) return undefined;
  let path = arn.resource.slice("role".length, arn.resource.lastIndexOf("/") + 1);
  const direct = find(`path ${arn.account} ${path}`);
  if (direct !== undefined) return direct;
  while (true) {
    const below = find(`path ${arn.account} ${path}*`);
    if (below !== undefined || path === "/") return below;
    path = path.slice(0, path.lastIndexOf("/", path.length - 2) + 1);
  }
}
