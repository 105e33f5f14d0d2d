import { type ChangeReader, type ChangingCall, fieldsOf, named, type OfCredential, textOf } from "./iam-change.ts";

/** How calls that write customer managed policies and instance profiles are read (IAM API reference). */
export const managedChanges: Readonly<Record<`iam:${string}`, ChangeReader>> = {
  "iam:CreatePolicy": (call) => {
    const { request, response } = call;
    const built = named(call, "policy", { name: textOf(request["policyName"]), path: textOf(request["path"]) });
    const policy = textOf(fieldsOf(response["policy"])["arn"]) || built;
    return policy === undefined ? undefined : { kind: "policy-created", policy, document: request["policyDocument"] };
  },
  "iam:CreatePolicyVersion": ({ request, response }) => {
    const policy = textOf(request["policyArn"]);
    const version = textOf(fieldsOf(response["policyVersion"])["versionId"]);
    const isDefault = request["setAsDefault"] === true || request["setAsDefault"] === "true";
    const told = version === "" ? {} : { version };
    return policy === ""
      ? undefined
      : { kind: "version-created", policy, ...told, isDefault, document: request["policyDocument"] };
  },
  "iam:SetDefaultPolicyVersion": ({ request }) => versioned("default-set", request),
  "iam:DeletePolicyVersion": ({ request }) => versioned("version-deleted", request),
  "iam:DeletePolicy": ({ request }) => {
    const policy = textOf(request["policyArn"]);
    return policy === "" ? undefined : { kind: "policy-deleted", policy };
  },
  "iam:CreateInstanceProfile": (call) => {
    const told = textOf(fieldsOf(call.response["instanceProfile"])["arn"]);
    const profile = told || profileOf(call);
    return profile === undefined ? undefined : { kind: "profile-created", profile };
  },
  "iam:DeleteInstanceProfile": (call) => {
    const profile = profileOf(call);
    return profile === undefined ? undefined : { kind: "profile-deleted", profile };
  },
  "iam:AddRoleToInstanceProfile": (call) => filling(call, "profile-filled"),
  "iam:RemoveRoleFromInstanceProfile": (call) => filling(call, "profile-emptied"),
};

/** How calls that change what somebody signs in with are read; no state is kept of it. */
export const credentialChanges: Readonly<Record<`iam:${string}`, ChangeReader>> = {
  "iam:CreateAccessKey": (call) => {
    const made = fieldsOf(call.response["accessKey"]);
    const key = textOf(made["accessKeyId"]);
    return {
      kind: "key-created",
      ...userOf(call, textOf(made["userName"])),
      ...(key === "" ? {} : { key }),
    };
  },
  "iam:UpdateAccessKey": (call) => ({
    kind: "key-set",
    ...userOf(call),
    key: textOf(call.request["accessKeyId"]),
    active: textOf(call.request["status"]) === "Active",
  }),
  "iam:DeleteAccessKey": (call) => ({
    kind: "key-deleted",
    ...userOf(call),
    key: textOf(call.request["accessKeyId"]),
  }),
  "iam:CreateLoginProfile": (call) => ({ kind: "login-created", ...userOf(call) }),
  "iam:UpdateLoginProfile": (call) => ({ kind: "login-changed", ...userOf(call) }),
  "iam:DeleteLoginProfile": (call) => ({ kind: "login-deleted", ...userOf(call) }),
  "iam:EnableMFADevice": (call) => ({ kind: "mfa-enabled", ...userOf(call), ...deviceOf(call) }),
  "iam:DeactivateMFADevice": (call) => ({ kind: "mfa-removed", ...userOf(call), ...deviceOf(call) }),
  "iam:DeleteVirtualMFADevice": (call) => ({ kind: "mfa-removed", ...deviceOf(call) }),
};

/** Keys and passwords are the caller's own where the request names nobody; then the answer may. */
function userOf(call: ChangingCall, told = ""): Pick<OfCredential, "user"> {
  const user = named(call, "user", { name: textOf(call.request["userName"]) || told });
  return user === undefined ? {} : { user };
}

function deviceOf({ request }: ChangingCall): { readonly device?: string } {
  const device = textOf(request["serialNumber"]);
  return device === "" ? {} : { device };
}

function versioned(kind: "default-set" | "version-deleted", request: ChangingCall["request"]) {
  const [policy, version] = [textOf(request["policyArn"]), textOf(request["versionId"])];
  return policy === "" || version === "" ? undefined : { kind, policy, version };
}

/** An instance profile's ARN, without path where the record names none; its name is unique in the account. */
const profileOf = (call: ChangingCall): string | undefined =>
  named(call, "instance-profile", { name: textOf(call.request["instanceProfileName"]) });

function filling(call: ChangingCall, kind: "profile-filled" | "profile-emptied") {
  const [profile, role] = [profileOf(call), textOf(call.request["roleName"])];
  return profile === undefined || role === "" ? undefined : { kind, profile, role };
}
