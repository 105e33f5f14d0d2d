import { describe, expect, it } from "vitest";
import { instant } from "../../../../core/event/instant.ts";
import type { Principal } from "../../../../core/event/principal.ts";
import { suggestedFor } from "../../../../core/flow/suggest/suggest-identity.ts";
import type { Attribution } from "../../../../core/identity/attribution.ts";
import { noPlacements, type Placement, type Placements } from "../../../../core/identity/placement.ts";
import { emptyRegistry } from "../../../../core/identity/registry.ts";
import { account, nobody, ran, region, roleArn } from "./suggesting.ts";

const place = (kind: Placement["kind"], resource: string, over: Partial<Placement> = {}): Placement => ({
  kind,
  resource,
  role: roleArn("bot"),
  eventID: "1",
  field: "requestParameters",
  at: instant(0),
  account,
  region,
  by: "test",
  ...over,
});
const placed = (...places: readonly Placement[]): Placements => ({
  ofRole: (role) => places.filter((one) => one.role === role),
  ofRun: (kind, _account, run) => places.find((one) => one.kind === kind && one.run === run),
});

const selected = (actor: ReturnType<typeof nobody>, placements = noPlacements) => {
  const who = suggestedFor(actor.principal, actor.attribution, { registry: emptyRegistry, placements });
  if (typeof who === "string") return who;
  return who.kind === "declared" ? who.workload.name : { [who.selector.kind]: who.selector.value };
};
const byId = (id: string, placements = noPlacements) => selected(ran(id, "bot"), placements);
const runtime = `arn:aws:bedrock-agentcore:${region}:${account}:runtime/planner-Ab3dEf9h1J`;
const cluster = `arn:aws:eks:${region}:${account}:cluster/bots`;
const sagemaker = (rest: string): string => `arn:aws:sagemaker:${region}:${account}:${rest}`;

describe("what an attribution's id is selected by", () => {
  it.each([
    [
      `lambda:arn:aws:lambda:${region}:${account}:function:bot:7`,
      { lambdaFunction: `arn:aws:lambda:${region}:${account}:function:bot` },
    ],
    [`eks:${cluster}/ai/bot`, { eksServiceAccount: { clusterArn: cluster, namespace: "ai", name: "bot" } }],
    [
      "eks:oidc.example.com/id/1/ai/bot",
      { eksServiceAccount: { oidcIssuer: "oidc.example.com/id/1", namespace: "ai", name: "bot" } },
    ],
    [`ecs:${account}/0123456789abcdef0123456789abcdef`, { ecsTaskRole: roleArn("bot") }],
    [`ec2:${account}/${region}/i-0abc`, { roleArn: roleArn("bot") }],
    [
      `anywhere:arn:aws:rolesanywhere:${region}:${account}:subject/3f1c`,
      { rolesAnywhereSubject: `arn:aws:rolesanywhere:${region}:${account}:subject/3f1c` },
    ],
    [`sagemaker:${sagemaker("endpoint/rag")}`, { sagemaker: { endpoint: sagemaker("endpoint/rag") } }],
    [
      `sagemaker:${sagemaker("user-profile/d-1/ana")}`,
      { sagemaker: { domainUser: sagemaker("user-profile/d-1/ana") } },
    ],
    [`sagemaker:${sagemaker("user-profile/-/ana")}`, { sagemaker: { roleArn: roleArn("bot") } }],
    [`sagemaker:${sagemaker("training-job/t-1")}`, { sagemaker: { roleArn: roleArn("bot") } }],
    [
      `bedrock-agent:arn:aws:bedrock:${region}:${account}:agent/ABCDEFGHIJ`,
      { bedrockAgent: `arn:aws:bedrock:${region}:${account}:agent/ABCDEFGHIJ` },
    ],
    [
      "oidc:token.actions.githubusercontent.com/repo:acme/bot:ref:refs/heads/main",
      { oidc: { issuer: "token.actions.githubusercontent.com", subject: "repo:acme/bot:ref:refs/heads/main" } },
    ],
    ["strange:thing", { roleArn: roleArn("bot") }],
    [`agentcore:${roleArn("bot")}/s-1`, { roleArn: roleArn("bot") }],
  ])("%s", (id, selector) => expect(byId(id)).toEqual(selector));

  it("is the group of a machine, the one runtime, project or job of a role, where the records show it", () => {
    expect(
      byId(`ec2:${account}/${region}/i-0abc`, placed(place("ec2-instance", "i", { run: "i-0abc", group: "gpu" }))),
    ).toEqual({
      ec2AutoScalingGroup: "gpu",
    });
    expect(byId(`agentcore:${roleArn("bot")}/s-1`, placed(place("agentcore-runtime", runtime)))).toEqual({
      agentCoreRuntime: runtime,
    });
    expect(byId(`glue:${roleArn("bot")}`, placed(place("glue-job", "nightly")))).toEqual({ glueJob: "nightly" });
    expect(
      byId(`codebuild:${roleArn("bot")}/b`, placed(place("codebuild-project", "a"), place("codebuild-project", "b"))),
    ).toEqual({
      roleArn: roleArn("bot"),
    });
  });

  it("ends the issuer where the provider does, also one with a path", () => {
    const principal: Principal = {
      kind: "assumed-role",
      role: roleArn("bot"),
      session: {
        name: "s",
        webIdentity: { provider: `arn:aws:iam::${account}:oidc-provider/ci.example.com/realms/a` },
      },
    };
    expect(selected({ ...ran("oidc:ci.example.com/realms/a/project/x", "bot"), principal })).toEqual({
      oidc: { issuer: "ci.example.com/realms/a", subject: "project/x" },
    });
  });

  it("is never a pattern that somebody's name makes, nor what no manifest may say", () => {
    expect(byId("oidc:ci.example.com/anybody*")).toEqual({ roleArn: roleArn("bot") });
    expect(byId(`lambda:arn:aws:lambda:${region}:${account}:function:a?b`)).toEqual({ roleArn: roleArn("bot") });
  });
});

describe("who needs no draft", () => {
  const unattributed = nobody("bot").attribution;
  const as = (principal: Principal, attribution: Attribution = unattributed) => selected({ principal, attribution });

  it.each<[string, Principal]>([
    ["person", { kind: "identity-center-user", userId: "u", identityStoreArn: "a" }],
    ["AWS service", { kind: "aws-service", service: "ec2.amazonaws.com" }],
    ["other account", { kind: "aws-account" }],
    ["nobody's", { kind: "root" }],
    ["nobody's", { kind: "iam-user", arn: `arn:aws:iam::${account}:user/typed`, unproven: true }],
  ])("%s", (why, principal) => expect(as(principal)).toBe(why));

  it("but a user whose keys act", () =>
    expect(as({ kind: "iam-user", arn: `arn:aws:iam::${account}:user/ci` })).toEqual({
      userArn: `arn:aws:iam::${account}:user/ci`,
    }));
});
