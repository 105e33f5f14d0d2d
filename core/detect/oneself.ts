import type { ApiCall } from "../event/event.ts";
import { parseArn } from "../iam/arn.ts";

/** Whether an ARN is the signer's own role or user, whatever path stands before the name: records leave paths out. */
export function isOneself(arn: string, call: ApiCall): boolean {
  const own = signerArn(call);
  return own !== undefined && keyOf(own) === keyOf(arn);
}

/** The role or user that signed, by ARN; nothing for everybody else. */
export function signerArn({ principal: signer }: ApiCall): string | undefined {
  if (signer.kind === "assumed-role") return signer.role;
  return signer.kind === "iam-user" ? signer.arn : undefined;
}

/** Kind and name: a name is unique in its account. A session of a role counts as the role. */
function keyOf(arn: string): string {
  const found = parseArn(arn);
  const [kind = "", ...path] = (found?.resource ?? "").split("/");
  const name = kind === "assumed-role" ? path[0] : path.at(-1);
  return `${found?.account} ${kind === "assumed-role" ? "role" : kind} ${name}`;
}
