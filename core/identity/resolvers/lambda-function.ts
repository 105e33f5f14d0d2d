import { namingFunction, unqualified } from "../declared.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, placedIn, type RoleSession } from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";

export const lambdaFunction: Resolver = {
  id: "lambda-function",
  summary:
    "AWS writes the function that the credentials were issued to into `inScopeOf`. Without it, a session named as the one function that has its role is taken for it; a name alone is not used, its caller could choose it.",
  watches: [],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const scope = holder.principal.session.inScopeOf;
    if (scope?.issuerType === "AWS::Lambda::Function")
      return claim(holder, unqualified(scope.credentialsIssuedTo), asserted);
    if (scope !== undefined || begunBy(holder, "lambda") === "by-another") return undefined;
    if (conventionOf(holder.principal.session.name) !== undefined) return undefined;
    const [only, ...others] = placedIn(holder, "lambda-function");
    return only !== undefined && others.length === 0 && nameOf(only.resource) === holder.principal.session.name
      ? claim(holder, only.resource, indexed)
      : undefined;
  },
};

type How = Pick<Claim, "class" | "because">;

const asserted: How = { class: "asserted", because: "AWS wrote the function into userIdentity.inScopeOf" };
const indexed: How = {
  class: "indexed",
  because: "the session is named as Lambda names them, and this is the one function that has its role",
};

const claim = (holder: RoleSession, functionArn: string, how: How): Claim =>
  declared(holder, { id: `lambda:${functionArn}`, ...how }, namingFunction(holder.registry, functionArn));

const nameOf = (functionArn: string): string => functionArn.split(":")[6] ?? "";
