import { describe, expect, it } from "vitest";
import rows from "../../../core/iam/authorisation.data.json" with { type: "json" };
import type { Authorisation } from "../../../core/iam/authorisation.ts";
import { authorise, paths, table } from "./tables.ts";

const asked = (source: string, name: string, parameters: unknown = undefined): Authorisation =>
  authorise({
    source: `${source}.amazonaws.com`,
    name,
    parameters,
    account: "111122223333",
    region: "eu-west-1",
    partition: "aws",
  });
const actions = (source: string, name: string, parameters?: unknown): readonly string[] | "unknown" => {
  const found = asked(source, name, parameters);
  return found.kind === "unknown" ? "unknown" : found.checks.map(({ action }) => action);
};
const checks = (source: string, name: string, parameters: unknown) => {
  const found = asked(source, name, parameters);
  return found.kind === "unknown" ? [] : found.checks;
};

/** Calls that detectors, attribution and reports speak of, as CloudTrail names them. */
const calls: Readonly<Record<string, string>> = {
  sts: "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetCallerIdentity GetFederationToken GetSessionToken AssumeRoot",
  iam: "CreateAccessKey UpdateAccessKey DeleteAccessKey CreateLoginProfile UpdateLoginProfile CreateServiceSpecificCredential ResetServiceSpecificCredential CreateUser CreateRole AttachUserPolicy GetPolicy GetRole DeleteVirtualMFADevice GetAccountAuthorizationDetails",
  lambda:
    "CreateFunction20150331 UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2 AddPermission20150331v2 CreateEventSourceMapping20150331 Invoke CreateFunctionUrlConfig",
  secretsmanager:
    "GetSecretValue BatchGetSecretValue ListSecrets PutResourcePolicy ReplicateSecretToRegions CancelRotateSecret UpdateSecret PutSecretValue",
  ssm: "DescribeParameters GetParameter GetParameters GetParametersByPath GetParameterHistory StartSession ResumeSession SendCommand CreateDocument StartAutomationExecution",
  kms: "Decrypt ScheduleKeyDeletion DisableKey PutKeyPolicy DescribeKey GetKeyPolicy",
  ec2: "GetPasswordData DescribeInstanceAttribute RunInstances StartInstances CreateFleet ModifyFleet RequestSpotInstances RequestSpotFleet CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate PurchaseCapacityBlock CreateCapacityReservation AllocateHosts PurchaseReservedInstancesOffering ModifyInstanceAttribute StopInstances",
  autoscaling:
    "SetDesiredCapacity UpdateAutoScalingGroup PutScalingPolicy StartInstanceRefresh CreateOrUpdateTags CreateAutoScalingGroup CreateLaunchConfiguration",
  ecs: "RegisterTaskDefinition RunTask StartTask CreateService CreateCluster ExecuteCommand DescribeTasks RegisterContainerInstance DeregisterContainerInstance",
  batch: "RegisterJobDefinition SubmitJob CreateComputeEnvironment",
  apprunner: "CreateService UpdateService",
  codebuild: "CreateProject UpdateProject StartBuild StartBuildBatch ImportSourceCredentials CreateWebhook",
  sagemaker:
    "CreateTrainingJob CreateProcessingJob CreateTransformJob CreateHyperParameterTuningJob CreateEndpointConfig CreateEndpoint UpdateEndpointWeightsAndCapacities CreateNotebookInstance StopNotebookInstance UpdateNotebookInstance StartNotebookInstance CreateNotebookInstanceLifecycleConfig CreateCluster UpdateCluster CreateApp CreateModel CreateTrainingPlan InvokeEndpoint InvokeEndpointAsync InvokeEndpointWithResponseStream CreatePresignedNotebookInstanceUrl CreatePresignedDomainUrl CreateDomain CreateUserProfile CreateSpace CreateAutoMLJobV2 CreatePipeline",
  bedrock:
    "InvokeModel InvokeModelWithResponseStream Converse ConverseStream CreateModelInvocationJob InvokeAgent InvokeInlineAgent Retrieve RetrieveAndGenerate InvokeFlow ApplyGuardrail RenderPrompt PutUseCaseForModelAccess GetUseCaseForModelAccess ListFoundationModelAgreementOffers CreateFoundationModelAgreement PutFoundationModelEntitlement GetFoundationModelAvailability GetModelInvocationLoggingConfiguration PutModelInvocationLoggingConfiguration DeleteModelInvocationLoggingConfiguration ListFoundationModels ListInferenceProfiles ListProvisionedModelThroughputs ListCustomModels ListAgents ListKnowledgeBases CreateProvisionedModelThroughput DeleteGuardrail UpdateGuardrail CreateAgent UpdateAgent CreateFlow CreateKnowledgeBase CreateModelCustomizationJob CreateEvaluationJob",
  "bedrock-agentcore":
    "CreateApiKeyCredentialProvider CreateOauth2CredentialProvider CreateWorkloadIdentity UpdateWorkloadIdentity DeleteWorkloadIdentity SetTokenVaultCMK GetResourceApiKey GetResourceOauth2Token GetWorkloadAccessToken GetWorkloadAccessTokenForJWT GetWorkloadAccessTokenForUserId CreateAgentRuntime UpdateAgentRuntime DeleteAgentRuntime CreateAgentRuntimeEndpoint CreateHarness CreateGateway CreateGatewayTarget CreateBrowser DeleteBrowser CreateCodeInterpreter DeleteCodeInterpreter CreateMemory CreatePolicy CreatePolicyEngine PutResourcePolicy InvokeAgentRuntime InvokeAgentRuntimeForUser InvokeAgentRuntimeCommand InvokeAgentRuntimeCommandShell InvokeGateway StartCodeInterpreterSession InvokeCodeInterpreter StartBrowserSession ConnectBrowserAutomationStream SaveBrowserSessionProfile CreateEvent BatchCreateMemoryRecords RetrieveMemoryRecords",
  servicequotas: "RequestServiceQuotaIncrease",
  support: "CreateCase",
  account: "EnableRegion",
  savingsplans: "CreateSavingsPlan",
  cloudtrail: "StopLogging DeleteTrail UpdateTrail PutEventSelectors",
  logs: "DeleteLogGroup PutRetentionPolicy PutSubscriptionFilter DeleteDelivery",
  xray: "UpdateTraceSegmentDestination UpdateSamplingRule DeleteSamplingRule",
  events: "DisableRule DeleteRule RemoveTargets PutRule",
  eks: "CreateNodegroup",
  gamelift: "CreateFleet CreateBuild RequestUploadCredentials",
  appsync: "CreateApiKey",
  ecr: "GetAuthorizationToken",
  redshift: "GetClusterCredentials",
  "cognito-identity": "GetCredentialsForIdentity SetIdentityPoolRoles",
  lightsail: "GetInstanceAccessDetails",
  codeartifact: "GetAuthorizationToken",
  rolesanywhere: "CreateTrustAnchor CreateProfile CreateSession",
  sso: "GetRoleCredentials CreatePermissionSet AttachManagedPolicyToPermissionSet CreateAccountAssignment PutInlinePolicyToPermissionSet",
  "sso-oauth": "CreateTokenWithIAM",
  organizations: "DetachPolicy UpdatePolicy DisablePolicyType",
  "aws-marketplace": "Subscribe AcceptAgreementRequest",
  "agreement-marketplace": "AcceptAgreementRequest",
  cloudformation:
    "CreateStack UpdateStack CreateStackSet CreateStackInstances UpdateStackSet CreateChangeSet ExecuteChangeSet",
};

