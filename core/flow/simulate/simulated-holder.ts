import { named } from "../../decide/policy.ts";
import type { Principal } from "../../event/principal.ts";
import type { Attribution } from "../../identity/attribution.ts";

/** The ARN under which a principal holds policies: a session's is its role's. */
export const holderArn = (principal: Principal): string | undefined =>
  principal.kind === "assumed-role" ? principal.role : principal.arn;

/** Whether an ARN, exact or with a trailing `*`, names whoever holds the principal's policies. */
export function namesPrincipal(pattern: string, principal: Principal): boolean {
  const arn = holderArn(principal);
  return arn !== undefined && named([pattern], arn);
}

/** Whether a workload's name or an ARN means whoever made a call. */
export const means = (who: string, principal: Principal, attribution: Attribution): boolean =>
  who.startsWith("arn:")
    ? namesPrincipal(who, principal)
    : attribution.kind === "workload" && attribution.declared && attribution.id === who;
