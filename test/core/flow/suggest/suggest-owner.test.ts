import { describe, expect, it } from "vitest";
import { cloudFormationOwners } from "../../../../core/flow/suggest/owner-cloudformation.ts";
import { kubernetesOwners } from "../../../../core/flow/suggest/owner-kubernetes.ts";
import { terraformOwners } from "../../../../core/flow/suggest/owner-terraform.ts";
import { factsOf, type OwnerFact, ownersIn, ranks, subjectsOf } from "../../../../core/flow/suggest/suggest-owner.ts";
import { readAccountState } from "../../../../core/iam/account/account-state.ts";
import { details, roleDetail } from "../../../fixtures/account-details.ts";
import { account, asked, declared, did, drafted, functionArn, nobody, ran, roleArn } from "./suggesting.ts";

const told = (facts: readonly OwnerFact[] | undefined) =>
  (facts ?? []).map(({ subject, part, value }) => [subject, part, value]);
const tagged = (tags: Readonly<Record<string, string>>): readonly OwnerFact[] =>
  factsOf(Object.entries(tags), { subject: "x", source: "test", rank: 1 });

describe("tags", () => {
  it("name an owner however the key is written, the plainest key first", () => {
    expect(told(tagged({ Team: "b", "acme:Owner": "a" }))).toEqual([["x", "owner", "a"]]);
    expect(told(tagged({ owning_team: "c", "app/env": "prod" }))).toEqual([
      ["x", "owner", "c"],
      ["x", "environment", "prod"],
    ]);
  });

  it("say nothing with other keys, without a value, or with a value no manifest takes", () => {
    expect(told(tagged({ Name: "bot", cost: "1" }))).toEqual([]);
    expect(told(tagged({ owner: "  " }))).toEqual([]);
    expect(told(tagged({ owner: "a\nkind: Approver" }))).toEqual([]);
  });

  it("never carry a secret on", () => {
    const token = `ghp_${"A1b2".repeat(9)}`;
    expect(JSON.stringify(tagged({ owner: `team ${token}` }))).not.toContain(token);
  });
});

describe("an owner", () => {
  const fact = (subject: string, value: string, rank: number): OwnerFact => ({
    subject,
    part: "owner",
    value,
    source: `from ${value}`,
    rank,
  });

  it("is what the weightiest source says, and the others are named", () => {
    const owners = ownersIn([fact("x", "terraform", 3), fact("x", "iam", 1)]);
    expect(owners(["x"], "owner")).toEqual({
      value: "iam",
      source: "from iam",
      others: ["terraform (from terraform)"],
    });
  });

  it("is nobody where two things of one name have two owners", () =>
    expect(ownersIn([fact("role bot", "a", 3), fact("role bot", "b", 3)])(["role bot"], "owner")).toBeUndefined());

  it("is found by a role's ARN and by its name", () =>
    expect(subjectsOf({ kind: "roleArn", value: roleArn("bot") }, [])).toEqual([
      roleArn("bot"),
      `role ${account}/bot`,
      "role bot",
    ]));

  it("comes from the role's tags in IAM, with the source as a comment", () => {
    const read = readAccountState([
      {
        file: "iam.json",
        value: details({
          roles: [
            roleDetail("bot", {
              Tags: [
                { Key: "owner", Value: "team-bot" },
                { Key: "env", Value: "prod" },
              ],
            }),
          ],
        }),
      },
    ]);
    const draft = drafted([did()], { accounts: read.state });
    expect(declared(draft)).toMatchObject({ owner: "team-bot", environment: "prod" });
    expect(JSON.stringify(draft.document)).toContain(`tag in IAM of ${roleArn("bot")}, owner`);
  });

  it("is what a session says of itself where nothing else does, unless sessions disagree", () => {
    const tagged = (owner: string) =>
      ran("lambda:x", "bot", { hops: [{ principal: "s", accessKeyId: null, eventID: "1", tags: { owner } }] });
    const ownerOf = (...names: readonly string[]) =>
      asked(names.map((name) => ({ ...tagged(name), rows: [did()] }))).drafts[0]?.owner;
    expect(ownerOf("team-a", "team-a")).toMatchObject({
      value: "team-a",
      source: "session tag, set by its caller, owner",
    });
    expect(ownerOf("team-a", "team-b")?.value).toBe("undeclared");
  });

  it("is undeclared, with a comment, where nothing names one", () => {
    const draft = drafted([did()]);
    expect(declared(draft).owner).toBe("undeclared");
    expect(JSON.stringify(draft.document)).toContain("no tag, file or record names an owner");
  });

  it("of a function is found by the function before its role", () => {
    const facts = [fact(functionArn("bot"), "function", 3), fact(roleArn("bot"), "role", 3)];
    const { drafts } = asked([{ ...ran(`lambda:${functionArn("bot")}`, "bot"), rows: [did()] }], { facts });
    expect(drafts[0]?.owner.value).toBe("function");
  });
});