describe("what AWS checks for a call", () => {
  it("is known, with actions that exist, for every call the catalogues speak of", () => {
    for (const [source, names] of Object.entries(calls))
      for (const name of names.split(" ")) {
        const found = actions(source, name);
        expect(found, `${source}:${name}`).not.toBe("unknown");
        if (found !== "unknown")
          for (const action of found) expect(table.find(action)?.name, `${source}:${name}`).toBe(action);
      }
  });

  it("leads from the call back to every action of every escalation path", () => {
    for (const { actions: wanted, unlisted = [] } of paths)
      for (const action of wanted.filter((one) => !unlisted.includes(one) && one !== "iam:PassRole")) {
        const [prefix = "", name = ""] = action.split(":");
        expect(actions(prefix, name === "InvokeFunction" ? "Invoke" : name), action).toContain(action);
      }
  });

  it("has rows whose actions, types and prefixes all exist, each with a page it is from", () => {
    for (const row of rows.calls) {
      expect(new URL(row.source).protocol).toBe("https:");
      for (const action of row.actions) expect(table.find(action)?.name, row.call).toBe(action);
    }
    for (const action of Object.keys(rows.passes.rows)) expect(table.find(action)?.name).toBe(action);
    for (const prefix of Object.values(rows.prefixes.rows))
      expect(table.expand(`${prefix}:*`).words.some(Boolean), prefix).toBe(true);
    expect(rows.calls.map(({ call }) => call)).toEqual([...new Set(rows.calls.map(({ call }) => call))]);
    const source = new Map(Object.entries(rows.named).map(([prefix, { types }]) => [prefix, Object.keys(types)]));
    for (const [prefix, types] of source)
      for (const type of types) {
        const taken = [...Array(table.size).keys()].some((place) => {
          const one = table.at(place);
          return one?.name.startsWith(`${prefix}:`) === true && one.resources.some(({ name }) => name === type);
        });
        expect(taken, `${prefix} ${type}`).toBe(true);
      }
  });

  it("is not the event's name where AWS asks for another action", () => {
    expect(actions("bedrock", "Converse")).toEqual(["bedrock:InvokeModel"]);
    expect(actions("monitoring", "PutMetricAlarm")).toEqual(["cloudwatch:PutMetricAlarm"]);
    expect(actions("s3", "ListObjectsV2")).toEqual(["s3:ListBucket"]);
    expect(actions("s3", "CopyObject")).toEqual(["s3:GetObject", "s3:PutObject"]);
    expect(actions("kms", "ReEncrypt")).toEqual(["kms:ReEncryptFrom", "kms:ReEncryptTo"]);
    expect(actions("lambda", "GetFunction20150331v2")).toEqual(["lambda:GetFunction"]);
  });

  it("is nothing where no identity policy is asked, and unknown where nobody knows", () => {
    expect(actions("signin", "ConsoleLogin")).toEqual([]);
    expect(actions("sso", "GetRoleCredentials")).toEqual([]);
    for (const [source, name] of [
      ["ec2", "SharedSnapshotVolumeCreated"],
      ["nobody", "DoesThis"],
      ["__proto__", "toString"],
      ["", ""],
    ] as const)
      expect(actions(source, name), name).toBe("unknown");
  });
});

