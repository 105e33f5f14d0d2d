import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalDigest } from "../../core/event/canonical.ts";
import { denyAllArn, gradeDigest, gradeDocument, gradePolicyArn } from "../../core/respond/deny-policies.ts";
import type { Holder, Slot, Value } from "../../core/respond/slot.ts";
import { type Moto, startMoto } from "./moto.ts";
import { account, caseId, policy, stageOn, thereAndBack, token, trust } from "./stage.ts";

const role: Holder = { kind: "role", arn: `arn:aws:iam::${account}:role/ai/support-bot` };
const user: Holder = { kind: "user", arn: `arn:aws:iam::${account}:user/ci-legacy` };
const denyAll = denyAllArn("aws");
const deny = policy({ Effect: "Deny", Action: "*", Resource: "*" });
const allow = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });

let moto: Moto;
let stage: ReturnType<typeof stageOn>;
let accessKeyId = "";
let own = "";

beforeAll(async () => {
  moto = await startMoto(account);
  stage = stageOn(moto.endpoint);
  const { iam } = stage;
  const made = await iam.send(new CreatePolicyCommand({ PolicyName: "own", PolicyDocument: JSON.stringify(allow) }));
  own = made.Policy?.Arn ?? "";
  await iam.send(
    new CreateRoleCommand({
      RoleName: "support-bot",
      Path: "/ai/",
      AssumeRolePolicyDocument: JSON.stringify(trust),
      MaxSessionDuration: 7200,
      Tags: [{ Key: "team", Value: "a" }],
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: "support-bot", PolicyName: "own", PolicyDocument: JSON.stringify(allow) }),
  );
  await iam.send(new CreateUserCommand({ UserName: "ci-legacy" }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "ci-legacy", PolicyArn: own }));
  await iam.send(
    new PutUserPolicyCommand({ UserName: "ci-legacy", PolicyName: "own", PolicyDocument: JSON.stringify(allow) }),
  );
  const key = await iam.send(new CreateAccessKeyCommand({ UserName: "ci-legacy" }));
  accessKeyId = key.AccessKey?.AccessKeyId ?? "";
});

afterAll(() => moto.stop());

