import { describe, expect, it } from "vitest";
import type { Principal } from "../../../../core/event/principal.ts";
import { type PolicyCandidate, policyJudge } from "../../../../core/flow/simulate/simulated-policy.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";
import { table } from "../../iam/tables.ts";
import { conduct, documentOf, sessionOf } from "./simulated-samples.ts";

const policy = (...statements: readonly unknown[]): PolicyCandidate => ({
  kind: "policy",
  documents: [documentOf(...statements)],
});
const says = (candidate: PolicyCandidate, of: Conduct, principal: Principal = sessionOf("bot")) =>
  policyJudge(candidate, table)(of, principal);
const object = "arn:aws:s3:::data/shard-1";
const reading = conduct("s3:GetObject", [object]);
const allow = (over: object = {}) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...over });
const deny = (over: object = {}) => ({ Effect: "Deny", Action: "s3:*", Resource: "*", ...over });

describe("a policy that is not in force yet", () => {
  it("allows what it names and denies the rest, with the reason", () => {
    expect(says(policy(allow()), reading).kind).toBe("allowed");
    expect(says(policy(allow({ Resource: "arn:aws:s3:::other/*" })), reading)).toEqual({
      kind: "denied",
      action: "s3:GetObject",
      resource: object,
      because: { kind: "nothing-allows", layer: "identityPolicies" },
    });
    expect(says(policy(allow(), deny({ Sid: "No" })), reading)).toMatchObject({
      kind: "denied",
      because: { kind: "statement", effect: "Deny", sid: "No" },
    });
  });

  it("has to allow every action that AWS checks", () => {
    const both = conduct("lambda:CreateFunction", [], {
      checks: [
        { action: "lambda:CreateFunction", resources: ["arn:aws:lambda:us-east-1:111122223333:function:f"] },
        { action: "iam:PassRole", resources: ["arn:aws:iam::111122223333:role/r"] },
      ],
    });
    expect(says(policy(allow({ Action: "lambda:*" })), both)).toMatchObject({ kind: "denied", action: "iam:PassRole" });
    expect(says(policy(allow({ Action: ["lambda:*", "iam:PassRole"] })), both).kind).toBe("allowed");
  });

  it("turns on keys that a record does not have, and says which", () => {
    const tagged = { StringEquals: { "aws:PrincipalTag/team": "ml" } };
    expect(says(policy(allow({ Condition: tagged })), reading)).toEqual({
      kind: "depends",
      action: "s3:GetObject",
      resource: object,
      on: ["aws:principaltag/team"],
    });
    expect(says(policy(allow(), deny({ Condition: tagged })), reading).kind).toBe("depends");
    expect(says(policy(allow(), allow({ Condition: tagged })), reading).kind).toBe("allowed");
    expect(says(policy(deny(), allow({ Condition: tagged })), reading).kind).toBe("denied");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
    const own = "arn:aws:s3:::data/${aws:PrincipalTag/team}/*";
    expect(says(policy(allow({ Resource: own })), conduct("s3:GetObject", ["arn:aws:s3:::data/ml/x"])).kind).toBe(
      "depends",
    );
    expect(says(policy(allow({ Resource: own })), conduct("s3:GetObject", ["arn:aws:s3:::other/ml/x"])).kind).toBe(
      "denied",
    );
  });

  it("answers conditions on what a record does have", () => {
    const from = (cidr: string) => policy(allow({ Condition: { IpAddress: { "aws:SourceIp": cidr } } }));
    expect(says(from("192.0.2.0/24"), reading).kind).toBe("allowed");
    expect(says(from("198.51.100.0/24"), reading).kind).toBe("denied");
    const byService = conduct("s3:GetObject", [object], { origin: { kind: "service", name: "athena.amazonaws.com" } });
    expect(says(from("192.0.2.0/24"), byService).kind).toBe("depends");
    const inside = conduct("s3:GetObject", [object], { origin: { kind: "vpc-endpoint", id: "vpce-0abc" } });
    const endpoint = policy(allow({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-0abc" } } }));
    expect([reading, inside].map((one) => says(endpoint, one).kind)).toEqual(["denied", "allowed"]);
    const secure = policy(allow(), deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } }));
    expect(says(secure, reading).kind).toBe("allowed");
    const region = policy(allow({ Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }));
    expect(says(region, reading).kind).toBe("denied");
    const named = policy(
      allow({ Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ai/bot" } } }),
    );
    expect(says(named, reading, sessionOf("ai/bot")).kind).toBe("allowed");
  });

  it("is in doubt about a resource that the record does not name", () => {
    const unnamed = conduct("s3:GetObject", []);
    expect(says(policy(allow()), unnamed).kind).toBe("allowed");
    expect(says(policy(allow({ Resource: "arn:aws:s3:::data/*" })), unnamed)).toEqual({
      kind: "depends",
      action: "s3:GetObject",
      on: [],
    });
    expect(says(policy(allow({ Action: "s3:PutObject" })), unnamed).kind).toBe("denied");
    expect(says(policy(allow(), deny({ Resource: "arn:aws:s3:::data/*" })), unnamed).kind).toBe("depends");
  });

  it("takes a secret for the one that the policy names with its random end", () => {
    const secret = conduct("secretsmanager:GetSecretValue", [
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:bot/token",
    ]);
    const named = (end: string) =>
      policy(
        allow({
          Action: "secretsmanager:*",
          Resource: `arn:aws:secretsmanager:us-east-1:111122223333:secret:bot/${end}`,
        }),
      );
    expect(says(named("token-??????"), secret).kind).toBe("allowed");
    expect(says(named("other-??????"), secret).kind).toBe("denied");
  });

  it("does not take what another policy let through for denied: across accounts, and by key policies", () => {
    const across = conduct("s3:GetObject", ["arn:aws:s3:::theirs/x"]);
    expect(says(policy(allow()), across).kind).toBe("allowed");
    const key = conduct("kms:Decrypt", ["arn:aws:kms:us-east-1:444455556666:key/00000000-0000-4000-8000-000000000001"]);
    expect(says(policy(allow({ Action: "kms:Decrypt" })), key).kind).toBe("allowed");
  });

  it("judges nothing where nobody knows the action or no policy is asked", () => {
    const { checks: _, ...unknown } = reading;
    expect(says(policy(), unknown)).toEqual({ kind: "not-judged", because: "unknown-action" });
    expect(says(policy(), conduct("s3:GetObject", [], { checks: [] }))).toEqual({
      kind: "not-judged",
      because: "no-policy-asked",
    });
    expect(says(policy(), conduct("sts:GetCallerIdentity", ["*"])).kind).toBe("allowed");
  });
});

describe("a limit that is not in force yet", () => {
  it("is a boundary that must allow as well", () => {
    const boundary: PolicyCandidate = { kind: "boundary", documents: [documentOf(allow())] };
    expect(says(boundary, reading).kind).toBe("allowed");
    expect(says(boundary, conduct("s3:PutObject", [object]))).toMatchObject({
      kind: "denied",
      because: { layer: "permissionBoundaries" },
    });
  });

  it("is a service control policy: of denies beside FullAWSAccess, of allows instead of it, on every level", () => {
    const scp = (...levels: readonly (readonly unknown[])[]): PolicyCandidate => ({
      kind: "scp",
      levels: levels.map((one) => [documentOf(...one)]),
    });
    expect(says(scp([deny({ Action: "iam:*" })]), reading).kind).toBe("allowed");
    expect(says(scp([deny()]), reading)).toMatchObject({
      kind: "denied",
      because: { layer: "serviceControlPolicies" },
    });
    expect(says(scp([allow({ Action: "iam:*" })]), reading).kind).toBe("denied");
    expect(says(scp([allow()], [allow({ Action: "iam:*" })]), reading).kind).toBe("denied");
    const federated: Principal = {
      kind: "web-identity-user",
      provider: "token.example.com",
      subject: "s",
      proven: true,
    };
    const asking = conduct("sts:AssumeRoleWithWebIdentity", ["arn:aws:iam::111122223333:role/bot"]);
    expect(says(scp([deny({ Action: "iam:*" })]), asking, federated).kind).toBe("allowed");
    const linked = sessionOf("aws-service-role/x.amazonaws.com/AWSServiceRoleForX");
    expect(says(scp([deny()]), reading, linked).kind).toBe("allowed");
  });

  it("is a containment, whose denies stand beside what is there", () => {
    const denies: PolicyCandidate = {
      kind: "denies",
      documents: [documentOf(deny({ Resource: "arn:aws:s3:::data/*" }))],
    };
    expect(says(denies, reading).kind).toBe("denied");
    expect(says(denies, conduct("sqs:SendMessage", ["*"])).kind).toBe("allowed");
  });
});