describe("the resources of a call", () => {
  it("are built from the parameters, whether these hold a name or an ARN", () => {
    const name = { functionName: "bot" };
    const arn = "arn:aws:lambda:us-east-1:444455556666:function:bot";
    expect(checks("lambda", "Invoke", name)).toEqual([
      { action: "lambda:InvokeFunction", resources: ["arn:aws:lambda:eu-west-1:111122223333:function:bot"] },
    ]);
    expect(checks("lambda", "Invoke", { functionName: arn })).toEqual([
      { action: "lambda:InvokeFunction", resources: [arn] },
    ]);
    const model = "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-x";
    expect(checks("bedrock", "Converse", { modelId: "anthropic.claude-x" })).toEqual([
      { action: "bedrock:InvokeModel", resources: [model] },
    ]);
    const secrets = ["a", "b"].map((name) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`);
    expect(checks("secretsmanager", "BatchGetSecretValue", { secretIdList: secrets })[1]?.resources).toEqual(secrets);
    expect(checks("iam", "PutRolePolicy", { roleName: "bot" })).toEqual([
      { action: "iam:PutRolePolicy", resources: ["arn:aws:iam::111122223333:role/bot"] },
    ]);
  });

  it("are a star where the action takes none, and empty where the record does not say", () => {
    expect(checks("ec2", "DescribeInstances", {})).toEqual([{ action: "ec2:DescribeInstances", resources: ["*"] }]);
    for (const parameters of [undefined, null, {}, { roleName: 7 }, { roleName: null }, { roleName: "" }, []])
      expect(checks("iam", "PutRolePolicy", parameters)).toEqual([{ action: "iam:PutRolePolicy", resources: [] }]);
    expect(checks("bedrock", "Converse", { modelId: "us.anthropic.claude-x" })).toEqual([
      { action: "bedrock:InvokeModel", resources: [] },
    ]);
    expect(checks("secretsmanager", "BatchGetSecretValue", {})).toEqual([
      { action: "secretsmanager:BatchGetSecretValue", resources: ["*"] },
      { action: "secretsmanager:GetSecretValue", resources: [] },
    ]);
  });

  it("have the role that the call hands over, which writes no event of its own", () => {
    const role = "arn:aws:iam::111122223333:role/bots/admin";
    const passed = (source: string, name: string, parameters: unknown) =>
      checks(source, name, parameters).filter(({ action }) => action === "iam:PassRole");
    expect(passed("lambda", "CreateFunction20150331", { functionName: "f", role })).toEqual([
      { action: "iam:PassRole", resources: [role] },
    ]);
    expect(passed("sagemaker", "CreateModel", { executionRoleArn: "bots/admin" })).toEqual([
      { action: "iam:PassRole", resources: [role] },
    ]);
    expect(passed("ecs", "RegisterTaskDefinition", { taskRoleArn: role, executionRoleArn: role })).toEqual([
      { action: "iam:PassRole", resources: [role] },
    ]);
    expect(passed("lambda", "UpdateFunctionConfiguration20150331v2", { functionName: "f" })).toEqual([]);
  });

  it("name no role where the call hands over an instance profile", () => {
    const passed = { action: "iam:PassRole", resources: [] };
    expect(checks("ec2", "RunInstances", { iamInstanceProfile: { name: "bots" } })).toContainEqual(passed);
    expect(checks("autoscaling", "CreateLaunchConfiguration", { iamInstanceProfile: "bots" })).toContainEqual(passed);
    expect(checks("ec2", "RunInstances", { instanceType: "t3.micro" })).not.toContainEqual(passed);
  });
});