describe("IAM's slots on the wire", () => {
  const cases = (): readonly (readonly [string, Slot, Value, Value])[] => [
    ["attached to a role", { kind: "attached-policy", holder: role, policy: denyAll }, null, "attached"],
    ["attached to a user", { kind: "attached-policy", holder: user, policy: denyAll }, null, "attached"],
    ["a role's boundary", { kind: "boundary", holder: role }, null, denyAll],
    ["a role's inline policy", { kind: "inline-policy", holder: role, name: "cordon-case-1-x" }, null, deny],
    ["a user's inline policy", { kind: "inline-policy", holder: user, name: "cordon-case-1-x" }, null, deny],
    ["a role's marker", { kind: "tag", holder: role, key: "quarantine:case" }, null, caseId],
    ["a user's marker", { kind: "tag", holder: user, key: "quarantine:case" }, null, caseId],
    ["an access key", { kind: "access-key", user: user.arn, accessKeyId }, "Active", "Inactive"],
    [
      "a role's trust",
      { kind: "trust", role: role.arn },
      trust,
      policy(...trust.Statement, { Sid: "Cordon", Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }),
    ],
  ];

  it.each(cases().map(([name], place) => [name, place] as const))("set and take back: %s", async (_name, place) => {
    const [, slot, before, after] = cases()[place] ?? [];
    if (slot === undefined || before === undefined || after === undefined) throw new Error("no such case");
    expect(await thereAndBack(stage.all, { slot, before, after })).toEqual({
      ...{ before, done: "accepted", between: after, undone: "accepted", after: before },
    });
  });

  it("gives a boundary of the account's own back", async () => {
    await stage.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: "support-bot", PermissionsBoundary: own }));
    const slot: Slot = { kind: "boundary", holder: role };
    expect(await thereAndBack(stage.all, { slot, before: own, after: denyAll })).toMatchObject({
      ...{ before: own, between: denyAll, after: own },
    });
  });

  it("tells the stack's policy by its default version", async () => {
    const arn = gradePolicyArn("deny-spend", { partition: "aws", account });
    const slot: Slot = { kind: "policy-document", policy: arn };
    expect(await stage.all.read(slot)).toBeNull();
    await stage.iam.send(
      new CreatePolicyCommand({
        PolicyName: "CordonDenySpend",
        Path: "/cordon/",
        PolicyDocument: JSON.stringify(gradeDocument("deny-spend")),
      }),
    );
    expect(await stage.all.read(slot)).toBe(gradeDigest("deny-spend"));
    await stage.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn: arn, SetAsDefault: true, PolicyDocument: JSON.stringify(allow) }),
    );
    expect(await stage.all.read(slot)).toBe(canonicalDigest(allow));
  });

  it("reads nothing of a principal that is gone, and is told so when it writes", async () => {
    await stage.iam.send(new CreateRoleCommand({ RoleName: "short", AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await stage.iam.send(new DeleteRoleCommand({ RoleName: "short" }));
    const slot: Slot = {
      kind: "attached-policy",
      holder: { kind: "role", arn: `arn:aws:iam::${account}:role/short` },
      policy: denyAll,
    };
    expect(await stage.all.read(slot)).toBeNull();
    const written = await stage.all.write({ slot, before: null, after: "attached" }, { caseId, token });
    expect(written).toMatchObject({ kind: "refused", code: "gone" });
    expect(await stage.all.snapshot(`arn:aws:iam::${account}:role/short`)).toBeUndefined();
  });
});

describe("the state before anything is changed", () => {
  it("holds all that a role has, more than a page of it, with its id", async () => {
    const Tags = Array.from({ length: 45 }, (_, place) => ({ Key: `t${place}`, Value: "x" }));
    await stage.iam.send(new TagRoleCommand({ RoleName: "support-bot", Tags }));
    const found = await stage.all.snapshot(`arn:aws:iam::${account}:role/support-bot`);
    expect(found?.target).toMatchObject({ arn: role.arn, account, id: expect.stringMatching(/^AROA/) });
    expect(found?.maxSessionSeconds).toBe(7200);
    expect(found?.held.filter(({ slot }) => slot.kind === "tag")).toHaveLength(46);
    expect(found?.held).toContainEqual({ slot: { kind: "inline-policy", holder: role, name: "own" }, value: allow });
    expect(found?.quotas["AttachedPoliciesPerRoleQuota"]).toBeGreaterThan(0);
  });

  it("holds a user's policies and keys", async () => {
    const found = await stage.all.snapshot(user.arn);
    expect(found?.target.id).toMatch(/^\w{16,}$/);
    const kinds = found?.held.map(({ slot }) => slot.kind);
    expect(kinds).toEqual(expect.arrayContaining(["attached-policy", "boundary", "inline-policy", "access-key"]));
  });

  it("names a key's user, and the key's own id as what cannot be made anew", async () => {
    expect(await stage.all.snapshot(accessKeyId)).toMatchObject({
      target: { arn: user.arn, id: accessKeyId, account },
      held: [{ slot: { kind: "access-key", user: user.arn, accessKeyId }, value: "Active" }],
    });
  });
});

describe("the names that AWS records the calls under", () => {
  it("hold the case, and in a write the step's token", () => {
    for (const one of stage.assumed) {
      expect(one.SourceIdentity).toBe("cordon-case-1");
      expect(one.RoleSessionName).toMatch(/^cordon-case-1-(reading|[0-9a-f]{32})$/);
      expect(one.ExternalId).toMatch(/.{20}/);
      expect(one.RoleArn).toBe(`arn:aws:iam::${account}:role/cordon-contain`);
    }
    expect(stage.assumed.map((one) => one.RoleSessionName)).toContain(`cordon-case-1-${token}`);
  });
});
