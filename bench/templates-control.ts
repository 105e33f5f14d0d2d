import { type Template, templatesOf } from "./templates.ts";

/** Identity and audit services, read: what people, scanners and pipelines look at. */
export const controlTemplates: readonly Template[] = [
  ...templatesOf("sts", [
    { names: "GetCallerIdentity", weight: 30 },
    { names: "GetAccessKeyInfo DecodeAuthorizationMessage", request: '{"encodedMessage":"~token~"}' },
  ]),
  ...templatesOf("iam", [
    { names: "GetRole", weight: 5, request: '{"roleName":"~item~"}' },
    {
      names:
        "GetRolePolicy ListRolePolicies ListAttachedRolePolicies GetPolicy GetPolicyVersion ListPolicyVersions ListEntitiesForPolicy ListInstanceProfilesForRole GetInstanceProfile SimulatePrincipalPolicy",
      weight: 2,
      request: '{"roleName":"~item~","policyArn":"arn:aws:iam::~account~:policy/~item~"}',
    },
    {
      names:
        "ListRoles ListUsers ListPolicies ListGroups ListAccessKeys ListMFADevices GetUser GetAccountSummary GetAccountPasswordPolicy ListSAMLProviders ListOpenIDConnectProviders GetCredentialReport GenerateCredentialReport GetServiceLastAccessedDetails ListServerCertificates GetAccountAuthorizationDetails ListUserPolicies ListGroupsForUser ListAccountAliases",
      request: '{"maxItems":1000}',
    },
  ]),
  ...templatesOf("cloudtrail", [
    {
      names: "DescribeTrails GetTrailStatus GetEventSelectors LookupEvents ListTrails GetInsightSelectors",
      request: '{"trailNameList":[],"includeShadowTrails":true}',
    },
  ]),
  ...templatesOf("config", [
    {
      names: "DescribeConfigRules BatchGetResourceConfig DescribeConfigurationRecorderStatus SelectResourceConfig",
      request: '{"limit":100}',
    },
    {
      names: "PutEvaluations",
      weight: 2,
      effect: "write",
      request:
        '{"evaluations":[{"complianceResourceType":"AWS::EC2::Instance","complianceResourceId":"~instance~","complianceType":"COMPLIANT","orderingTimestamp":"Nov 20, 2026, 2:00:00 AM"}],"testMode":false}',
      response: '{"failedEvaluations":[]}',
    },
  ]),
  ...templatesOf("guardduty", [
    { names: "ListDetectors ListFindings GetFindings GetDetector", request: '{"detectorId":"~hex~"}' },
  ]),
  ...templatesOf("securityhub", [
    { names: "GetFindings DescribeHub GetEnabledStandards", request: '{"maxResults":100}' },
  ]),
  ...templatesOf("access-analyzer", [
    { names: "ListAnalyzers ListFindingsV2 ValidatePolicy", request: '{"maxResults":100}' },
  ]),
  ...templatesOf("organizations", [
    { names: "DescribeOrganization ListAccounts ListPolicies ListParents", request: '{"maxResults":20}' },
  ]),
  ...templatesOf("sso", [
    {
      names: "ListInstances ListPermissionSets ListAccountAssignments DescribePermissionSet",
      request: '{"maxResults":100}',
    },
  ]),
  ...templatesOf("ce", [
    { names: "GetCostAndUsage GetAnomalies GetDimensionValues", request: '{"granularity":"DAILY"}' },
  ]),
  ...templatesOf("health", [{ names: "DescribeEvents DescribeEventAggregates", request: '{"maxResults":100}' }]),
  ...templatesOf("support", [{ names: "DescribeTrustedAdvisorChecks DescribeCases", request: '{"language":"en"}' }]),
];
