import { parseArn } from "./arn.ts";
import type { Context } from "./context.ts";
import type { PolicyPrincipal, PrincipalScope } from "./principal-scope.ts";

/** Who makes a request, as far as its principal's name tells. */
export type Caller =
  | { readonly kind: "user" | "role" | "root" | "federated"; readonly arn: string; readonly account: string }
  /** A role session: `arn:…:sts::<account>:assumed-role/<role>/<session>`. */
  | { readonly kind: "session"; readonly arn: string; readonly account: string; readonly role: string }
  /** A service (`lambda.amazonaws.com`), an identity provider, or nobody that AWS knows (`*`). */
  | { readonly kind: "other"; readonly name: string };

/** Reads a principal's ARN, an account id, a service name. */
export function callerOf(principal: string): Caller {
  if (/^\d{12}$/.test(principal)) return { kind: "root", arn: principal, account: principal };
  const fields = parseArn(principal);
  if (fields === undefined || fields.account === "") return { kind: "other", name: principal };
  const { service, account, resource } = fields;
  const [type = "", name = ""] = resource.split("/");
  if (service === "sts" && type === "assumed-role" && name !== "")
    return { kind: "session", arn: principal, account, role: name };
  if (service === "iam" && (type === "user" || type === "role")) return { kind: type, arn: principal, account };
  if (service === "iam" && resource === "root") return { kind: "root", arn: principal, account };
  if (service === "sts" && type === "federated-user") return { kind: "federated", arn: principal, account };
  return { kind: "other", name: principal };
}

/** The account that a caller belongs to; services and the anonymous have none. */
export const accountOfCaller = (caller: Caller): string | undefined =>
  caller.kind === "other" ? undefined : caller.account;

/** How closely a policy names a caller: itself, anyone, its role, or only the account it is in. What makes up for more comes first. */
export const namings = ["itself", "everyone", "role", "account"] as const;

export type Naming = (typeof namings)[number];

/** How closely the scope names the caller, or nothing when it does not. */
export function namingOf(scope: PrincipalScope, caller: Caller): Naming | undefined {
  const found = scope.principals.map((one) => nearness(one, caller));
  if (scope.kind === "only") return namings.find((one) => found.includes(one));
  // NotPrincipal: naming only the account leaves nobody in it out (IAM User Guide, "NotPrincipal with Deny").
  return found.some((one) => one !== undefined && one !== "account") ? undefined : "everyone";
}

function nearness(one: PolicyPrincipal, caller: Caller): Naming | undefined {
  switch (one.kind) {
    case "everyone":
      return "everyone";
    case "account":
      return accountOfCaller(caller) === one.account ? "account" : undefined;
    case "arn":
      return nearnessOfArn(one.arn, caller);
    case "service":
      return caller.kind === "other" && caller.name === one.name ? "itself" : undefined;
    case "federated":
      return caller.kind === "other" && caller.name === one.provider ? "itself" : undefined;
    case "canonical-user":
    case "unique-id":
      return undefined;
  }
}

function nearnessOfArn(arn: string, caller: Caller): Naming | undefined {
  if (caller.kind === "other") return caller.name === arn ? "itself" : undefined;
  if (caller.arn === arn) return caller.kind === "role" ? "role" : "itself";
  return caller.kind === "session" && isRoleNamed(arn, caller.account, caller.role) ? "role" : undefined;
}

/** A session's ARN has the role's name without its path. */
function isRoleNamed(arn: string, account: string, role: string): boolean {
  const fields = parseArn(arn);
  return (
    fields?.service === "iam" &&
    fields.account === account &&
    fields.resource.startsWith("role/") &&
    fields.resource.slice(fields.resource.lastIndexOf("/") + 1) === role
  );
}

/** The global keys that AWS puts into every request and that the caller's name tells. */
export function contextOfCaller(caller: Caller): Context {
  const values = new Map<string, string>([["aws:principalisawsservice", "false"]]);
  if (caller.kind !== "other") {
    values.set("aws:principalaccount", caller.account);
    values.set("aws:principalarn", principalArn(caller));
    values.set("aws:principaltype", types[caller.kind]);
    if (caller.kind === "user") values.set("aws:username", caller.arn.slice(caller.arn.lastIndexOf("/") + 1));
  }
  return (key) => values.get(key);
}

const types = {
  user: "User",
  role: "AssumedRole",
  session: "AssumedRole",
  root: "Account",
  federated: "FederatedUser",
} as const;

/** For sessions AWS puts the role's ARN here; its path is not in the session's, so it is taken for `/`. */
function principalArn(caller: Exclude<Caller, { kind: "other" }>): string {
  const partition = parseArn(caller.arn)?.partition;
  if (caller.kind !== "session" || partition === undefined) return caller.arn;
  return `arn:${partition}:iam::${caller.account}:role/${caller.role}`;
}
