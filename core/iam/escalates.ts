import type { ActionTable } from "./action-table.ts";
import type { EscalationPath } from "./escalation-path.ts";
import { meet } from "./glob-meet.ts";
import { oneSeparator, ownName, type Reach, type ReachStatement, reachOf } from "./reach.ts";
import type { KnownContext } from "./reach-condition.ts";

/** A path that a policy opens, with the resource pattern of the policy that opens each of its actions. */
export interface OpenPath {
  readonly path: EscalationPath;
  readonly grants: readonly { readonly action: string; readonly resource: string }[];
}

/**
 * The catalogue's paths that these statements open, in the catalogue's order, without the mere aids. Honours Deny,
 * NotAction, NotResource, the resources that actions must share, and the conditions a path depends on (the service a role
 * is passed to, the policy attached, the boundary demanded); any other condition may hold. Who is attached to what is not
 * known here: a user, role, function or machine that could be named is taken to exist and to be worth it.
 */
export function escalates(
  statements: readonly ReachStatement[],
  { paths, table }: { readonly paths: readonly EscalationPath[]; readonly table: ActionTable },
): readonly OpenPath[] {
  const reach = reachOf(statements, table);
  const found = resourceFinder(reach);
  return paths.flatMap((path) => {
    if (path.class === "aid") return [];
    const grants = opened(path, { reach, table, found });
    return grants === undefined ? [] : [{ path, grants }];
  });
}

interface Asking {
  readonly reach: Reach;
  readonly table: ActionTable;
  readonly found: (template: string) => readonly string[];
}

function opened(path: EscalationPath, asking: Asking): OpenPath["grants"] | undefined {
  const shared = path.same ?? [];
  const alone = path.actions.filter((action) => !shared.some((group) => group.includes(action))).map((one) => [one]);
  const grants: { readonly action: string; readonly resource: string }[] = [];
  for (const group of [...shared, ...alone]) {
    const open = openTogether(path, group, asking);
    if (open === undefined) return undefined;
    grants.push(...open);
  }
  return grants;
}

/** The grants of one resource on which every action of the group could be allowed. */
function openTogether(path: EscalationPath, group: readonly string[], asking: Asking): OpenPath["grants"] | undefined {
  const asked: Asked[] = [];
  for (const action of group) {
    const tries = contexts(path, action).flatMap((known) => asking.reach.grants(action, known) ?? []);
    if (tries.length === 0) return undefined;
    asked.push({ action, tries, templates: templatesOf(path, action, asking.table) });
  }
  const candidates = new Set(asked.flatMap(({ templates }) => templates.flatMap(asking.found)));
  if (candidates.size === 0) candidates.add(everything);
  for (const resource of candidates) {
    if (path.ownResource === "harmless" && resource.includes(ownName)) continue;
    const grants = asked.flatMap((one) => granted(one, resource));
    if (grants.length === asked.length) return grants;
  }
  return undefined;
}

interface Asked {
  readonly action: string;
  /** One for each context in which the path is one. */
  readonly tries: readonly ((resource: string) => string | undefined)[];
  readonly templates: readonly string[];
}

function granted({ action, tries, templates }: Asked, candidate: string): OpenPath["grants"] {
  const asked = templates.length === 0 ? everything : candidate;
  for (const grant of tries) {
    const resource = grant(asked);
    if (resource !== undefined) return [{ action, resource }];
  }
  return [];
}

const everything = "*";

/** The ARNs that count: those the path says, else those every request names, else those a request may name. */
function templatesOf(path: EscalationPath, action: string, table: ActionTable): readonly string[] {
  const resources = table.find(action)?.resources ?? [];
  const chosen = path.on?.[action];
  const wanted = chosen === undefined ? [] : resources.filter(({ name }) => chosen.includes(name));
  const required = resources.filter((one) => one.required);
  const counted = wanted.length > 0 ? wanted : required.length > 0 ? required : resources;
  return counted.map(({ arn }) => arn);
}

/** Partitions whose managed policies a condition may name, and the suffix of service names there. */
const partitions = ["aws", "aws-cn", "aws-us-gov"] as const;

function contexts(path: EscalationPath, action: string): readonly KnownContext[] {
  if (action === "iam:PassRole") {
    const services = (path.passed?.services ?? []).flatMap((service) => [service, `${service}.cn`]);
    return services.map((service) => new Map([["iam:passedtoservice", [service]]]));
  }
  let all: readonly ReadonlyMap<string, readonly string[]>[] = [new Map()];
  for (const [key, values] of Object.entries(path.context ?? {})) {
    const choices = values.length === 0 ? [[]] : values.flatMap(inEveryPartition).map((value) => [value]);
    all = all.flatMap((known) => choices.map((choice) => new Map([...known, [key.toLowerCase(), choice]])));
  }
  return all;
}

const gap = /\$\{Partition\}/;

const inEveryPartition = (value: string): readonly string[] =>
  gap.test(value) ? partitions.map((name) => value.replace(gap, name)) : [value];

/** Patterns looked at for one kind of resource, and those crossed with each other; a policy that hides a grant behind more is not one that people write. */
const mostPatterns = 128;
const mostCrossed = 24;

/** Two texts for what a pattern leaves open: a word, and one that also fits where twelve digits are wanted. */
const fillers = ["cordon", "000000000000"] as const;

/** Characters of the longest ARN that AWS takes. */
const longestArn = 2048;

/** Finds resources of a kind that the policy's own patterns, Deny and NotResource among them, tell apart. */
function resourceFinder({ patterns }: Reach): (template: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (template) => {
    const found = known.get(template) ?? candidates(template, patterns);
    known.set(template, found);
    return found;
  };
}

function candidates(template: string, patterns: readonly string[]): readonly string[] {
  const shape = oneSeparator(template).replaceAll(/\$\{[^}]*\}/g, "*");
  const service = shape.split(":", 3).join(":");
  const near = patterns.filter((pattern) => mayMeet(pattern, service)).slice(0, mostPatterns);
  const crossed = near.slice(0, mostCrossed).flatMap((one, at) =>
    near.slice(at + 1, mostCrossed).flatMap((other) => {
      const both = meet(one, other, fillers[0]);
      return both === undefined || meet(shape, both, "") === undefined ? [] : [both];
    }),
  );
  const met = fillers.flatMap((filler) => ["*", ...near].flatMap((pattern) => meet(shape, pattern, filler) ?? []));
  return [...new Set([...met, ...crossed])].filter((one) => one.length <= longestArn);
}

/** False when the pattern spells out another service than the template's `arn:*:<service>`. */
function mayMeet(pattern: string, service: string): boolean {
  const head = pattern.split(":", 3).join(":");
  if (head.includes("*") && !head.startsWith("arn:")) return true;
  return meet(`${service}*`, `${head}*`, "") !== undefined;
}
