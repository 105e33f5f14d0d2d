import { describe, expect, it } from "vitest";
import type { ChangingCall, IamChange } from "../../../../core/iam/account/iam-change.ts";
import { iamChangeOf, iamWriteApis, iamWriteOf } from "../../../../core/iam/account/iam-write.ts";
import { keysOf } from "../../../../core/iam/account/write-key.ts";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/bot`;
const user = `arn:aws:iam::${account}:user/ana`;
const group = `arn:aws:iam::${account}:group/ops`;
const policy = `arn:aws:iam::${account}:policy/own`;
const document = '{"Version":"2012-10-17","Statement":[]}';
const set = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222";
const lambda = `arn:aws:lambda:us-east-1:${account}:function:f`;
const queue = `arn:aws:sqs:us-east-1:${account}:q`;
const topic = `arn:aws:sns:us-east-1:${account}:t`;

const call = (api: string, request: object, response: object = {}): ChangingCall => ({
  api,
  request: { ...request },
  response: { ...response },
  account,
  region: "us-east-1",
  partition: "aws",
});

type Row = readonly [api: string, request: object, change: IamChange | undefined, response?: object];

const named = { roleName: "bot", userName: "ana", groupName: "ops" };
const ofEach = (api: (kind: string) => string, request: object, rest: object): readonly Row[] =>
  (["Role", "User", "Group"] as const).map((kind): Row => {
    const parameter = `${kind.toLowerCase()}Name` as keyof typeof named;
    const identity = { Role: role, User: user, Group: group }[kind];
    return [api(kind), { ...request, [parameter]: named[parameter] }, { identity, ...rest } as IamChange];
  });

const identities: readonly Row[] = [
  ...ofEach((kind) => `iam:Delete${kind}`, {}, { kind: "deleted" }),
  ...ofEach(
    (kind) => `iam:Put${kind}Policy`,
    { policyName: "p", policyDocument: document },
    { kind: "inline-put", name: "p", document },
  ),
  ...ofEach((kind) => `iam:Delete${kind}Policy`, { policyName: "p" }, { kind: "inline-deleted", name: "p" }),
  ...ofEach((kind) => `iam:Attach${kind}Policy`, { policyArn: policy }, { kind: "attached", policy }),
  ...ofEach((kind) => `iam:Detach${kind}Policy`, { policyArn: policy }, { kind: "detached", policy }),
  ["iam:DeleteServiceLinkedRole", { roleName: "bot" }, { kind: "deleted", identity: role }],
  [
    "iam:PutRolePermissionsBoundary",
    { roleName: "bot", permissionsBoundary: policy },
    { kind: "boundary-put", identity: role, policy },
  ],
  [
    "iam:PutUserPermissionsBoundary",
    { userName: "ana", permissionsBoundary: policy },
    { kind: "boundary-put", identity: user, policy },
  ],
  ["iam:DeleteRolePermissionsBoundary", { roleName: "bot" }, { kind: "boundary-deleted", identity: role }],
  ["iam:DeleteUserPermissionsBoundary", { userName: "ana" }, { kind: "boundary-deleted", identity: user }],
  [
    "iam:UpdateAssumeRolePolicy",
    { roleName: "bot", policyDocument: document },
    { kind: "trust-put", identity: role, document },
  ],
  [
    "iam:UpdateRole",
    { roleName: "bot", maxSessionDuration: 7200 },
    { kind: "session-set", identity: role, seconds: 7200 },
  ],
  ["iam:UpdateRole", { roleName: "bot", description: "d" }, undefined],
  [
    "iam:TagRole",
    { roleName: "bot", tags: [{ key: "team", value: "a" }] },
    { kind: "tagged", identity: role, tags: { team: "a" } },
  ],
  ["iam:TagUser", { userName: "ana", tags: [] }, { kind: "tagged", identity: user, tags: {} }],
  ["iam:UntagRole", { roleName: "bot", tagKeys: ["team"] }, { kind: "untagged", identity: role, keys: ["team"] }],
  ["iam:UntagUser", { userName: "ana", tagKeys: ["x"] }, { kind: "untagged", identity: user, keys: ["x"] }],
  ["iam:AddUserToGroup", { userName: "ana", groupName: "ops" }, { kind: "joined", identity: user, group: "ops" }],
  ["iam:RemoveUserFromGroup", { userName: "ana", groupName: "ops" }, { kind: "left", identity: user, group: "ops" }],
  [
    "iam:UpdateUser",
    { userName: "ana", newUserName: "eve", newPath: "/x/" },
    { kind: "renamed", identity: user, to: `arn:aws:iam::${account}:user/x/eve` },
  ],
  ["iam:UpdateUser", { userName: "ana" }, undefined],
  [
    "iam:UpdateGroup",
    { groupName: "ops", newGroupName: "dev" },
    { kind: "renamed", identity: group, to: `arn:aws:iam::${account}:group/dev` },
  ],
  [
    "iam:CreateRole",
    { roleName: "bot", path: "/ai/", assumeRolePolicyDocument: document, permissionsBoundary: policy },
    {
      kind: "created",
      identity: `arn:aws:iam::${account}:role/ai/bot`,
      id: "AROACKCEVSQ6C2EXAMPLE",
      trust: document,
      boundary: policy,
      tags: {},
      maxSessionSeconds: 3600,
      furnished: false,
    },
    { role: { arn: `arn:aws:iam::${account}:role/ai/bot`, roleId: "AROACKCEVSQ6C2EXAMPLE" } },
  ],
  [
    "iam:CreateRole",
    { roleName: "bot", path: "/ai/" },
    {
      kind: "created",
      identity: `arn:aws:iam::${account}:role/ai/bot`,
      tags: {},
      maxSessionSeconds: 3600,
      furnished: false,
    },
  ],
  [
    "iam:CreateUser",
    { userName: "ana", tags: [{ key: "a", value: "b" }] },
    { kind: "created", identity: user, tags: { a: "b" }, furnished: false },
  ],
  ["iam:CreateGroup", { groupName: "ops" }, { kind: "created", identity: group, tags: {}, furnished: false }],
  [
    "iam:CreateServiceLinkedRole",
    { aWSServiceName: "x.amazonaws.com" },
    { kind: "created", identity: role, tags: {}, maxSessionSeconds: 3600, furnished: true },
    { role: { arn: role, roleName: "bot" } },
  ],
];

const managed: readonly Row[] = [
  [
    "iam:CreatePolicy",
    { policyName: "own", policyDocument: document },
    { kind: "policy-created", policy, document },
    { policy: { arn: policy } },
  ],
  ["iam:CreatePolicy", { policyName: "own", policyDocument: document }, { kind: "policy-created", policy, document }],
  [
    "iam:CreatePolicyVersion",
    { policyArn: policy, policyDocument: document, setAsDefault: true },
    { kind: "version-created", policy, version: "v2", isDefault: true, document },
    { policyVersion: { versionId: "v2" } },
  ],
  [
    "iam:SetDefaultPolicyVersion",
    { policyArn: policy, versionId: "v1" },
    { kind: "default-set", policy, version: "v1" },
  ],
  [
    "iam:DeletePolicyVersion",
    { policyArn: policy, versionId: "v1" },
    { kind: "version-deleted", policy, version: "v1" },
  ],
  ["iam:DeletePolicy", { policyArn: policy }, { kind: "policy-deleted", policy }],
  ...(
    [
      ["iam:CreateInstanceProfile", { kind: "profile-created" }],
      ["iam:DeleteInstanceProfile", { kind: "profile-deleted" }],
      ["iam:AddRoleToInstanceProfile", { kind: "profile-filled", role: "bot" }],
      ["iam:RemoveRoleFromInstanceProfile", { kind: "profile-emptied", role: "bot" }],
    ] as const
  ).map(
    ([api, rest]): Row => [
      api,
      { instanceProfileName: "ip", roleName: "bot" },
      { profile: `arn:aws:iam::${account}:instance-profile/ip`, ...rest },
    ],
  ),
];

const credentials: readonly Row[] = [
  [
    "iam:CreateAccessKey",
    {},
    { kind: "key-created", user, key: "AKIAIOSFODNN7EXAMPLE" },
    { accessKey: { userName: "ana", accessKeyId: "AKIAIOSFODNN7EXAMPLE" } },
  ],
  [
    "iam:UpdateAccessKey",
    { userName: "ana", accessKeyId: "AKIAIOSFODNN7EXAMPLE", status: "Active" },
    { kind: "key-set", user, key: "AKIAIOSFODNN7EXAMPLE", active: true },
  ],
  [
    "iam:DeleteAccessKey",
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
    { kind: "key-deleted", key: "AKIAIOSFODNN7EXAMPLE" },
  ],
  ["iam:CreateLoginProfile", { userName: "ana" }, { kind: "login-created", user }],
  ["iam:UpdateLoginProfile", { userName: "ana" }, { kind: "login-changed", user }],
  ["iam:DeleteLoginProfile", { userName: "ana" }, { kind: "login-deleted", user }],
  ["iam:EnableMFADevice", { userName: "ana", serialNumber: "m" }, { kind: "mfa-enabled", user, device: "m" }],
  ["iam:DeactivateMFADevice", { userName: "ana", serialNumber: "m" }, { kind: "mfa-removed", user, device: "m" }],
  ["iam:DeleteVirtualMFADevice", { serialNumber: "m" }, { kind: "mfa-removed", device: "m" }],
];

const organization: readonly Row[] = [
  [
    "organizations:CreatePolicy",
    { content: document, type: "SERVICE_CONTROL_POLICY" },
    { kind: "control-created", control: "p-1", type: "SERVICE_CONTROL_POLICY", document },
    { policy: { policySummary: { id: "p-1" } } },
  ],
  [
    "organizations:UpdatePolicy",
    { policyId: "p-1", content: document },
    { kind: "control-updated", control: "p-1", document },
  ],
  ["organizations:UpdatePolicy", { policyId: "p-1", name: "n" }, undefined],
  ["organizations:DeletePolicy", { policyId: "p-1" }, { kind: "control-deleted", control: "p-1" }],
  [
    "organizations:AttachPolicy",
    { policyId: "p-1", targetId: "ou-1" },
    { kind: "control-attached", control: "p-1", target: "ou-1" },
  ],
  [
    "organizations:DetachPolicy",
    { policyId: "p-1", targetId: "ou-1" },
    { kind: "control-detached", control: "p-1", target: "ou-1" },
  ],
  [
    "organizations:EnablePolicyType",
    { rootId: "r-1", policyType: "T" },
    { kind: "controls-on", root: "r-1", type: "T" },
  ],
  [
    "organizations:DisablePolicyType",
    { rootId: "r-1", policyType: "T" },
    { kind: "controls-off", root: "r-1", type: "T" },
  ],
  [
    "organizations:CreateOrganizationalUnit",
    { parentId: "r-1" },
    { kind: "moved", child: "ou-1", to: "r-1" },
    { organizationalUnit: { id: "ou-1" } },
  ],
  ["organizations:DeleteOrganizationalUnit", { organizationalUnitId: "ou-1" }, { kind: "moved", child: "ou-1" }],
  [
    "organizations:MoveAccount",
    { accountId: account, sourceParentId: "r-1", destinationParentId: "ou-1" },
    { kind: "moved", child: account, from: "r-1", to: "ou-1" },
  ],
  [
    "organizations:RemoveAccountFromOrganization",
    { accountId: "444455556666" },
    { kind: "moved", child: "444455556666" },
  ],
  ["organizations:LeaveOrganization", {}, { kind: "moved", child: account }],
];

const permissionSets: readonly Row[] = [
  [
    "sso:CreatePermissionSet",
    { name: "Dev", sessionDuration: "PT1H30M" },
    { kind: "created", identity: set, tags: {}, maxSessionSeconds: 5400, furnished: false },
    { permissionSet: { permissionSetArn: set } },
  ],
  ["sso:DeletePermissionSet", { permissionSetArn: set }, { kind: "deleted", identity: set }],
  [
    "sso:UpdatePermissionSet",
    { permissionSetArn: set, sessionDuration: "PT12H" },
    { kind: "session-set", identity: set, seconds: 43_200 },
  ],
  [
    "sso:PutInlinePolicyToPermissionSet",
    { permissionSetArn: set, inlinePolicy: document },
    { kind: "inline-put", identity: set, name: "inline", document },
  ],
  [
    "sso:DeleteInlinePolicyFromPermissionSet",
    { permissionSetArn: set },
    { kind: "inline-deleted", identity: set, name: "inline" },
  ],
  [
    "sso:AttachManagedPolicyToPermissionSet",
    { permissionSetArn: set, managedPolicyArn: policy },
    { kind: "attached", identity: set, policy },
  ],
  [
    "sso:DetachManagedPolicyFromPermissionSet",
    { permissionSetArn: set, managedPolicyArn: policy },
    { kind: "detached", identity: set, policy },
  ],
  [
    "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
    { permissionSetArn: set, customerManagedPolicyReference: { name: "own", path: "/x/" } },
    { kind: "attached", identity: set, policy: "policy/x/own" },
  ],
  [
    "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
    { permissionSetArn: set, customerManagedPolicyReference: { name: "own" } },
    { kind: "detached", identity: set, policy: "policy/own" },
  ],
  [
    "sso:PutPermissionsBoundaryToPermissionSet",
    { permissionSetArn: set, permissionsBoundary: { managedPolicyArn: policy } },
    { kind: "boundary-put", identity: set, policy },
  ],
  [
    "sso:DeletePermissionsBoundaryFromPermissionSet",
    { permissionSetArn: set },
    { kind: "boundary-deleted", identity: set },
  ],
  ...(["Create", "Delete"] as const).map(
    (verb): Row => [
      `sso:${verb}AccountAssignment`,
      { permissionSetArn: set, targetId: account, principalType: "USER", principalId: "p" },
      {
        kind: verb === "Create" ? "assigned" : "unassigned",
        permissionSet: set,
        account,
        principalKind: "USER",
        principal: "p",
      },
    ],
  ),
];

const statement = { Sid: "s", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunction", Resource: lambda };

const resources: readonly Row[] = [
  [
    "s3:PutBucketPolicy",
    { bucketName: "b", bucketPolicy: { Statement: [] } },
    { kind: "resource-policy-put", resource: "arn:aws:s3:::b", document: { Statement: [] } },
  ],
  ["s3:DeleteBucketPolicy", { bucketName: "b" }, { kind: "resource-policy-deleted", resource: "arn:aws:s3:::b" }],
  ["s3:CreateBucket", { bucketName: "b" }, { kind: "resource-created", resource: "arn:aws:s3:::b" }],
  ["s3:DeleteBucket", { bucketName: "b" }, { kind: "resource-deleted", resource: "arn:aws:s3:::b" }],
  [
    "s3:PutAccessPointPolicy",
    { name: "ap", policy: document },
    { kind: "resource-policy-put", resource: `arn:aws:s3:us-east-1:${account}:accesspoint/ap`, document },
  ],
  [
    "kms:PutKeyPolicy",
    { keyId: "1234abcd-12ab-34cd-56ef-1234567890ab", policy: document },
    {
      kind: "resource-policy-put",
      resource: `arn:aws:kms:us-east-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
      document,
    },
  ],
  ["kms:PutKeyPolicy", { keyId: "alias/k", policy: document }, undefined],
  [
    "kms:CreateKey",
    { policy: document },
    { kind: "resource-created", resource: `arn:aws:kms:us-east-1:${account}:key/k`, document },
    { keyMetadata: { arn: `arn:aws:kms:us-east-1:${account}:key/k` } },
  ],
  [
    "secretsmanager:PutResourcePolicy",
    { secretId: "bot/token", resourcePolicy: document },
    {
      kind: "resource-policy-put",
      resource: `arn:aws:secretsmanager:us-east-1:${account}:secret:bot/token-??????`,
      document,
    },
  ],
  [
    "ecr:SetRepositoryPolicy",
    { repositoryName: "r", registryId: "444455556666", policyText: document },
    { kind: "resource-policy-put", resource: "arn:aws:ecr:us-east-1:444455556666:repository/r", document },
  ],
  [
    "elasticfilesystem:PutFileSystemPolicy",
    { fileSystemId: "fs-1", policy: document },
    {
      kind: "resource-policy-put",
      resource: `arn:aws:elasticfilesystem:us-east-1:${account}:file-system/fs-1`,
      document,
    },
  ],
  [
    "glue:PutResourcePolicy",
    { policyInJson: document },
    { kind: "resource-policy-put", resource: `arn:aws:glue:us-east-1:${account}:catalog`, document },
  ],
  [
    "bedrock-agentcore:PutResourcePolicy",
    { resourceArn: "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/r", policy: document },
    {
      kind: "resource-policy-put",
      resource: "arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/r",
      document,
    },
  ],
  [
    "lambda:AddPermission",
    { functionName: "f", statementId: "s", action: "lambda:InvokeFunction", principal: "*" },
    { kind: "statement-put", resource: lambda, sid: "s", statement },
    { statement: JSON.stringify(statement) },
  ],
  [
    "lambda:AddPermission",
    {
      functionName: `${lambda}:live`,
      statementId: "s",
      action: "lambda:InvokeFunction",
      principal: "444455556666",
      sourceArn: topic,
      principalOrgID: "o-1",
    },
    {
      kind: "statement-put",
      resource: lambda,
      sid: "s",
      statement: {
        ...statement,
        Principal: { AWS: "arn:aws:iam::444455556666:root" },
        Condition: { ArnLike: { "AWS:SourceArn": topic }, StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      },
    },
  ],
  [
    "lambda:RemovePermission",
    { functionName: `${account}:function:f`, statementId: "s" },
    { kind: "statement-deleted", resource: lambda, sid: "s" },
  ],
  [
    "lambda:RemoveLayerVersionPermission",
    { layerName: "l", versionNumber: 3, statementId: "s" },
    { kind: "statement-deleted", resource: `arn:aws:lambda:us-east-1:${account}:layer:l:3`, sid: "s" },
  ],
  [
    "sqs:SetQueueAttributes",
    { queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/q`, attributes: { Policy: document } },
    { kind: "resource-policy-put", resource: queue, document },
  ],
  [
    "sqs:SetQueueAttributes",
    { queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/q`, attributes: {} },
    undefined,
  ],
  [
    "sqs:SetQueueAttributes",
    { queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/q`, attributes: { Policy: "" } },
    { kind: "resource-policy-deleted", resource: queue },
  ],
  [
    "sqs:AddPermission",
    {
      queueUrl: `https://sqs.us-east-1.amazonaws.com/${account}/q`,
      label: "s",
      aWSAccountIds: ["444455556666"],
      actions: ["SendMessage"],
    },
    {
      kind: "statement-put",
      resource: queue,
      sid: "s",
      statement: {
        Sid: "s",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::444455556666:root"] },
        Action: ["sqs:SendMessage"],
        Resource: queue,
      },
    },
  ],
  [
    "sns:SetTopicAttributes",
    { topicArn: topic, attributeName: "Policy", attributeValue: document },
    { kind: "resource-policy-put", resource: topic, document },
  ],
  ["sns:SetTopicAttributes", { topicArn: topic, attributeName: "DisplayName", attributeValue: "x" }, undefined],
  ["sns:RemovePermission", { topicArn: topic, label: "s" }, { kind: "statement-deleted", resource: topic, sid: "s" }],
  [
    "events:PutPermission",
    {
      statementId: "s",
      principal: "*",
      action: "events:PutEvents",
      condition: { type: "StringEquals", key: "aws:PrincipalOrgID", value: "o-1" },
    },
    {
      kind: "statement-put",
      resource: `arn:aws:events:us-east-1:${account}:event-bus/default`,
      sid: "s",
      statement: {
        Sid: "s",
        Effect: "Allow",
        Principal: "*",
        Action: ["events:PutEvents"],
        Resource: `arn:aws:events:us-east-1:${account}:event-bus/default`,
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      },
    },
  ],
  [
    "events:RemovePermission",
    { removeAllPermissions: true },
    { kind: "resource-policy-deleted", resource: `arn:aws:events:us-east-1:${account}:event-bus/default` },
  ],
];

