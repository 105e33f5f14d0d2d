import type { ActionTable } from "../action-table.ts";
import { type Caller, callerOf, contextOfCaller } from "../caller.ts";
import type { ContextValue } from "../context.ts";
import type { PolicyDocument } from "../policy.ts";
import type { PolicyPrincipal } from "../principal-scope.ts";
import { type ShownCondition, shownCondition } from "./condition-shown.ts";
import { newName } from "./condition-values.ts";
import { type Circumstances, findContext } from "./context-search.ts";
import { accountNamed, coversAction, nameOf, type TrustBody, trustBodies } from "./trust-body.ts";
import type { Surroundings } from "./witness-resource.ts";

/** Whom one trust policy lets in and the other does not. */
export interface TrustRow {
  /** As the policy names it; an account by its root ARN. `*` for everybody, and for everybody but some (`except`). */
  readonly principal: string;
  readonly except?: readonly string[];
  readonly action: string;
  readonly condition: ShownCondition;
  readonly witness: {
    readonly principal: string;
    readonly action: string;
    readonly context: Readonly<Record<string, ContextValue>>;
  };
  /** Context keys that the other side asked of this principal and this one does not. */
  readonly dropped?: readonly string[];
  /** Context keys that should bound such a principal and that nothing asks for. */
  readonly missing?: readonly string[];
}

export interface TrustDifference {
  readonly added: readonly TrustRow[];
  readonly removed: readonly TrustRow[];
}

/** Compares trust policies by whom they let in. Like `differing`, it names only what a witness was found for. */
export function trustDifference(
  old: readonly PolicyDocument[],
  now: readonly PolicyDocument[],
  { table, around }: { readonly table: ActionTable; readonly around: Surroundings },
): TrustDifference {
  const [before, after] = [trustBodies(old), trustBodies(now)];
  const actions = actionsOf([...before, ...after], table);
  return {
    added: rowsOf({ before, after, around }, actions),
    removed: rowsOf({ before: after, after: before, around }, actions),
  };
}

interface Sides {
  readonly before: readonly TrustBody[];
  readonly after: readonly TrustBody[];
  readonly around: Surroundings;
}

/** STS's actions on roles that some statement names, and names that the table does not know. */
function actionsOf(bodies: readonly TrustBody[], table: ActionTable): readonly string[] {
  const roleActions = trustActions.flatMap((name) => table.find(name)?.name ?? []);
  const written = bodies.flatMap(({ actions }) => actions.patterns).filter((one) => !/[*?]/.test(one));
  const unknown = new Map(
    written.filter((one) => table.find(one) === undefined).map((one) => [one.toLowerCase(), one]),
  );
  return [...roleActions, ...unknown.values()];
}

const trustActions = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:SetContext",
  "sts:SetSourceIdentity",
  "sts:TagSession",
] as const;

