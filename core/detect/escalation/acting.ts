import type { ApiCall } from "../../event/event.ts";
import type { Principal } from "../../event/principal.ts";
import { iamArn, isRoleArn, parseArn } from "../../iam/arn.ts";
import { permissionSetUser } from "../../identity/identity-center.ts";
import { builtArn } from "../touched.ts";
import type { Said } from "./parameters.ts";

/**
 * Whose steps belong together: the role, user or federated identity that signs, across its sessions. Roles of Identity
 * Center are shared by people, and each session of them is one person's.
 */
export function actingAs(principal: Principal): string | undefined {
  if (principal.kind !== "assumed-role") return principal.kind === "aws-service" ? undefined : principal.arn;
  return permissionSetUser(principal)?.reserved === true ? (principal.arn ?? principal.role) : principal.role;
}

/** What a step works on, named the same by every call: roles and users by an ARN without a path, the rest as it is. */
export function subjectNamed(call: ApiCall, { path, value }: Said): string {
  if (path.endsWith(".roleName")) return builtArn(call, "role", value) ?? value;
  if (path.endsWith(".userName")) return builtArn(call, "user", value) ?? value;
  return bareRole(value);
}

/** A role's ARN without the path that IAM may have put before the name: writes name the role only. */
export function bareRole(arn: string): string {
  const fields = isRoleArn(arn) ? parseArn(arn) : undefined;
  return fields === undefined
    ? arn
    : iamArn(fields.partition, fields.account, "role", fields.resource.slice(fields.resource.lastIndexOf("/") + 1));
}