describe("Terraform", () => {
  const role = {
    type: "aws_iam_role",
    address: "module.bot.aws_iam_role.bot",
    values: { arn: roleArn("bot"), tags_all: { owner: "team-tf" } },
  };

  it("tells owners in states, in modules as well, and in plans", () => {
    const state = { format_version: "1.0", values: { root_module: { child_modules: [{ resources: [role] }] } } };
    const plan = {
      planned_values: {
        root_module: {
          resources: [{ type: "aws_iam_role", address: "a", values: { name: "new", tags: { team: "t" } } }],
        },
      },
    };
    expect(told(terraformOwners({ file: "s", value: state }))).toEqual([[roleArn("bot"), "owner", "team-tf"]]);
    expect(told(terraformOwners({ file: "p", value: plan }))).toEqual([["role new", "owner", "t"]]);
  });

  it("tells owners in state files, of groups by their list of tags, of service accounts by labels", () => {
    const instance = (type: string, attributes: object) => ({ type, name: "n", instances: [{ attributes }] });
    const value = {
      version: 4,
      terraform_version: "1.9.0",
      resources: [
        instance("aws_autoscaling_group", { name: "gpu", tag: [{ key: "owner", value: "team-gpu" }] }),
        instance("kubernetes_service_account", { metadata: [{ name: "bot", namespace: "ai", labels: { team: "k" } }] }),
      ],
    };
    expect(told(terraformOwners({ file: "f", value: JSON.parse(JSON.stringify(value)) }))).toEqual([
      ["group gpu", "owner", "team-gpu"],
      ["pod ai/bot", "owner", "k"],
    ]);
  });

  it("is told apart from any other JSON", () =>
    expect(terraformOwners({ file: "f", value: { a: [] } })).toBeUndefined());
});

describe("CloudFormation", () => {
  it("tells owners of named resources in templates", () => {
    const value = {
      Resources: {
        Bot: { Type: "AWS::IAM::Role", Properties: { RoleName: "bot", Tags: [{ Key: "owner", Value: "team-cf" }] } },
        Fn: {
          Type: "AWS::Lambda::Function",
          Properties: { FunctionName: "fn", Tags: [{ Key: "owner", Value: { Ref: "P" } }] },
        },
      },
    };
    expect(told(cloudFormationOwners([{ file: "t", value }]).facts)).toEqual([["role bot", "owner", "team-cf"]]);
  });

  it("gives a stack's tags to its resources, across files", () => {
    const stackId = `arn:aws:cloudformation:us-east-1:${account}:stack/bot/1`;
    const files = [
      {
        file: "r",
        value: {
          StackResources: [
            { StackId: stackId, StackName: "bot", PhysicalResourceId: "bot", ResourceType: "AWS::IAM::Role" },
          ],
        },
      },
      { file: "s", value: { Stacks: [{ StackId: stackId, Tags: [{ Key: "Owner", Value: "team-stack" }] }] } },
    ];
    expect(told(cloudFormationOwners(files).facts)).toEqual([[`role ${account}/bot`, "owner", "team-stack"]]);
  });

  it("names files that are none of it", () =>
    expect(cloudFormationOwners([{ file: "x", value: { a: 1 } }]).unread).toEqual(["x"]));
});

describe("Kubernetes", () => {
  const item = (kind: string, metadata: object, spec: object = {}) => ({ apiVersion: "v1", kind, metadata, spec });

  it("tells owners of service accounts, of what runs under them, of namespaces, and of the role they name", () => {
    const value = {
      kind: "List",
      items: [
        item("ServiceAccount", {
          name: "bot",
          namespace: "ai",
          labels: { team: "a" },
          annotations: { "eks.amazonaws.com/role-arn": roleArn("bot") },
        }),
        item(
          "Deployment",
          { name: "d", namespace: "ai", labels: { owner: "b" } },
          { template: { spec: { serviceAccountName: "other" } } },
        ),
        item("Namespace", { name: "ai", labels: { owner: "c" } }),
      ],
    };
    expect(told(kubernetesOwners({ file: "k", value: JSON.parse(JSON.stringify(value)) }))).toEqual([
      ["pod ai/bot", "owner", "a"],
      [roleArn("bot"), "owner", "a"],
      ["pod ai/other", "owner", "b"],
      ["namespace ai", "owner", "c"],
    ]);
  });

  it("is told apart from any other JSON", () => expect(kubernetesOwners({ file: "f", value: [] })).toBeUndefined());
});

it("lets no name out of a file break into the manifest", () => {
  const source = "evil\n  status: active\n#";
  const facts: readonly OwnerFact[] = [
    { subject: roleArn("bot"), part: "owner", value: "x # y: [", source, rank: ranks.terraform },
  ];
  const draft = asked([{ ...nobody("bot"), rows: [did()] }], { facts }).drafts[0];
  expect(draft && declared(draft)).toMatchObject({ owner: "x # y: [", status: "draft" });
  expect(JSON.stringify(draft?.document)).not.toContain("\\n");
});
