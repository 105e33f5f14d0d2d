import { accountOf } from "./arn.ts";
import { accountOfCaller, type Caller, callerOf, contextOfCaller, type Naming, namingOf, namings } from "./caller.ts";
import type { CompiledPolicy, CompiledStatement, Target } from "./compiled-policy.ts";
import { type Context, withDefaults } from "./context.ts";
import { type HiddenRule, hiddenRule } from "./hidden-rules.ts";

/** One request, as IAM sees it. */
export interface AccessRequest {
  /** `service:Action`, in any case. */
  readonly action: string;
  /** An ARN; `*` for an action that takes no resource, or for "some resource" of one that does. */
  readonly resource: string;
  /** The account that owns the resource; else the one in its ARN; else the caller's. */
  readonly resourceAccount: string | undefined;
  /** The caller's ARN, or a service's name. */
  readonly principal: string;
  /** What AWS can tell from the principal and the resource need not be in it. */
  readonly context: Context;
  /** True when the action takes no resource at all, so that only a resource pattern matching the text `*` grants it. */
  readonly wildcardOnly: boolean;
}

/** The layers of policies, each ready. What is absent is not considered, and the answer says so where that matters. */
export interface Layers {
  readonly identityPolicies: CompiledPolicy;
  readonly permissionBoundaries?: CompiledPolicy;
  readonly sessionPolicy?: CompiledPolicy;
  readonly resourcePolicy?: CompiledPolicy;
  /** A policy set for each level from the root down; every level has to allow. */
  readonly serviceControlPolicies?: readonly CompiledPolicy[];
  /** They only deny: RCPFullAWSAccess, which allows, cannot be detached. */
  readonly resourceControlPolicies?: readonly CompiledPolicy[];
}

export type Layer = keyof Layers;

export type AccessDecision = "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";

/** A statement that decided, or a rule that no policy states. */
export type AccessReason =
  | {
      readonly kind: "statement";
      readonly layer: Layer;
      /** Level of an organization's policies, from 0. */
      readonly level?: number;
      readonly policy: number;
      readonly statement: number;
      readonly sid?: string;
      readonly effect: "Allow" | "Deny";
    }
  | { readonly kind: "nothing-allows"; readonly layer: Layer; readonly level?: number }
  | { readonly kind: "rule"; readonly rule: string; readonly because: string };

export interface Evaluation {
  readonly decision: AccessDecision;
  /** Denied: what denies or what is missing. Allowed: every statement that allows, layer by layer. */
  readonly because: readonly AccessReason[];
  /** Layers that AWS would ask and that were not given. */
  readonly notConsidered: readonly Layer[];
}

/** Decides one request as AWS documents it (IAM User Guide, "Policy evaluation logic"), with the rules of hidden-rules.ts. */
export function evaluate(request: AccessRequest, layers: Layers): Evaluation {
  const { action, resource } = request;
  const notConsidered = optional.filter((layer) => layers[layer] === undefined);
  const said = (decision: AccessDecision, because: readonly AccessReason[]): Evaluation => ({
    decision,
    because,
    notConsidered,
  });
  const free = hiddenRule("free", action, resource);
  if (free !== undefined) return said("Allowed", [reasonOf(free)]);
  const asked = askAll(request, layers);
  const denies = asked.flatMap(({ denies: found }) => found);
  if (denies.length > 0) return said("ExplicitlyDenied", denies);
  const refused = hiddenRule("refused", action, resource);
  if (refused !== undefined) return said("ImplicitlyDenied", [reasonOf(refused)]);
  const missing = missingIn(asked, request, layers);
  if (missing.length > 0) {
    const granted = hiddenRule("granted", action, resource);
    const limits = missing.filter((one) => !(one.kind === "nothing-allows" && one.layer === "identityPolicies"));
    if (granted !== undefined && limits.length === 0) return said("Allowed", [reasonOf(granted)]);
    return said("ImplicitlyDenied", missing);
  }
  return said(
    "Allowed",
    asked.flatMap(({ allows }) => allows),
  );
}

const optional = ["resourcePolicy", "serviceControlPolicies", "resourceControlPolicies"] as const;

const reasonOf = ({ id, because }: HiddenRule): AccessReason => ({ kind: "rule", rule: id, because });

/** What one layer, or one level of it, says. */
interface Asked {
  readonly layer: Layer;
  readonly level: number | undefined;
  readonly allows: readonly AccessReason[];
  readonly denies: readonly AccessReason[];
  /** For resource policies: how closely the nearest Allow names the caller. */
  readonly naming: Naming | undefined;
}

