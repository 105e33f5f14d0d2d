import type { ApiName } from "../../iam/identifiers.ts";

/**
 * Calls by which it shows who else holds a credential: whoever took one asks who it is, what it may and what there is
 * (MITRE ATT&CK, Cloud Service Discovery). Reads of secrets are among them: programs make those too, and so it shows where
 * they are. Calls that a fleet makes by the second, such as the heartbeat of Systems Manager's agent, are not.
 */
export const tellingApis = [
  "bedrock:ListFoundationModels",
  "iam:GetAccountAuthorizationDetails",
  "iam:GetAccountSummary",
  "iam:GetUser",
  "iam:ListAccessKeys",
  "iam:ListAttachedRolePolicies",
  "iam:ListAttachedUserPolicies",
  "iam:ListRoles",
  "iam:ListUsers",
  "organizations:DescribeOrganization",
  "organizations:ListAccounts",
  "s3:ListBuckets",
  "secretsmanager:GetSecretValue",
  "secretsmanager:ListSecrets",
  "servicequotas:ListServiceQuotas",
  "ses:GetSendQuota",
  "ses:ListIdentities",
  "ssm:DescribeParameters",
  "ssm:GetParameter",
  "sts:GetCallerIdentity",
] as const satisfies readonly ApiName[];
