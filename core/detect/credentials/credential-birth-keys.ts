import { type BirthRow, where } from "./credential-birth.ts";

const docs = "https://docs.aws.amazon.com";
const isTrue = (value: unknown): boolean => value === true || value === "true";

/**
 * API keys, passwords and tokens of services: what opens them without IAM, or for as long as nobody looks. The token that
 * writes into Identity Center is told as a way for strangers to sign in.
 */
export const keyBirths: readonly BirthRow[] = [
  created({
    api: "appsync:CreateApiKey",
    severity: "low",
    what: "An API key for AppSync",
    named: ["apiId"],
    as: "appsync:apis/",
    source: `${docs}/appsync/latest/APIReference/API_CreateApiKey.html`,
  }),
  created({
    api: "apigateway:CreateApiKey",
    severity: "low",
    what: "An API key for API Gateway",
    named: ["createApiKeyInput.name", "name"],
    source: `${docs}/apigateway/latest/api/API_CreateApiKey.html`,
  }),
  created({
    api: "apigateway:ImportApiKeys",
    severity: "low",
    what: "A list of API keys for API Gateway",
    named: [],
    source: `${docs}/apigateway/latest/api/API_ImportApiKeys.html`,
  }),
  created({
    api: "geo:CreateKey",
    severity: "low",
    what: "An API key for Location Service",
    named: ["keyName"],
    as: "geo:api-key/",
    source: `${docs}/location/latest/APIReference/API_CreateKey.html`,
  }),
  created({
    api: "lightsail:CreateBucketAccessKey",
    severity: "low",
    what: "A static key for a Lightsail bucket",
    named: ["bucketName"],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_CreateBucketAccessKey.html`,
  }),
  created({
    api: "lightsail:CreateKeyPair",
    severity: "info",
    what: "An SSH key pair for Lightsail",
    named: ["keyPairName"],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_CreateKeyPair.html`,
  }),
  created({
    api: "ec2:CreateKeyPair",
    severity: "info",
    what: "An SSH key pair",
    named: ["keyName"],
    source: `${docs}/AWSEC2/latest/APIReference/API_CreateKeyPair.html`,
  }),
  created({
    api: "ec2:ImportKeyPair",
    severity: "info",
    what: "An SSH key pair",
    named: ["keyName"],
    source: `${docs}/AWSEC2/latest/APIReference/API_ImportKeyPair.html`,
  }),
  created({
    api: "transfer:ImportSshPublicKey",
    severity: "low",
    what: "An SSH key for a file transfer server",
    named: ["userName"],
    source: `${docs}/transfer/latest/APIReference/API_ImportSshPublicKey.html`,
  }),
  created({
    api: "grafana:CreateWorkspaceApiKey",
    severity: "low",
    what: "An API key for Grafana",
    named: ["workspaceId"],
    as: "grafana:/workspaces/",
    source: `${docs}/grafana/latest/APIReference/API_CreateWorkspaceApiKey.html`,
  }),
  created({
    api: "grafana:CreateWorkspaceServiceAccountToken",
    severity: "low",
    what: "A service account's token for Grafana",
    named: ["workspaceId"],
    as: "grafana:/workspaces/",
    source: `${docs}/grafana/latest/APIReference/API_CreateWorkspaceServiceAccountToken.html`,
  }),
  created({
    api: "codebuild:ImportSourceCredentials",
    severity: "low",
    what: "A token for a source repository in CodeBuild",
    named: ["serverType"],
    source: `${docs}/codebuild/latest/APIReference/API_ImportSourceCredentials.html`,
  }),
  created({
    api: "cognito-idp:CreateUserPoolClient",
    severity: "info",
    what: "A client secret of a user pool",
    named: ["userPoolId"],
    as: "cognito-idp:userpool/",
    says: where("generateSecret", isTrue),
    source: `${docs}/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html`,
  }),
  created({
    api: "cognito-idp:AddUserPoolClientSecret",
    severity: "low",
    what: "A second client secret of a user pool",
    named: ["userPoolId"],
    as: "cognito-idp:userpool/",
    source: `${docs}/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html`,
  }),
  password({
    api: "rds:ModifyDBInstance",
    parameter: "masterUserPassword",
    named: ["dBInstanceIdentifier"],
    as: "rds:db:",
    source: `${docs}/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html`,
  }),
  password({
    api: "rds:ModifyDBCluster",
    parameter: "masterUserPassword",
    named: ["dBClusterIdentifier"],
    as: "rds:cluster:",
    source: `${docs}/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html`,
  }),
  password({
    api: "redshift:ModifyCluster",
    parameter: "masterUserPassword",
    named: ["clusterIdentifier"],
    as: "redshift:cluster:",
    source: `${docs}/redshift/latest/APIReference/API_ModifyCluster.html`,
  }),
  password({
    api: "redshift-serverless:UpdateNamespace",
    parameter: "adminUserPassword",
    named: ["namespaceName"],
    source: `${docs}/redshift-serverless/latest/APIReference/API_UpdateNamespace.html`,
  }),
  password({
    api: "lightsail:UpdateRelationalDatabase",
    parameter: "masterUserPassword",
    named: ["relationalDatabaseName"],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_UpdateRelationalDatabase.html`,
  }),
];

type Created = Omit<BirthRow, "did" | "tried"> & { readonly what: string };

function created({ what, ...row }: Created): BirthRow {
  return { ...row, did: `${what} was created`, tried: `create ${what.charAt(0).toLowerCase()}${what.slice(1)}` };
}

type Password = Omit<BirthRow, "did" | "tried" | "severity" | "says"> & { readonly parameter: string };

function password({ parameter, ...row }: Password): BirthRow {
  return {
    ...row,
    severity: "low",
    did: "The password of a database's master user was set",
    tried: "set the password of a database's master user",
    // What stands there is masked by AWS and by us; that it stands there is what counts.
    says: (call) => {
      const found = where(parameter, () => true)(call);
      return found && { ...found, value: "(a new password)" };
    },
  };
}
