import type { ApiName } from "../../iam/identifiers.ts";

/** Operations of one service that list what there is, by the name of its event source. */
const of = (service: string, ...operations: readonly string[]): readonly ApiName[] =>
  operations.map((name): ApiName => `${service}:${name}`);

/**
 * Reads that tell what an account holds, who is in it and what watches it, and that programs at work hardly make (MITRE
 * ATT&CK T1580, T1526, T1087.004; Sysdig, Unit 42 and Datadog name them of keys found in the open). Reads that programs
 * make all day, such as DescribeInstances, GetCallerIdentity or ListHostedZones, would cost much and tell little.
 */
export const reconCalls: readonly ApiName[] = [
  ...of("access-analyzer", "ListAnalyzers"),
  ...of("account", "GetAlternateContact", "GetContactInformation", "ListRegions"),
  ...of("amplify", "ListApps"),
  ...of("apigateway", "GetRestApis"),
  ...of("bedrock", "GetModelInvocationLoggingConfiguration", "ListCustomModels", "ListFoundationModels"),
  ...of("bedrock", "ListInferenceProfiles", "ListProvisionedModelThroughputs"),
  ...of("ce", "GetCostAndUsage", "GetCostForecast"),
  ...of("cloudformation", "ListStacks"),
  ...of("cloudtrail", "DescribeTrails", "ListTrails"),
  ...of("codebuild", "ListProjects"),
  ...of("config", "DescribeConfigurationRecorders", "DescribeDeliveryChannels"),
  ...of("ec2", "DescribeKeyPairs"),
  ...of("guardduty", "ListDetectors"),
  ...of("iam", "GetAccountAuthorizationDetails", "GetAccountPasswordPolicy", "GetAccountSummary"),
  ...of("iam", "ListAccessKeys", "ListAccountAliases", "ListAttachedUserPolicies", "ListGroups", "ListGroupsForUser"),
  ...of("iam", "ListPolicies", "ListRoles", "ListUserPolicies", "ListUsers"),
  ...of("kms", "ListKeys"),
  ...of("lambda", "ListFunctions"),
  ...of("lightsail", "GetInstances", "GetRegions"),
  ...of("organizations", "DescribeOrganization", "ListAccounts", "ListPolicies", "ListRoots"),
  ...of("rds", "DescribeDBSnapshots"),
  ...of("redshift", "DescribeClusters"),
  ...of("s3", "ListBuckets"),
  ...of("sagemaker", "ListModels", "ListNotebookInstances"),
  ...of("secretsmanager", "ListSecrets"),
  ...of("securityhub", "DescribeHub"),
  ...of("servicequotas", "GetServiceQuota", "ListServiceQuotas"),
  ...of("ses", "GetAccount", "GetAccountSendingEnabled", "GetSendQuota", "ListEmailIdentities", "ListIdentities"),
  ...of("sns", "GetSMSAttributes", "GetSMSSandboxAccountStatus", "ListTopics"),
  ...of("ssm", "DescribeParameters"),
  ...of("sso", "ListInstances"),
];
