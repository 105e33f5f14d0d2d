import { describe, expect, it } from "vitest";
import { iamReader } from "../../../adapters/aws/iam-reader.ts";
import { account, awsError } from "./fake-aws.ts";

const document = encodeURIComponent(
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] }),
);
const trust = encodeURIComponent(
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
);
const policy = `arn:aws:iam::${account}:policy/own`;

/** IAM with one of each; lists come two a page. */
const answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>> = {
  GetRole: () => ({
    Role: {
      Arn: `arn:aws:iam::${account}:role/ai/bot`,
      RoleId: "AROACKCEVSQ6C2EXAMPLE",
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: { PermissionsBoundaryArn: policy },
      Tags: [{ Key: "team", Value: "a" }],
      MaxSessionDuration: 7200,
    },
  }),
  ListRolePolicies: ({ Marker: marker }) =>
    marker === undefined
      ? { PolicyNames: ["a", "b"], IsTruncated: true, Marker: "2" }
      : { PolicyNames: ["c"], IsTruncated: false },
  GetRolePolicy: ({ PolicyName: name }) => ({ PolicyDocument: name === "b" ? "%7B" : document }),
  ListAttachedRolePolicies: () => ({ AttachedPolicies: [{ PolicyArn: policy }] }),
  GetUser: () => ({ User: { Arn: `arn:aws:iam::${account}:user/ana`, UserId: "AIDACKCEVSQ6C2EXAMPLE" } }),
  ListUserPolicies: () => ({ PolicyNames: ["own"] }),
  GetUserPolicy: () => ({ PolicyDocument: document }),
  ListAttachedUserPolicies: () => ({ AttachedPolicies: [] }),
  ListGroupsForUser: () => ({ Groups: [{ GroupName: "ops" }] }),
  GetGroup: () => ({ Group: { Arn: `arn:aws:iam::${account}:group/ops`, GroupId: "AGPACKCEVSQ6C2EXAMPLE" } }),
  ListGroupPolicies: () => ({ PolicyNames: [] }),
  GetGroupPolicy: () => ({ PolicyDocument: document }),
  ListAttachedGroupPolicies: () => ({ AttachedPolicies: [{ PolicyArn: policy }] }),
  GetPolicy: () => ({ Policy: { DefaultVersionId: "v3" } }),
  GetPolicyVersion: ({ VersionId: version }) => ({ PolicyVersion: { Document: version === "v3" ? document : "" } }),
  ListEntitiesForPolicy: ({ Marker: marker }) =>
    marker === undefined
      ? { PolicyRoles: [{ RoleName: "bot" }], IsTruncated: true, Marker: "2" }
      : { PolicyUsers: [{ UserName: "ana" }], PolicyGroups: [{ GroupName: "ops" }] },
  GetInstanceProfile: () => ({ InstanceProfile: { Roles: [{ RoleName: "bot" }] } }),
};

function reading(before: (name: string) => void = () => undefined) {
  const sent: string[] = [];
  const slept: number[] = [];
  const client = {
    async send(command: { readonly input: object }): Promise<never> {
      const name = command.constructor.name.replace("Command", "");
      sent.push(name);
      before(name);
      return answers[name]?.({ ...command.input }) as never;
    },
  };
  const sleep = async (milliseconds: number): Promise<void> => void slept.push(milliseconds);
  return { sent, slept, reader: iamReader({ client, account, partition: "aws", sleep }) };
}

describe("reading IAM", () => {
  it("tells a role with its trust, boundary, tags and policies, page by page", async () => {
    const role = await reading().reader.identity("role", "bot");
    expect(role).toMatchObject({
      arn: `arn:aws:iam::${account}:role/ai/bot`,
      id: "AROACKCEVSQ6C2EXAMPLE",
      extent: "whole",
      unread: ["b"],
      attached: [policy],
      boundary: { kind: "policy", arn: policy },
      tags: { team: "a" },
      maxSessionSeconds: 7200,
    });
    expect(role.inline.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(role.trust?.statements).toHaveLength(1);
  });

  it("tells users with their groups, and groups", async () => {
    const { reader } = reading();
    expect(await reader.identity("user", "ana")).toMatchObject({
      kind: "user",
      groups: ["ops"],
      attached: [],
      boundary: { kind: "none" },
    });
    expect(await reader.identity("group", "ops")).toMatchObject({ kind: "group", attached: [policy], inline: [] });
  });

  it("tells the default version of a policy, all of its holders, and who is in a profile", async () => {
    const { reader } = reading();
    expect((await reader.policy(policy))?.document.statements[0]?.actions.patterns).toEqual(["s3:*"]);
    expect((await reader.holders(policy)).map(({ kind }) => kind)).toEqual(["role", "user", "group"]);
    expect(await reader.profile("ip")).toBe("bot");
  });

  it("waits out throttling, then says so", async () => {
    let refusals = 2;
    const patient = reading(() => {
      refusals -= 1;
      if (refusals >= 0) throw awsError("Throttling", "Rate exceeded");
    });
    expect(await patient.reader.profile("ip")).toBe("bot");
    expect(patient.slept).toHaveLength(2);
    const busy = reading(() => {
      throw awsError("Throttling", "Rate exceeded");
    });
    await expect(busy.reader.profile("ip")).rejects.toMatchObject({ code: "throttled" });
  });

  it("names the right that is missing, and what IAM does not know", async () => {
    const denied = reading(() => {
      throw awsError("AccessDenied", "is not authorized to perform: iam:GetRole", 403);
    });
    await expect(denied.reader.identity("role", "bot")).rejects.toMatchObject({
      code: "denied",
      message: expect.stringContaining(`The right iam:GetRole on arn:aws:iam::${account}:role/* is missing`),
    });
    const absent = reading(() => {
      throw awsError("NoSuchEntityException", "cannot be found", 404);
    });
    await expect(absent.reader.identity("role", "bot")).rejects.toMatchObject({ code: "not-found" });
  });
});
