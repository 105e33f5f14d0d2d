import {
  type ChangeReader,
  type ChangingCall,
  type Fields,
  fieldsOf,
  listOf,
  named,
  type OfIdentity,
  tagsOf,
  textOf,
} from "./iam-change.ts";

/** How each call of IAM that changes a role, user or group is read (IAM API reference; spelling as CloudTrail writes it). */
export const identityChanges: Readonly<Record<`iam:${string}`, ChangeReader>> = {
  "iam:CreateRole": made("role"),
  "iam:CreateUser": made("user"),
  "iam:CreateGroup": made("group"),
  "iam:CreateServiceLinkedRole": made("role"),
  "iam:DeleteRole": of("role", () => ({ kind: "deleted" })),
  "iam:DeleteServiceLinkedRole": of("role", () => ({ kind: "deleted" })),
  "iam:DeleteUser": of("user", () => ({ kind: "deleted" })),
  "iam:DeleteGroup": of("group", () => ({ kind: "deleted" })),
  "iam:UpdateUser": renamed("user"),
  "iam:UpdateGroup": renamed("group"),
  "iam:PutRolePolicy": of("role", inlinePut),
  "iam:PutUserPolicy": of("user", inlinePut),
  "iam:PutGroupPolicy": of("group", inlinePut),
  "iam:DeleteRolePolicy": of("role", inlineDeleted),
  "iam:DeleteUserPolicy": of("user", inlineDeleted),
  "iam:DeleteGroupPolicy": of("group", inlineDeleted),
  "iam:AttachRolePolicy": of("role", moved("attached")),
  "iam:AttachUserPolicy": of("user", moved("attached")),
  "iam:AttachGroupPolicy": of("group", moved("attached")),
  "iam:DetachRolePolicy": of("role", moved("detached")),
  "iam:DetachUserPolicy": of("user", moved("detached")),
  "iam:DetachGroupPolicy": of("group", moved("detached")),
  "iam:PutRolePermissionsBoundary": of("role", bounded),
  "iam:PutUserPermissionsBoundary": of("user", bounded),
  "iam:DeleteRolePermissionsBoundary": of("role", () => ({ kind: "boundary-deleted" })),
  "iam:DeleteUserPermissionsBoundary": of("user", () => ({ kind: "boundary-deleted" })),
  "iam:UpdateAssumeRolePolicy": of("role", ({ request }) => ({
    kind: "trust-put",
    document: request["policyDocument"],
  })),
  "iam:UpdateRole": of("role", ({ request }) => {
    const seconds = secondsOf(request["maxSessionDuration"]);
    return seconds === undefined ? undefined : { kind: "session-set", seconds };
  }),
  "iam:TagRole": of("role", tagged),
  "iam:TagUser": of("user", tagged),
  "iam:UntagRole": of("role", untagged),
  "iam:UntagUser": of("user", untagged),
  "iam:AddUserToGroup": of("user", ({ request }) => ({ kind: "joined", group: textOf(request["groupName"]) })),
  "iam:RemoveUserFromGroup": of("user", ({ request }) => ({ kind: "left", group: textOf(request["groupName"]) })),
};

type Kind = "role" | "user" | "group";

/** What a change says beside the identity; a union member each. */
type Rest<Change = OfIdentity> = Change extends OfIdentity ? Omit<Change, "identity"> : never;

function of(kind: Kind, rest: (call: ChangingCall) => Rest | undefined): ChangeReader {
  return (call) => {
    const identity = named(call, kind, { name: textOf(call.request[`${kind}Name`]) });
    const told = identity === undefined ? undefined : rest(call);
    return identity === undefined || told === undefined ? undefined : ({ identity, ...told } as OfIdentity);
  };
}

/** The answer tells ARN and id; a call that failed tells neither. */
function made(kind: Kind): ChangeReader {
  return (call) => {
    const { request } = call;
    const answer = fieldsOf(call.response[kind]);
    const name = textOf(request[`${kind}Name`]) || textOf(answer[`${kind}Name`]);
    const identity = textOf(answer["arn"]) || named(call, kind, { name, path: textOf(request["path"]) });
    if (identity === undefined) return undefined;
    const id = textOf(answer[`${kind}Id`]);
    const boundary = textOf(request["permissionsBoundary"]) || boundaryIn(answer);
    const trust = request["assumeRolePolicyDocument"] ?? answer["assumeRolePolicyDocument"];
    const maxSessionSeconds = secondsOf(request["maxSessionDuration"]) ?? (kind === "role" ? 3_600 : undefined);
    return {
      kind: "created",
      identity,
      ...(id === "" ? {} : { id }),
      ...(kind === "role" && trust !== undefined ? { trust } : {}),
      ...(boundary === "" ? {} : { boundary }),
      tags: tagsOf(request["tags"]),
      ...(maxSessionSeconds === undefined ? {} : { maxSessionSeconds }),
      furnished: call.api === "iam:CreateServiceLinkedRole",
    };
  };
}

const boundaryIn = (answer: Fields): string =>
  textOf(fieldsOf(answer["permissionsBoundary"])["permissionsBoundaryArn"]);

/** Users and groups may change their name, their path or both. */
function renamed(kind: "user" | "group"): ChangeReader {
  const newName = kind === "user" ? "newUserName" : "newGroupName";
  return (call) => {
    const old = textOf(call.request[`${kind}Name`]);
    const identity = named(call, kind, { name: old });
    const name = textOf(call.request[newName]) || old;
    const path = textOf(call.request["newPath"]);
    const to = named(call, kind, { name, path });
    return identity === undefined || to === undefined || (name === old && path === "")
      ? undefined
      : { kind: "renamed", identity, to };
  };
}

function inlinePut({ request }: ChangingCall): Rest {
  return { kind: "inline-put", name: textOf(request["policyName"]), document: request["policyDocument"] };
}

function inlineDeleted({ request }: ChangingCall): Rest {
  return { kind: "inline-deleted", name: textOf(request["policyName"]) };
}

function moved(kind: "attached" | "detached"): (call: ChangingCall) => Rest | undefined {
  return ({ request }) => {
    const policy = textOf(request["policyArn"]);
    return policy === "" ? undefined : { kind, policy };
  };
}

function bounded({ request }: ChangingCall): Rest | undefined {
  const policy = textOf(request["permissionsBoundary"]);
  return policy === "" ? undefined : { kind: "boundary-put", policy };
}

function tagged({ request }: ChangingCall): Rest {
  return { kind: "tagged", tags: tagsOf(request["tags"]) };
}

function untagged({ request }: ChangingCall): Rest {
  return { kind: "untagged", keys: listOf(request["tagKeys"]).map(textOf) };
}

function secondsOf(given: unknown): number | undefined {
  const seconds = typeof given === "string" ? Number(given) : given;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
