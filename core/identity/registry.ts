import { canonical } from "../event/canonical.ts";
import { at, list, text } from "../event/json.ts";
import { type Place, type Problem, printPlace, problemAt, quoted } from "../event/located.ts";
import { parseArn } from "../iam/arn.ts";
import type { Approver, Deployment, Exception } from "./manifest-governance.ts";
import { type PlacedSelector, roleOf } from "./manifest-selector.ts";
import type { Declaration } from "./manifest-workload.ts";
import type { Registry, Workload } from "./workload.ts";

/** A selector of an active workload that no resolver reads yet: nothing is attributed by it. */
export interface UnreadSelector {
  readonly workload: string;
  readonly kind: string;
  readonly where: string;
}

/** Everything a folder of manifests declares. */
export interface Declarations extends Registry {
  readonly exceptions: readonly Exception[];
  readonly approvers: readonly Approver[];
  readonly deployments: readonly Deployment[];
  readonly unread: readonly UnreadSelector[];
}

/** IAM's own limits are 512 characters for a path and 64 for a name; longer text is no role and costs no search. */
const longestRole = 1_024;

/** What a folder without manifests declares. */
export const emptyRegistry: Declarations = registryOf([], { exceptions: [], approvers: [], deployments: [] }).registry;

/** Indexes the workloads. Two active ones with one selector are a problem: nobody could say whose call it was. */
export function registryOf(
  declarations: readonly Declaration[],
  rest: Pick<Declarations, "exceptions" | "approvers" | "deployments">,
): { readonly registry: Declarations; readonly problems: readonly Problem[] } {
  const names = new Map(declarations.map(({ workload }) => [workload.name, workload]));
  const index = new Map<string, Owned>();
  const problems: Problem[] = [];
  const unread: UnreadSelector[] = [];
  for (const { workload, selectors } of declarations.filter(({ workload: { status } }) => status === "active"))
    for (const selector of selectors) {
      const { keys, read } = keysOf(selector);
      if (!read) unread.push({ workload: workload.name, kind: selector.kind, where: printPlace(selector.place) });
      for (const key of keys) {
        const other = index.get(key);
        if (other === undefined) index.set(key, { workload, place: selector.place });
        else if (other.workload !== workload) problems.push(taken(selector, key, other));
      }
    }
  const roleLengths = lengthsOf(index, "role ");
  const functionLengths = lengthsOf(index, "function ");
  const find = (key: string): Workload | undefined => index.get(key)?.workload;
  const registry: Declarations = {
    workloads: declarations.map(({ workload }) => workload),
    ...rest,
    unread,
    named: (name) => names.get(name),
    byRole: (role) => {
      const exact = find(`role ${role}`);
      if (exact !== undefined || role.length > longestRole) return exact;
      // A `*` stands for the rest of a name, and a role's name has no slash.
      const pattern = longest(`role ${role}`, roleLengths, role.lastIndexOf("/") + "role ".length, find);
      return pattern ?? byPath(role, find);
    },
    byFunction: (functionArn) => {
      const key = `function ${functionArn.split(":", 7).join(":")}`;
      return find(key) ?? longest(key, functionLengths, key.lastIndexOf(":"), find);
    },
  };
  return { registry, problems };
}

interface Owned {
  readonly workload: Workload;
  readonly place: Place;
}
type Find = (key: string) => Workload | undefined;

/** What a selector claims, one key a thing; equal keys are the same claim. */
function keysOf(selector: PlacedSelector): { readonly keys: readonly string[]; readonly read: boolean } {
  const { kind, value } = selector;
  const role = roleOf(selector);
  if (role !== undefined) return { keys: [`role ${role}`], read: true };
  if (kind === "lambdaFunction" && typeof value === "string") return { keys: [`function ${value}`], read: true };
  if (kind !== "roles") return { keys: [`${kind} ${canonical(value)}`], read: false };
  const path = text(at(value, "path"));
  return { keys: list(at(value, "accounts")).map((account) => `path ${text(account)} ${path}`), read: true };
}

const taken = ({ kind, place }: PlacedSelector, key: string, { workload, place: first }: Owned): Problem =>
  problemAt(
    place,
    `${kind} ${quoted(key.slice(key.indexOf(" ") + 1))} already identifies ${quoted(workload.name)} (${printPlace(first)}): ` +
      "remove one, or set status: draft on one of the two",
  );

/** Lengths of the fixed parts of the patterns, longest first: a look-up costs one step for each, however many patterns there are. */
function lengthsOf(index: ReadonlyMap<string, Owned>, prefix: string): readonly number[] {
  const patterns = [...index.keys()].filter((key) => key.startsWith(prefix) && key.endsWith("*"));
  return [...new Set(patterns.map((key) => key.length - 1))].sort((a, b) => b - a);
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
