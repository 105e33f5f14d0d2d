/** Whom a statement of a resource or trust policy is for: those named, or everyone but them (`NotPrincipal`). */
export interface PrincipalScope {
  readonly kind: "only" | "all-but";
  readonly principals: readonly PolicyPrincipal[];
}

/** One entry of a Principal element (IAM User Guide, "AWS JSON policy elements: Principal"). */
export type PolicyPrincipal =
  | { readonly kind: "everyone" }
  /** The account, by its id or its root ARN: whatever the account's own policies let in. */
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "arn"; readonly arn: string }
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "federated"; readonly provider: string }
  | { readonly kind: "canonical-user"; readonly id: string }
  /** `AROA…`, `AIDA…`: what AWS puts in place of a principal that was deleted. Matches nobody again. */
  | { readonly kind: "unique-id"; readonly id: string };

export type ReadPrincipals =
  | { readonly ok: true; readonly scope: PrincipalScope | undefined }
  | { readonly ok: false; readonly because: string };

/** Reads Principal and NotPrincipal, of which a statement has at most one. */
export function readPrincipals(only: unknown, allBut: unknown): ReadPrincipals {
  if (only !== undefined && allBut !== undefined) return refuse("has both Principal and NotPrincipal");
  const given = only ?? allBut;
  if (given === undefined) return { ok: true, scope: undefined };
  const principals = principalsOf(given);
  if (principals === undefined)
    return refuse(
      `has a ${only === undefined ? "Not" : ""}Principal that is neither "*" nor lists of AWS, Service, Federated or CanonicalUser`,
    );
  return { ok: true, scope: { kind: only === undefined ? "all-but" : "only", principals } };
}

function principalsOf(given: unknown): readonly PolicyPrincipal[] | undefined {
  if (given === "*") return [{ kind: "everyone" }];
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const found: PolicyPrincipal[] = [];
  for (const [type, value] of Object.entries(given)) {
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const name of names) {
      const one = typeof name === "string" ? principalOf(type, name) : undefined;
      if (one === undefined) return undefined;
      found.push(one);
    }
  }
  return found;
}

function principalOf(type: string, name: string): PolicyPrincipal | undefined {
  if (name === "*") return { kind: "everyone" };
  switch (type) {
    case "AWS":
      return awsPrincipal(name);
    case "Service":
      return { kind: "service", name };
    case "Federated":
      return { kind: "federated", provider: name };
    case "CanonicalUser":
      return { kind: "canonical-user", id: name };
    default:
      return undefined;
  }
}

function awsPrincipal(name: string): PolicyPrincipal {
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account !== undefined) return { kind: "account", account };
  return name.startsWith("arn:") ? { kind: "arn", arn: name } : { kind: "unique-id", id: name };
}

const refuse = (because: string) => ({ ok: false, because }) as const;
