import type { ApiCall } from "../event/event.ts";
import { fields, text } from "../event/json.ts";
import { iamArn, isPolicyArn } from "../iam/arn.ts";

/** The IAM thing that a call names in its parameters. */
export interface Touched {
  readonly kind: "role" | "user" | "group" | "policy";
  /** The name as the request has it; the whole ARN for a policy that is named by it. */
  readonly name: string;
  readonly path: string;
  /** Without a path, which requests do not carry; names are unique in an account all the same. */
  readonly arn?: string;
}

const parameters = [
  ["role", "roleName"],
  ["user", "userName"],
  ["group", "groupName"],
  ["policy", "policyArn"],
  ["policy", "policyName"],
] as const;

/** What an IAM write touched, by its parameters; nothing when it names nothing, as denied calls often do. */
export function touchedBy(call: ApiCall): Touched | undefined {
  for (const [kind, parameter] of parameters) {
    const name = text(call.request[parameter]);
    if (name === "") continue;
    const known = [name, text(fields(call.response["policy"])["arn"])].find(isPolicyArn);
    const arn = kind === "policy" && known !== undefined ? known : builtArn(call, kind, name);
    return { kind, name, path: `requestParameters.${parameter}`, ...(arn === undefined ? {} : { arn }) };
  }
  return undefined;
}

/** IAM names are 1 to 128 of these characters (IAM API reference); a caller can put anything into a call that fails. */
export function builtArn(call: ApiCall, kind: Touched["kind"], name: string): string | undefined {
  const account = call.account ?? call.principal.account;
  return account !== undefined && /^[\w+=,.@-]{1,128}$/.test(name)
    ? iamArn(call.partition, account, kind, name)
    : undefined;
}
