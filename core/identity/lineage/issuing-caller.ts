import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import type { Principal } from "../../event/principal.ts";
import { isUserArn, parseArn } from "../../iam/arn.ts";
import { asAccountId } from "../../iam/identifiers.ts";

/**
 * Who asked for the credential. It is the record's signer, but for `SwitchRole`: that record names the role as its signer,
 * and who switched in `additionalEventData.SwitchFrom` (CloudTrail user guide, "AWS Management Console sign-in events").
 */
export function callerOf(call: ApiCall): Principal {
  if (call.api !== "signin:SwitchRole") return call.principal;
  const from = text(at(call.record, "additionalEventData", "SwitchFrom"));
  return switched(from) ?? call.principal;
}

function switched(from: string): Principal | undefined {
  const arn = parseArn(from);
  if (arn === undefined) return undefined;
  const account = asAccountId(arn.account);
  const signer = { arn: from, ...(account === undefined ? {} : { account }) };
  if (isUserArn(from)) return { kind: "iam-user", ...signer };
  const [kind, role, session] = arn.resource.split("/");
  if (kind !== "assumed-role" || !role || !session) return undefined;
  return {
    kind: "assumed-role",
    ...signer,
    role: `arn:${arn.partition}:iam::${arn.account}:role/${role}`,
    session: { name: session },
  };
}