function askAll(request: AccessRequest, layers: Layers): readonly Asked[] {
  const caller = callerOf(request.principal);
  const owner = request.resourceAccount ?? accountOf(request.resource);
  const known = withDefaults(contextOfCaller(caller), (key) => (key === "aws:resourceaccount" ? owner : undefined));
  const target: Target = {
    resource: request.wildcardOnly ? "*" : request.resource,
    wildcardOnly: request.wildcardOnly,
    context: withDefaults(request.context, known),
  };
  const one = (layer: Layer, policy: CompiledPolicy | undefined, level?: number): readonly Asked[] =>
    policy === undefined ? [] : [ask({ layer, level, policy, action: request.action, target, caller })];
  return [
    ...one("identityPolicies", layers.identityPolicies),
    ...one("permissionBoundaries", layers.permissionBoundaries),
    ...one("sessionPolicy", layers.sessionPolicy),
    ...one("resourcePolicy", layers.resourcePolicy),
    ...(exempt(caller).includes("serviceControlPolicies") ? [] : (layers.serviceControlPolicies ?? [])).flatMap(
      (policy, at) => one("serviceControlPolicies", policy, at),
    ),
    ...(layers.resourceControlPolicies ?? []).flatMap((policy, at) => one("resourceControlPolicies", policy, at)),
  ];
}

interface Question {
  readonly layer: Layer;
  readonly level: number | undefined;
  readonly policy: CompiledPolicy;
  readonly action: string;
  readonly target: Target;
  readonly caller: Caller;
}

function ask({ layer, level, policy, action, target, caller }: Question): Asked {
  const candidates = policy.candidates(action);
  const names = (one: CompiledStatement): Naming | undefined => {
    // Identity policies speak of whoever has them; a Principal in one says nothing.
    if (layer !== "resourcePolicy" && layer !== "resourceControlPolicies") return "itself";
    return one.principals === undefined ? undefined : namingOf(one.principals, caller);
  };
  const fitting = (statements: readonly CompiledStatement[]) =>
    statements.filter((one) => one.appliesTo(target) && names(one) !== undefined);
  const reason = ({ policy: place, statement, sid, effect }: CompiledStatement): AccessReason => ({
    kind: "statement",
    layer,
    ...(level === undefined ? {} : { level }),
    policy: place,
    statement,
    ...(sid === undefined ? {} : { sid }),
    effect,
  });
  const allows = layer === "resourceControlPolicies" ? [] : fitting(candidates.allows);
  const found = allows.map(names);
  return {
    layer,
    level,
    allows: allows.map(reason),
    denies: fitting(candidates.denies).map(reason),
    naming: namings.find((naming) => found.includes(naming)),
  };
}

/** What an Allow in the resource's own policy makes up for, in the same account (IAM User Guide, "Resource-based policies"). */
function madeUpFor(naming: Naming | undefined, caller: Caller): readonly Layer[] {
  switch (naming) {
    case "itself":
      return ["identityPolicies", "permissionBoundaries", ...(caller.kind === "session" ? sessionsOwn : [])];
    case "everyone":
      return ["identityPolicies", "permissionBoundaries"];
    case "role":
      return ["identityPolicies"];
    case "account":
    case undefined:
      return [];
  }
}

const sessionsOwn: readonly Layer[] = ["sessionPolicy"];

/** Every allowance that is missing. */
function missingIn(asked: readonly Asked[], request: AccessRequest, layers: Layers): readonly AccessReason[] {
  const caller = callerOf(request.principal);
  const home = accountOfCaller(caller);
  const owner = request.resourceAccount ?? accountOf(request.resource);
  const across = owner !== undefined && home !== undefined && owner !== home && owner !== "aws";
  const own = asked.find(({ layer }) => layer === "resourcePolicy");
  const spared = [...(across ? [] : madeUpFor(own?.naming, caller)), ...exempt(caller)];
  const silent = asked.filter(
    ({ layer, allows }) =>
      allows.length === 0 &&
      layer !== "resourceControlPolicies" &&
      layer !== "resourcePolicy" &&
      !spared.includes(layer),
  );
  return [
    ...silent.map(
      ({ layer, level }): AccessReason => ({
        kind: "nothing-allows",
        layer,
        ...(level === undefined ? {} : { level }),
      }),
    ),
    ...missingOfResource(request, { own, across, given: layers.resourcePolicy !== undefined, caller }),
  ];
}

/** A root user needs no policy of its own; services have none, and service control policies neither allow nor deny their roles anything. */
function exempt(caller: Caller): readonly Layer[] {
  if (caller.kind === "root") return ["identityPolicies", "permissionBoundaries"];
  if (caller.kind === "other") return ["identityPolicies", "permissionBoundaries", "serviceControlPolicies"];
  return caller.arn.includes(":role/aws-service-role/") ? ["serviceControlPolicies"] : [];
}

interface Own {
  readonly own: Asked | undefined;
  readonly across: boolean;
  readonly given: boolean;
  readonly caller: Caller;
}

/** Where the resource's policy has to let the caller in, and does not. */
function missingOfResource(request: AccessRequest, { own, across, given, caller }: Own): readonly AccessReason[] {
  if (own?.naming !== undefined) return [];
  if (across) return [{ kind: "rule", rule: "cross-account", because: acrossAccounts }];
  const rule = hiddenRule("resource-policy", request.action, request.resource);
  if (rule !== undefined) return [reasonOf(rule)];
  const trust = given && request.action.toLowerCase().startsWith("sts:assumerole");
  return trust || caller.kind === "other" ? [{ kind: "nothing-allows", layer: "resourcePolicy" }] : [];
}

const acrossAccounts = "the resource is another account's: its own policy has to let the caller in as well";
