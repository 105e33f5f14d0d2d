import { type Condition, readConditions } from "./condition.ts";
import { type PrincipalScope, readPrincipals } from "./principal-scope.ts";

/** One statement in IAM's grammar, every one-or-many field made a list. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  /** Everything when a resource policy names none: it stands for the resource it is attached to. */
  readonly resources: Scope;
  /** Only resource policies, trust policies and resource control policies have one. */
  readonly principals?: PrincipalScope;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** True when the statement has any condition at all. */
  readonly conditional: boolean;
}

/** What a statement covers: the listed patterns, or everything but them (`NotAction`, `NotResource`). */
export type Scope = { readonly kind: "only" | "all-but"; readonly patterns: readonly string[] };

export type ReadStatement =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly because: string };

/** Reads one statement. What AWS's grammar does not know is refused and named, never left out. */
export function readStatement(raw: unknown): ReadStatement {
  if (!isRecord(raw)) return refuse("is not an object");
  const unknown = Object.keys(raw).find((name) => !elements.has(name));
  if (unknown !== undefined)
    return refuse(`has an element that IAM does not know: ${JSON.stringify(unknown.slice(0, 64))}`);
  const effect = raw["Effect"];
  if (effect !== "Allow" && effect !== "Deny") return refuse("has no Effect of Allow or Deny");
  const sid = raw["Sid"];
  if (sid !== undefined && typeof sid !== "string") return refuse("has a Sid that is not a text");
  const principals = readPrincipals(raw["Principal"], raw["NotPrincipal"]);
  if (!principals.ok) return principals;
  const actions = scopeOf("Action", raw["Action"], raw["NotAction"]);
  if (!actions.ok) return actions;
  if (actions.scope === undefined) return refuse("has neither Action nor NotAction");
  const resources = scopeOf("Resource", raw["Resource"], raw["NotResource"]);
  if (!resources.ok) return resources;
  if (resources.scope === undefined && principals.scope === undefined)
    return refuse("has neither Resource nor NotResource");
  const read = readConditions(raw["Condition"]);
  if (!read.ok) return refuse(`has a condition that cannot be read: ${read.because}`);
  return {
    ok: true,
    statement: {
      ...(sid === undefined || sid === "" ? {} : { sid }),
      effect,
      actions: actions.scope,
      resources: resources.scope ?? everything,
      ...(principals.scope === undefined ? {} : { principals: principals.scope }),
      conditions: read.conditions,
      conditional: read.conditions.length > 0,
    },
  };
}

const elements: ReadonlySet<string> = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

const everything: Scope = { kind: "all-but", patterns: [] };

type ReadScope =
  | { readonly ok: true; readonly scope: Scope | undefined }
  | { readonly ok: false; readonly because: string };

function scopeOf(name: "Action" | "Resource", only: unknown, allBut: unknown): ReadScope {
  if (only !== undefined && allBut !== undefined) return refuse(`has both ${name} and Not${name}`);
  const given = only ?? allBut;
  if (given === undefined) return { ok: true, scope: undefined };
  const patterns: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!patterns.every((one) => typeof one === "string"))
    return refuse(`has ${allBut === undefined ? "" : "Not"}${name} that is not a text or a list of texts`);
  return { ok: true, scope: { kind: allBut === undefined ? "only" : "all-but", patterns } };
}

const refuse = (because: string) => ({ ok: false, because }) as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
