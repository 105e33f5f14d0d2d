import {
  type ChangeReader,
  type ChangingCall,
  type Fields,
  fieldsOf,
  type OfIdentity,
  tagsOf,
  textOf,
} from "./iam-change.ts";

/**
 * How calls of IAM Identity Center that change permission sets and who has them are read (Identity Center API reference).
 * A permission set is an identity by its own ARN: what it grants reaches every account that it is provisioned to.
 */
export const permissionSetChanges: Readonly<Record<`sso:${string}`, ChangeReader>> = {
  "sso:CreatePermissionSet": ({ request, response }) => {
    const identity = textOf(fieldsOf(response["permissionSet"])["permissionSetArn"]);
    const seconds = durationOf(request["sessionDuration"]) ?? 3_600;
    return identity === ""
      ? undefined
      : {
          kind: "created",
          identity,
          tags: tagsOf(request["tags"]),
          maxSessionSeconds: seconds,
          furnished: false,
        };
  },
  "sso:DeletePermissionSet": of(() => ({ kind: "deleted" })),
  "sso:UpdatePermissionSet": of(({ request }) => {
    const seconds = durationOf(request["sessionDuration"]);
    return seconds === undefined ? undefined : { kind: "session-set", seconds };
  }),
  "sso:PutInlinePolicyToPermissionSet": of(({ request }) => ({
    kind: "inline-put",
    name: inlineName,
    document: request["inlinePolicy"],
  })),
  "sso:DeleteInlinePolicyFromPermissionSet": of(() => ({ kind: "inline-deleted", name: inlineName })),
  "sso:AttachManagedPolicyToPermissionSet": of(managed("attached")),
  "sso:DetachManagedPolicyFromPermissionSet": of(managed("detached")),
  "sso:AttachCustomerManagedPolicyReferenceToPermissionSet": of(referenced("attached")),
  "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet": of(referenced("detached")),
  "sso:PutPermissionsBoundaryToPermissionSet": of(({ request }) => {
    const boundary = fieldsOf(request["permissionsBoundary"]);
    const policy =
      textOf(boundary["managedPolicyArn"]) || referenceOf(fieldsOf(boundary["customerManagedPolicyReference"]));
    return policy === "" ? undefined : { kind: "boundary-put", policy };
  }),
  "sso:DeletePermissionsBoundaryFromPermissionSet": of(() => ({ kind: "boundary-deleted" })),
  "sso:CreateAccountAssignment": assignment("assigned"),
  "sso:DeleteAccountAssignment": assignment("unassigned"),
};

/** A permission set has one inline policy, and it has no name. */
const inlineName = "inline";

type Rest<Change = OfIdentity> = Change extends OfIdentity ? Omit<Change, "identity"> : never;

function of(rest: (call: ChangingCall) => Rest | undefined): ChangeReader {
  return (call) => {
    const identity = textOf(call.request["permissionSetArn"]);
    const told = identity === "" ? undefined : rest(call);
    return told === undefined ? undefined : ({ identity, ...told } as OfIdentity);
  };
}

function managed(kind: "attached" | "detached"): (call: ChangingCall) => Rest | undefined {
  return ({ request }) => {
    const policy = textOf(request["managedPolicyArn"]);
    return policy === "" ? undefined : { kind, policy };
  };
}

/** The policy of that name in whichever account the set is provisioned to: no ARN, and its text differs by account. */
function referenced(kind: "attached" | "detached"): (call: ChangingCall) => Rest | undefined {
  return ({ request }) => {
    const policy = referenceOf(fieldsOf(request["customerManagedPolicyReference"]));
    return policy === "" ? undefined : { kind, policy };
  };
}

function referenceOf(reference: Fields): string {
  const name = textOf(reference["name"]);
  return name === "" ? "" : `policy${textOf(reference["path"]) || "/"}${name}`;
}

function assignment(kind: "assigned" | "unassigned"): ChangeReader {
  return ({ request }) => {
    const permissionSet = textOf(request["permissionSetArn"]);
    return permissionSet === ""
      ? undefined
      : {
          kind,
          permissionSet,
          account: textOf(request["targetId"]),
          principalKind: textOf(request["principalType"]),
          principal: textOf(request["principalId"]),
        };
  };
}

/** ISO 8601 as Identity Center takes it: `PT1H`, `PT12H`, `PT90M`, `PT1H30M`. */
function durationOf(given: unknown): number | undefined {
  const found = /^PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?$/.exec(textOf(given));
  if (found === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const all = hours * 3_600 + minutes * 60 + seconds;
  return all === 0 ? undefined : all;
}
