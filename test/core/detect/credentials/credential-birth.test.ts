import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { activated, where } from "../../../../core/detect/credentials/credential-birth.ts";
import { agentBirths } from "../../../../core/detect/credentials/credential-birth-agents.ts";
import { iamBirths } from "../../../../core/detect/credentials/credential-birth-iam.ts";
import { keyBirths } from "../../../../core/detect/credentials/credential-birth-keys.ts";
import { handingOuts } from "../../../../core/detect/credentials/credential-handed-out.ts";
import { credentialActions } from "../../../../core/detect/grants/credential-access.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";

const rows = [...iamBirths, ...keyBirths, ...handingOuts, ...agentBirths];

const callWith = (requestParameters: Readonly<Record<string, string | boolean>>): ApiCall => {
  const event = eventOf(record({ requestParameters }));
  if (event.kind !== "api-call") throw new Error("the record is no call");
  return event;
};

describe("the table of lasting credentials", () => {
  it("names every call once, with a page of AWS", () => {
    expect(rows.map(({ api }) => api).sort()).toEqual([...new Set(rows.map(({ api }) => api))].sort());
    for (const { api, source } of rows) expect(URL.canParse(source), api).toBe(true);
  });

  it("never names a field that holds the credential itself", () => {
    for (const { api, named } of rows)
      expect(named.join(" "), api).not.toMatch(/password$|secret$|apiKey$|token$|value$|privateKey/i);
  });

  it("says of every deed what it was and, of an attempt, what was tried", () => {
    for (const { did, tried } of rows) {
      expect(did).toMatch(/^[A-Z].*[^.]$/);
      expect(tried).toMatch(/^[a-z].*[^.]$/);
    }
  });

  /** Why nobody is woken by them: what they hand out ends by itself, or is made by programs all day. */
  const allDay: Readonly<Record<string, string>> = {
    "acm-pca:IssueCertificate": "issued by controllers of clusters all day",
    "airflow:CreateCliToken": "ends within minutes",
    "airflow:CreateWebLoginToken": "ends within minutes",
    "codeartifact:GetAuthorizationToken": "every build",
    "codepipeline:GetJobDetails": "every run of a pipeline",
    "codepipeline:PollForThirdPartyJobs": "polled all day",
    "cognito-identity:GetCredentialsForIdentity": "users of an app, who sign nothing",
    "cognito-identity:GetOpenIdToken": "users of an app, who sign nothing",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity": "users of an app",
    "connect:GetFederationToken": "every sign-in of an agent at a telephone",
    "datazone:GetEnvironmentCredentials": "ends within the hour",
    "deadline:AssumeFleetRoleForRead": "every worker",
    "deadline:AssumeFleetRoleForWorker": "every worker",
    "deadline:AssumeQueueRoleForUser": "every user of the monitor",
    "deadline:AssumeQueueRoleForWorker": "every worker",
    "dsql:DbConnect": "no call: a connection",
    "dsql:DbConnectAdmin": "no call: a connection",
    "ecr-public:GetAuthorizationToken": "every build",
    "ecr:GetAuthorizationToken": "every pull of an image",
    "elasticmapreduce:GetClusterSessionCredentials": "every notebook",
    "emr-containers:GetManagedEndpointSessionCredentials": "every notebook",
    "gamelift:GetComputeAccess": "ends within hours",
    "glue:GetConnection": "every job",
    "glue:GetConnections": "every crawl and every look at the console",
    "appsync:ListApiKeys": "every refresh of a definition",
    "iam:CreateVirtualMFADevice": "a second factor opens nothing alone",
    "iot:CreateKeysAndCertificate": "every device of a fleet",
    "lakeformation:GetTemporaryGluePartitionCredentials": "every query",
    "lakeformation:GetTemporaryGlueTableCredentials": "every query",
    "rds-db:connect": "no call: a connection",
    "redshift-serverless:GetCredentials": "every connection",
    "redshift:GetClusterCredentials": "every connection",
    "redshift:GetClusterCredentialsWithIAM": "every connection",
    "ssm:GetAccessToken": "ends within the hour, and was approved",
    "sts:GetServiceBearerToken": "no call of its own",
    "sts:GetWebIdentityToken": "every call to another cloud",
  };

  it("leaves no action that hands out credentials to nobody, but for those with a reason", () => {
    const watched = new Set<string>(watchersFor([]).wakeIndex.apis);
    const unwatched = credentialActions.map(({ action }) => action).filter((action) => !watched.has(action));
    expect(unwatched.filter((action) => allDay[action] === undefined)).toEqual([]);
  });
});

describe("what the parameters say", () => {
  it("is nothing where the field is absent, null or something else", () => {
    const says = where("a.b", (value) => value === true);
    expect(says(callWith({}))).toBeUndefined();
    expect(says(callWith({ a: true }))).toBeUndefined();
  });

  it("tells a credential that works again from one that is switched off", () => {
    expect(activated(callWith({ status: "Active" }))).toEqual({
      path: "requestParameters.status",
      value: "Active",
    });
    expect(activated(callWith({ status: "Inactive" }))).toBeUndefined();
  });
});
