import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { evaluate } from "../../../core/iam/evaluate.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";
import {
  gradeDigest,
  gradeDocument,
  gradePolicyArn,
  type MildGrade,
  mildGrades,
} from "../../../core/respond/deny-policies.ts";
import { paths, table } from "../iam/tables.ts";

const administrator = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

function underGrades(...grades: readonly MildGrade[]) {
  const documents = [administrator, ...grades.map(gradeDocument)].map((one) => {
    const parsed = parsePolicy(one);
    if (!parsed.ok) throw new Error(parsed.because);
    return parsed.document;
  });
  const identityPolicies = compilePolicies(documents);
  return (action: string) =>
    evaluate(
      {
        action,
        resource: "*",
        resourceAccount: "111122223333",
        principal: "arn:aws:sts::111122223333:assumed-role/support-bot/run-1",
        context: contextOf({}),
        wildcardOnly: false,
      },
      { identityPolicies },
    ).decision;
}

/** What serving, running and training go on with, whatever grade. */
const serving = [
  "bedrock:InvokeModel",
  "bedrock:InvokeModelWithResponseStream",
  "bedrock:Retrieve",
  "dynamodb:PutItem",
  "ecr:GetAuthorizationToken",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "lambda:InvokeFunction",
  "logs:PutLogEvents",
  "s3:GetObject",
  "s3:PutObject",
  "sagemaker:InvokeEndpoint",
  "sqs:ReceiveMessage",
];

/** What AWS's own quarantine policy leaves to whoever has a role, a shell or a secret within reach. */
const leftOpenByAws: Readonly<Record<MildGrade, readonly string[]>> = {
  "deny-escalation": [
    "sts:AssumeRole",
    "ssm:SendCommand",
    "ssm:StartSession",
    "ecs:ExecuteCommand",
    "iam:CreateServiceSpecificCredential",
    "iam:DeleteUserPolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:DetachGroupPolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreateSAMLProvider",
    "iam:DeactivateMFADevice",
    "lambda:UpdateFunctionConfiguration",
    "lambda:CreateFunctionUrlConfig",
    "codebuild:StartBuild",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "bedrock-agentcore:InvokeAgentRuntimeCommand",
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "bedrock:DeleteGuardrail",
    "cloudtrail:StopLogging",
    "rolesanywhere:CreateProfile",
    "ec2:ModifyInstanceAttribute",
    "ec2:CreateLaunchTemplateVersion",
    "kms:CreateGrant",
  ],
  "deny-secrets": [
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParametersByPath",
  ],
  "deny-spend": [
    "ec2:RunInstances",
    "ec2:CreateFleet",
    "ec2:PurchaseCapacityBlock",
    "autoscaling:SetDesiredCapacity",
    "autoscaling:UpdateAutoScalingGroup",
    "servicequotas:RequestServiceQuotaIncrease",
    "account:EnableRegion",
    "bedrock:CreateFoundationModelAgreement",
    "bedrock:PutFoundationModelEntitlement",
    "bedrock:CreateProvisionedModelThroughput",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateCluster",
    "sagemaker:CreateEndpoint",
    "batch:SubmitJob",
    "batch:CreateComputeEnvironment",
    "ecs:RunTask",
    "elasticmapreduce:RunJobFlow",
    "eks:CreateNodegroup",
  ],
};

describe.each(mildGrades)("%s", (grade) => {
  const [statement] = gradeDocument(grade)["Statement"] as readonly {
    readonly Effect: string;
    readonly Action: string[];
  }[];

  it("is one Deny and fits a managed policy", () => {
    expect(gradeDocument(grade)["Statement"]).toHaveLength(1);
    expect(statement?.Effect).toBe("Deny");
    expect(JSON.stringify(gradeDocument(grade)).replaceAll(/\s/g, "").length).toBeLessThanOrEqual(6_144);
    expect(statement?.Action).toEqual([...new Set(statement?.Action)].sort());
  });

  it("names actions that there are", () => {
    for (const pattern of statement?.Action ?? [])
      expect(
        table.expand(pattern).words.some((word) => word !== 0),
        pattern,
      ).toBe(true);
  });

  it.each(serving)("leaves %s alone", (action) => expect(underGrades(grade)(action)).toBe("Allowed"));

  it.each(leftOpenByAws[grade])("denies %s", (action) => expect(underGrades(grade)(action)).toBe("ExplicitlyDenied"));

  it.each([
    "iam:DetachRolePolicy",
    "iam:DetachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:DeletePolicyVersion",
    "iam:DeletePolicy",
  ])("cannot be lifted by %s of whoever it is attached to", (action) =>
    expect(underGrades(grade)(action)).toBe("ExplicitlyDenied"),
  );

  it("is known by the digest of its document, and stands under a path of its own in the account", () => {
    expect(gradeDigest(grade)).toMatch(/^[0-9a-f]{64}$/);
    expect(gradePolicyArn(grade, { partition: "aws-cn", account: "111122223333" })).toMatch(
      /^arn:aws-cn:iam::111122223333:policy\/cordon\/CordonDeny[A-Z]/,
    );
  });
});

describe("deny-escalation", () => {
  const decide = underGrades("deny-escalation");
  it.each(paths.map((path) => [path.id, path] as const))("closes %s", (_, { actions }) => {
    expect(actions.map(decide)).toContain("ExplicitlyDenied");
  });
});

it("denies no IAM read: whoever looks into a case as this principal still sees it", () => {
  for (const action of ["iam:GetRole", "iam:ListRoles", "iam:SimulatePrincipalPolicy", "iam:GenerateCredentialReport"])
    expect(underGrades(...mildGrades)(action)).toBe("Allowed");
});