function rowsOf(sides: Sides, actions: readonly string[]): readonly TrustRow[] {
  const rows = new Map<string, TrustRow>();
  for (const action of actions) {
    const about = (bodies: readonly TrustBody[], effect: "Allow" | "Deny"): readonly TrustBody[] =>
      bodies.filter((one) => one.effect === effect && coversAction(one.actions, action));
    const asked: Asked = {
      action,
      around: sides.around,
      allows: about(sides.after, "Allow"),
      denies: about(sides.after, "Deny"),
      before: about(sides.before, "Allow"),
      lifted: about(sides.before, "Deny"),
    };
    for (const allow of asked.allows)
      for (const principal of allow.principals.kind === "only" ? allow.principals.principals : [everyone])
        for (const deny of [undefined, ...asked.lifted]) {
          const row = rowFor({ allow, principal, deny }, asked);
          if (row !== undefined) rows.set(JSON.stringify([row.action, row.principal, row.condition, row.except]), row);
        }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const everyone: PolicyPrincipal = { kind: "everyone" };

interface Asked {
  readonly action: string;
  readonly around: Surroundings;
  readonly allows: readonly TrustBody[];
  readonly denies: readonly TrustBody[];
  readonly before: readonly TrustBody[];
  readonly lifted: readonly TrustBody[];
}

interface Opening {
  readonly allow: TrustBody;
  readonly principal: PolicyPrincipal;
  /** The old side's Deny that kept it shut, if that is the question. */
  readonly deny: TrustBody | undefined;
}

function rowFor(opening: Opening, asked: Asked): TrustRow | undefined {
  const { allow, principal, deny } = opening;
  const goal =
    deny === undefined
      ? { must: [allow], never: asked.denies, before: asked.before, lifted: [] }
      : { must: [allow, deny], never: asked.denies, before: [], lifted: [] };
  for (const name of callersFor(opening, asked)) {
    const caller = callerOf(name);
    const start = knownOf(caller, [...goal.must, ...goal.never, ...asked.before]);
    const context = findContext(goal, (one, given) => one.applies(caller, given), start);
    if (context === undefined) continue;
    if (deny !== undefined && !asked.before.some((one) => one.applies(caller, (key) => context.get(key)))) continue;
    const conditions = [...allow.conditions, ...(deny === undefined ? [] : deny.conditions)];
    const except = allow.principals.kind === "all-but" ? allow.principals.principals.map(nameOf).sort() : [];
    const keys = new Set(conditions.map(({ key }) => key.toLowerCase()));
    const dropped = droppedFrom(asked, caller, keys);
    const missing = missingFrom(principal, asked, keys);
    return {
      principal: shownPrincipal(principal, asked.around),
      ...(except.length === 0 ? {} : { except }),
      action: asked.action,
      condition: shownCondition(conditions),
      witness: {
        principal: name,
        action: asked.action,
        context: Object.fromEntries([...context].sort(([a], [b]) => (a < b ? -1 : 1))),
      },
      ...(dropped.length === 0 ? {} : { dropped }),
      ...(missing.length === 0 ? {} : { missing }),
    };
  }
  return undefined;
}

/** What the caller's name tells, of the keys that are asked about: it cannot be chosen. */
function knownOf(caller: Caller, bodies: readonly TrustBody[]): Circumstances {
  const told = contextOfCaller(caller);
  const keys = new Set(
    bodies.flatMap((one) => [...one.conditions.map(({ key }) => key.toLowerCase()), ...one.variables]),
  );
  return new Map([...keys].flatMap((key) => (told(key) === undefined ? [] : [[key, told(key) ?? ""] as const])));
}

/** Callers that a principal stands for: itself, or somebody new where it leaves that open. */
function callersFor({ allow, principal, deny }: Opening, { action, around, before, denies }: Asked): readonly string[] {
  if (principal.kind === "canonical-user" || principal.kind === "unique-id") return [];
  if (principal.kind === "account") return [roleIn(principal.account, around), ...demanded(allow, around)];
  if (principal.kind !== "everyone") return [nameOf(principal)];
  const named = [...before, ...denies, ...(deny === undefined ? [] : [deny])].flatMap(
    (one) => one.principals.principals,
  );
  const known = new Set(named.map(accountNamed));
  const strangers = accounts.filter((one) => !known.has(one)).slice(0, 1);
  const provider = /With(?:SAML|WebIdentity)$/i.test(action) ? [newName] : [];
  const others = named.flatMap((one) => {
    const account = one.kind === "account" ? one.account : undefined;
    return account !== undefined ? [roleIn(account, around)] : one.kind === "everyone" ? [] : [nameOf(one)];
  });
  return [...provider, ...demanded(allow, around), ...strangers.map((one) => roleIn(one, around)), ...others];
}

const accounts = ["444455556666", "777788889999", "999988887777", "222233334444", "555566667777"] as const;

const roleIn = (account: string, { partition }: Surroundings): string =>
  `arn:${partition}:iam::${account}:role/${newName}`;

/** Callers that a statement's own conditions name. */
const demanded = (allow: TrustBody, around: Surroundings): readonly string[] =>
  allow.conditions.flatMap(({ key, values, negated }) => {
    if (negated) return [];
    if (key.toLowerCase() === "aws:principalarn")
      return values.map((one) => one.replaceAll("*", newName).replaceAll("?", "x"));
    return key.toLowerCase() === "aws:principalaccount" ? values.map((one) => roleIn(one, around)) : [];
  });

const shownPrincipal = (one: PolicyPrincipal, { partition }: Surroundings): string =>
  one.kind === "account" ? `arn:${partition}:iam::${one.account}:root` : nameOf(one);

/** What every old Allow that names the caller asked for, and the new one does not. */
function droppedFrom({ before }: Asked, caller: Caller, keys: ReadonlySet<string>): readonly string[] {
  const naming = before.filter((one) => one.principals.principals.length > 0 && namesCaller(one, caller));
  const asked = naming.map((one) => new Set(one.conditions.map(({ key }) => key.toLowerCase())));
  const [first, ...more] = asked;
  return [...(first ?? [])].filter((key) => more.every((one) => one.has(key)) && !keys.has(key)).sort();
}

const namesCaller = (one: TrustBody, caller: Caller): boolean =>
  one.principals.principals.some(
    (principal) =>
      nameOf(principal) === nameOfCaller(caller) ||
      principal.kind === "everyone" ||
      (caller.kind !== "other" && accountNamed(principal) === caller.account),
  );

const nameOfCaller = (caller: Caller): string => (caller.kind === "other" ? caller.name : caller.arn);

/** The keys that keep a provider's other tenants, or strangers, out. */
function missingFrom(
  principal: PolicyPrincipal,
  { action, before }: Asked,
  keys: ReadonlySet<string>,
): readonly string[] {
  if (principal.kind === "federated") {
    if (!/WithWebIdentity$/i.test(action)) return [];
    const issuer = principal.provider
      .slice(principal.provider.indexOf("oidc-provider/") + 1)
      .replace(/^idc-provider\//, "");
    return [`${issuer}:aud`, `${issuer}:sub`].map((key) => key.toLowerCase()).filter((key) => !keys.has(key));
  }
  const account = accountNamed(principal);
  const known = before.some((one) => one.principals.principals.some((other) => accountNamed(other) === account));
  const stranger = principal.kind === "everyone" || (account !== undefined && !known);
  const bounds = [
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalaccount",
    "sts:externalid",
  ];
  if (!stranger || !/:AssumeRole$/i.test(action) || bounds.some((key) => keys.has(key))) return [];
  return ["aws:principalorgid", "sts:externalid"];
}
