import type { ApiCall } from "../../event/event.ts";
import { fields, text } from "../../event/json.ts";
import { isPolicyArn, type PolicyArn, parseArn } from "../../iam/arn.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { builtArn } from "../touched.ts";

/** Whoever a write gives policies to or takes them from. */
export interface Party {
  readonly kind: "role" | "user" | "group" | "permission-set";
  /** As the request has it; a permission set by its ARN. */
  readonly name: string;
  readonly path: string;
  /** Without the path that IAM may have put before the name. Absent where the name is none that IAM allows. */
  readonly arn?: string;
}

/** One write that changes what identities may do, as its request says it. */
export type GrantWrite =
  | {
      readonly kind: "put";
      readonly party: Party;
      readonly policy: string;
      readonly text: unknown;
      readonly path: string;
    }
  /** An inline policy taken away. */
  | { readonly kind: "delete"; readonly party: Party; readonly policy: string; readonly path: string }
  | { readonly kind: "attach" | "detach"; readonly party: Party; readonly policy: string; readonly path: string }
  /** A new version of a managed policy; `prepared`: nobody has it yet. */
  | {
      readonly kind: "version";
      readonly policy: PolicyArn | undefined;
      readonly text: unknown;
      readonly path: string;
      readonly prepared: boolean;
    }
  | { readonly kind: "default-version"; readonly policy: PolicyArn; readonly path: string }
  | { readonly kind: "join" | "leave"; readonly party: Party; readonly group: Party };

/** The calls that are read, without those that only look. */
export const grantCalls = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:DeleteGroupPolicy",
  "iam:DeleteRolePolicy",
  "iam:DeleteUserPolicy",
  "iam:DetachGroupPolicy",
  "iam:DetachRolePolicy",
  "iam:DetachUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:RemoveUserFromGroup",
  "iam:SetDefaultPolicyVersion",
  "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
  "sso:AttachManagedPolicyToPermissionSet",
  "sso:DeleteInlinePolicyFromPermissionSet",
  "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
  "sso:DetachManagedPolicyFromPermissionSet",
  "sso:PutInlinePolicyToPermissionSet",
] as const satisfies readonly ApiName[];

/** Reads a write; nothing when the call is none, or its parameters do not say whom or what it is about, as denied calls often do not. */
export function grantWriteOf(call: ApiCall): GrantWrite | undefined {
  const { api, request } = call;
  const party = partyOf(call);
  switch (api) {
    case "iam:PutGroupPolicy":
    case "iam:PutRolePolicy":
    case "iam:PutUserPolicy":
      return party && { kind: "put", party, ...inline(call), ...document(call, "policyDocument") };
    case "sso:PutInlinePolicyToPermissionSet":
      return party && { kind: "put", party, policy: "inline", ...document(call, "inlinePolicy") };
    case "iam:DeleteGroupPolicy":
    case "iam:DeleteRolePolicy":
    case "iam:DeleteUserPolicy":
      return party && { kind: "delete", party, ...inline(call), path: "requestParameters.policyName" };
    case "sso:DeleteInlinePolicyFromPermissionSet":
      return party && { kind: "delete", party, policy: "inline", path: party.path };
    case "iam:AttachGroupPolicy":
    case "iam:AttachRolePolicy":
    case "iam:AttachUserPolicy":
    case "sso:AttachManagedPolicyToPermissionSet":
    case "sso:AttachCustomerManagedPolicyReferenceToPermissionSet":
      return managed("attach", party, call);
    case "iam:DetachGroupPolicy":
    case "iam:DetachRolePolicy":
    case "iam:DetachUserPolicy":
    case "sso:DetachManagedPolicyFromPermissionSet":
    case "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet":
      return managed("detach", party, call);
    case "iam:CreatePolicy":
    case "iam:CreatePolicyVersion":
      return {
        kind: "version",
        policy: written(call),
        ...document(call, "policyDocument"),
        prepared: isPrepared(call),
      };
    case "iam:SetDefaultPolicyVersion": {
      const policy = text(request["policyArn"]);
      return isPolicyArn(policy) ? { kind: "default-version", policy, path: "requestParameters.policyArn" } : undefined;
    }
    case "iam:AddUserToGroup":
    case "iam:RemoveUserFromGroup": {
      const group = named(call, "group", "groupName");
      if (party === undefined || group === undefined) return undefined;
      return { kind: api === "iam:AddUserToGroup" ? "join" : "leave", party, group };
    }
    default:
      return undefined;
  }
}

function partyOf(call: ApiCall): Party | undefined {
  const set = text(call.request["permissionSetArn"]);
  if (set !== "" && parseArn(set)?.service === "sso")
    return { kind: "permission-set", name: set, path: "requestParameters.permissionSetArn", arn: set };
  return named(call, "role", "roleName") ?? named(call, "user", "userName") ?? named(call, "group", "groupName");
}

function named(call: ApiCall, kind: "role" | "user" | "group", parameter: string): Party | undefined {
  const name = text(call.request[parameter]);
  if (name === "") return undefined;
  const arn = builtArn(call, kind, name);
  return { kind, name, path: `requestParameters.${parameter}`, ...(arn === undefined ? {} : { arn }) };
}

const inline = ({ request }: ApiCall) => ({ policy: text(request["policyName"]) });

const document = ({ request }: ApiCall, parameter: string) => ({
  text: request[parameter],
  path: `requestParameters.${parameter}`,
});

function managed(kind: "attach" | "detach", party: Party | undefined, call: ApiCall): GrantWrite | undefined {
  const { request } = call;
  const reference = text(fields(request["customerManagedPolicyReference"])["name"]);
  const [policy, parameter] =
    [
      [text(request["policyArn"]), "policyArn"] as const,
      [text(request["managedPolicyArn"]), "managedPolicyArn"] as const,
      // A permission set names it; each account it is provisioned to has its own by that name.
      [reference === "" ? "" : (builtArn(call, "policy", reference) ?? ""), "customerManagedPolicyReference"] as const,
    ].find(([name]) => name !== "") ?? [];
  if (party === undefined || policy === undefined) return undefined;
  return { kind, party, policy, path: `requestParameters.${parameter}` };
}

function written(call: ApiCall): PolicyArn | undefined {
  const told = [text(call.request["policyArn"]), text(fields(call.response["policy"])["arn"])].find(isPolicyArn);
  const built = told ?? builtArn(call, "policy", text(call.request["policyName"]));
  return built !== undefined && isPolicyArn(built) ? built : undefined;
}

const isPrepared = ({ api, request }: ApiCall): boolean =>
  api === "iam:CreatePolicy" || (request["setAsDefault"] !== true && request["setAsDefault"] !== "true");
