import type { ActionTable } from "../action-table.ts";
import type { EscalationPath } from "./escalation-path.ts";
import { ownName, type Reach, type ReachStatement, reachOf } from "./reach.ts";
import type { KnownContext } from "./reach-condition.ts";
import { type Resources, resourcesIn } from "./reach-resource.ts";

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
  const resources = resourcesIn(reach.patterns);
  return paths.flatMap((path) => {
    if (path.class === "aid") return [];
    const grants = opened(path, { reach, table, resources });
    return grants === undefined ? [] : [{ path, grants }];
  });
}

interface Asking {
  readonly reach: Reach;
  readonly table: ActionTable;
  readonly resources: Resources;
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
    const tries = contexts(path, action, asking.resources).flatMap((known) => asking.reach.grants(action, known) ?? []);
    if (tries.length === 0) return undefined;
    asked.push({ action, tries, templates: templatesOf(path, action, asking.table) });
  }
  const candidates = new Set(
    asked.flatMap(({ action, templates }) => templates.flatMap((one) => asking.resources.like(one, action))),
  );
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

/** Partitions whose managed policies a condition may name. */
const partitions = ["aws", "aws-cn", "aws-us-gov"] as const;

function contexts(path: EscalationPath, action: string, { inChina }: Resources): readonly KnownContext[] {
  if (action === "iam:PassRole") {
    const services = (path.passed?.services ?? []).flatMap((service) =>
      inChina ? [service, `${service}.cn`] : [service],
    );
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
