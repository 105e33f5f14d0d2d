import type { Principal } from "../event/principal.ts";

/**
 * The user whose permission set a role session runs, as the session is named. Identity Center alone makes and assumes the
 * roles under its reserved path (Identity Center user guide, "Referencing permission sets"); the path stands in
 * `sessionIssuer.arn` only, so a role that merely has such a name is not one.
 */
export function permissionSetUser(
  principal: Principal,
): { readonly name: string; readonly reserved: boolean } | undefined {
  if (principal.kind !== "assumed-role" || principal.session.name === "") return undefined;
  const [, path = ""] = principal.role.split(":role");
  if (!path.slice(path.lastIndexOf("/") + 1).startsWith("AWSReservedSSO_")) return undefined;
  return { name: principal.session.name, reserved: path.startsWith("/aws-reserved/sso.amazonaws.com/") };
}

/** `sso:<store arn>/<user id>`: the person that AWS says a call was for. */
export const personBehind = ({ userId, identityStoreArn }: NonNullable<Principal["onBehalfOf"]>): string =>
  `sso:${identityStoreArn || "-"}/${userId}`;

/** What `identityCenterUser` of a manifest names a person by. */
export const userKeys = ({ userId, identityStoreArn }: NonNullable<Principal["onBehalfOf"]>): readonly string[] => [
  `${identityStoreArn}/${userId}`,
];