describe.each([
  ["roles, users and groups", identities],
  ["managed policies and instance profiles", managed],
  ["credentials", credentials],
  ["the organization", organization],
  ["permission sets", permissionSets],
  ["resource policies", resources],
] as const)("a write of %s", (_, rows) => {
  const cases = rows.map(([api, request, change, response]) => ({ api, request, change, response }));
  it.each(cases)("$api $request", ({ api, request, change, response }) =>
    expect(iamChangeOf(call(api, request, response))).toEqual(change),
  );
});

describe("reading writes", () => {
  const done = { ...call("iam:DeleteRole", { roleName: "bot" }), at: 5, id: "e1" };

  it("takes only calls that were let through", () => {
    expect(iamWriteOf({ ...done, outcome: "done" })).toMatchObject({ schema: 1, at: 5, id: "e1" });
    for (const outcome of ["denied", "failed", "unknown"]) expect(iamWriteOf({ ...done, outcome })).toBeUndefined();
  });

  it("says nothing of a call that names nobody, or names what IAM does not allow", () => {
    // These speak of a default when they name nothing.
    const open = /^events:|^glue:Delete|^organizations:LeaveOrganization$/;
    for (const api of iamWriteApis.filter((one) => !open.test(one)))
      expect([api, iamChangeOf(call(api, {}))]).toEqual([api, undefined]);
    expect(iamChangeOf(call("iam:DeleteRole", { roleName: "a b/c" }))).toBeUndefined();
    expect(iamChangeOf({ ...done, account: undefined as never })).toBeUndefined();
  });

  it("survives parameters of any kind", () => {
    for (const api of iamWriteApis)
      for (const odd of [1, null, [], {}, [1], true])
        expect(() => iamChangeOf(call(api, new Proxy({}, { get: () => odd })))).not.toThrow();
  });

  it("files every write that is remembered under some key, and no credential", () => {
    const changes = (rows: readonly Row[]) => rows.flatMap(([, , change]) => change ?? []);
    for (const change of [...identities, ...managed, ...organization, ...resources].flatMap(([, , one]) => one ?? []))
      expect(keysOf(change).length, change.kind).toBeGreaterThan(0);
    for (const change of changes(credentials)) expect(keysOf(change)).toEqual([]);
  });
});
