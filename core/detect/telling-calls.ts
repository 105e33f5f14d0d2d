import type { ApiName } from "../iam/identifiers.ts";

/**
 * Calls by which it shows who else holds a credential: whoever took one asks who it is, what it may and what there is
 * (MITRE ATT&CK, Cloud Service Discovery), and an instance's own agent reports from where the instance is. Reads of
 * secrets are among them; calls that programs make by the second are not.
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
  "ssm:UpdateInstanceInformation",
  "sts:GetCallerIdentity",
] as const satisfies readonly ApiName[];
