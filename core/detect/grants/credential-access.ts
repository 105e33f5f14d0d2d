/** An action that hands out a credential, a secret or what opens one, and the page that says so. */
export interface CredentialAction {
  readonly action: string;
  readonly source: `https://docs.aws.amazon.com/${string}`;
}

/** Actions of one API, whose reference has a page for each operation, `API_<Operation>.html`. */
const ofApi = (reference: string, prefix: string, ...operations: readonly string[]): readonly CredentialAction[] =>
  operations.map((name) => ({
    action: `${prefix}:${name}`,
    source: `https://docs.aws.amazon.com/${reference}/API_${name}.html`,
  }));

/** Permissions that are no operation of their own, by their service's page of the Service Authorization Reference. */
const byPermission = (page: string, ...actions: readonly string[]): readonly CredentialAction[] =>
  actions.map((action) => ({
    action,
    source: `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${page}.html`,
  }));

/**
 * What a holder reads or makes with these signs requests, opens secrets or lets somebody in: the loss does not end with the
 * permission. Ways to act as another role are escalation paths and not here; credentials for one's own data alone count as data.
 */
export const credentialActions: readonly CredentialAction[] = [
  ...ofApi("secretsmanager/latest/apireference", "secretsmanager", "GetSecretValue", "BatchGetSecretValue"),
  ...ofApi(
    "systems-manager/latest/APIReference",
    "ssm",
    ...["GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory", "GetAccessToken"],
  ),
  ...ofApi("kms/latest/APIReference", "kms", "Decrypt", "CreateGrant"),
  ...ofApi("STS/latest/APIReference", "sts", "AssumeRoot", "GetFederationToken", "GetWebIdentityToken"),
  ...byPermission("awssecuritytokenservice", "sts:GetServiceBearerToken"),
  ...ofApi(
    "IAM/latest/APIReference",
    "iam",
    ...["CreateAccessKey", "CreateLoginProfile", "CreateServiceSpecificCredential", "CreateVirtualMFADevice"],
    ...["ResetServiceSpecificCredential", "UpdateAccessKey", "UpdateLoginProfile", "UploadSSHPublicKey"],
    "UploadSigningCertificate",
  ),
  ...ofApi("AmazonECR/latest/APIReference", "ecr", "GetAuthorizationToken"),
  ...ofApi("AmazonECRPublic/latest/APIReference", "ecr-public", "GetAuthorizationToken"),
  ...ofApi("codeartifact/latest/APIReference", "codeartifact", "GetAuthorizationToken"),
  ...ofApi(
    "cognitoidentity/latest/APIReference",
    "cognito-identity",
    ...["GetCredentialsForIdentity", "GetOpenIdToken", "GetOpenIdTokenForDeveloperIdentity"],
  ),
  ...ofApi(
    "bedrock-agentcore/latest/APIReference",
    "bedrock-agentcore",
    ...["GetResourceApiKey", "GetResourceOauth2Token", "GetWorkloadAccessToken", "GetWorkloadAccessTokenForJWT"],
    "GetWorkloadAccessTokenForUserId",
  ),
  ...ofApi("redshift/latest/APIReference", "redshift", "GetClusterCredentials", "GetClusterCredentialsWithIAM"),
  ...ofApi("redshift-serverless/latest/APIReference", "redshift-serverless", "GetCredentials"),
  ...byPermission("amazonrdsiamauthentication", "rds-db:connect"),
  ...byPermission("amazonauroradsql", "dsql:DbConnect", "dsql:DbConnectAdmin"),
  ...ofApi("AWSEC2/latest/APIReference", "ec2", "CreateKeyPair", "GetPasswordData"),
  ...ofApi(
    "lightsail/2016-11-28/api-reference",
    "lightsail",
    ...["CreateBucketAccessKey", "CreateKeyPair", "DownloadDefaultKeyPair", "GetInstanceAccessDetails"],
    "GetRelationalDatabaseMasterUserPassword",
  ),
  ...ofApi("emr/latest/APIReference", "elasticmapreduce", "GetClusterSessionCredentials"),
  ...ofApi("emr-on-eks/latest/APIReference", "emr-containers", "GetManagedEndpointSessionCredentials"),
  ...ofApi("mwaa/latest/API", "airflow", "CreateCliToken", "CreateWebLoginToken"),
  ...ofApi("datazone/latest/APIReference", "datazone", "GetEnvironmentCredentials"),
  ...ofApi(
    "lake-formation/latest/APIReference",
    "lakeformation",
    ...["GetTemporaryGluePartitionCredentials", "GetTemporaryGlueTableCredentials"],
  ),
  ...ofApi("glue/latest/webapi", "glue", "GetConnection", "GetConnections"),
  ...ofApi("acm/latest/APIReference", "acm", "ExportCertificate"),
  ...ofApi("privateca/latest/APIReference", "acm-pca", "IssueCertificate"),
  ...ofApi("appsync/latest/APIReference", "appsync", "CreateApiKey", "ListApiKeys"),
  ...ofApi("iot/latest/apireference", "iot", "CreateKeysAndCertificate"),
  ...ofApi("gamelift/latest/apireference", "gamelift", "GetComputeAccess", "GetInstanceAccess"),
  ...ofApi("grafana/latest/APIReference", "grafana", "CreateWorkspaceApiKey", "CreateWorkspaceServiceAccountToken"),
  ...ofApi("connect/latest/APIReference", "connect", "GetFederationToken"),
  ...ofApi("codepipeline/latest/APIReference", "codepipeline", "GetJobDetails", "PollForThirdPartyJobs"),
  ...ofApi("singlesignon/latest/IdentityStoreAPIReference", "sso-directory", "CreateBearerToken"),
  ...ofApi("storagegateway/latest/APIReference", "storagegateway", "DescribeChapCredentials"),
  ...ofApi(
    "deadline-cloud/latest/APIReference",
    "deadline",
    ...["AssumeFleetRoleForRead", "AssumeFleetRoleForWorker", "AssumeQueueRoleForUser", "AssumeQueueRoleForWorker"],
  ),
];
