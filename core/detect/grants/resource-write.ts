import type { ApiCall } from "../../event/event.ts";
import type { OfResource } from "../../iam/account/iam-change.ts";
import { iamChangeOf } from "../../iam/account/iam-write.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { Seen } from "../detector.ts";
import { type Fact, factKey } from "../facts/fact.ts";

/** Calls that write such a policy, whole or by the statement. */
export const resourcePolicyCalls = [
  "backup:PutBackupVaultAccessPolicy",
  "bedrock-agentcore:PutResourcePolicy",
  "bedrock:PutResourcePolicy",
  "cloudtrail:PutResourcePolicy",
  "codebuild:PutResourcePolicy",
  "dynamodb:PutResourcePolicy",
  "ecr:SetRepositoryPolicy",
  "elasticfilesystem:PutFileSystemPolicy",
  "events:PutPermission",
  "glue:PutResourcePolicy",
  "kinesis:PutResourcePolicy",
  "kms:CreateKey",
  "kms:PutKeyPolicy",
  "lambda:AddLayerVersionPermission",
  "lambda:AddPermission",
  "s3:PutAccessPointPolicy",
  "s3:PutBucketPolicy",
  "sagemaker:PutModelPackageGroupPolicy",
  "secretsmanager:PutResourcePolicy",
  "sns:AddPermission",
  "sns:CreateTopic",
  "sns:SetTopicAttributes",
  "sqs:AddPermission",
  "sqs:CreateQueue",
  "sqs:SetQueueAttributes",
  "ssm:PutResourcePolicy",
] as const;

/** A policy that a call puts on a resource, or the statement that it adds. */
export interface Written {
  readonly resource: string;
  readonly document: PolicyDocument;
  readonly text: unknown;
  readonly path: string;
  /** A new resource had no policy before. */
  readonly born: boolean;
}

/** What a call writes; nothing where it writes none, or one that cannot be read. */
export function writtenBy(call: ApiCall): Written | undefined {
  const change = iamChangeOf(call);
  if (change === undefined || !("resource" in change)) return undefined;
  const text = textOf(change);
  if (text === undefined) return undefined;
  const parsed = parsePolicy(change.kind === "statement-put" ? { Version: "2012-10-17", Statement: [text] } : text);
  if (!parsed.ok) return undefined;
  return {
    resource: change.resource,
    document: parsed.document,
    text,
    path: "requestParameters",
    born: change.kind === "resource-created",
  };
}

function textOf(change: OfResource): unknown {
  switch (change.kind) {
    case "resource-policy-put":
    case "resource-created":
      return change.document;
    case "statement-put":
      return change.statement;
    case "resource-deleted":
    case "resource-policy-deleted":
    case "statement-deleted":
      return undefined;
  }
}

/** What has to be known to tell what is new. */
export function resourceQuestions({ at, id }: ApiCall, written: Written | undefined): readonly Fact[] {
  if (written === undefined || written.born) return [];
  return [{ kind: "resource-policy", resource: written.resource, before: { at, id } }];
}

/** What the resource's policy said before; `known` where that is sure, also that it said nothing. */
export function resourceBefore(
  seen: Seen,
  call: ApiCall,
  written: Written,
): { readonly old: PolicyDocument | undefined; readonly known: boolean } {
  const [fact] = resourceQuestions(call, written);
  const answer = fact === undefined ? undefined : seen.facts.get(factKey(fact));
  return answer?.kind === "resource-policy"
    ? { old: answer.document, known: true }
    : { old: undefined, known: written.born };
}
