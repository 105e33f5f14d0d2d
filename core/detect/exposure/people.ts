import type { ApiCall } from "../../event/event.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { permissionSetUser } from "../../identity/identity-center.ts";

/** Whether the console made the credential. */
export const consoleSigned = ({ principal }: ApiCall): boolean => principal.console === true;

/** Whether a credential that does not expire signed: an access key, root's own, or a bearer token. */
export function lastingKeySigned(call: ApiCall): boolean {
  const { kind, accessKeyId, bearer } = call.principal;
  if (consoleSigned(call)) return false;
  return kind === "root" || bearer === true || (accessKeyId !== undefined && isLongTerm(accessKeyId));
}

/** Whether people or keys that do not expire signed, as far as the record says; applications work as roles. */
export function peopleSigned(call: ApiCall): boolean {
  const { principal } = call;
  const { kind } = principal;
  if (consoleSigned(call) || kind === "iam-user" || kind === "root" || kind === "identity-center-user") return true;
  return kind === "assumed-role" && permissionSetUser(principal)?.reserved === true;
}
