import type { ApiName } from "../iam/identifiers.ts";

/** A call that writes what a program is started with: variables, arguments, a script. */
export interface ConfigurationCall {
  readonly api: ApiName;
  /** For titles, as in the middle of a sentence: "function". */
  readonly what: string;
  /** Paths of the name in the request, the first that is there; in the response where the name is made there. */
  readonly named: readonly string[];
  /** What makes an ARN of the name: service, colon, and what stands before the name. */
  readonly as: string;
  readonly source: `https://docs.aws.amazon.com/${string}`;
}

const docs = "https://docs.aws.amazon.com/";

const row = (
  api: ApiName,
  what: string,
  named: string | readonly string[],
  as: string,
  page: string,
): ConfigurationCall => ({
  api,
  what,
  named: typeof named === "string" ? [named] : named,
  as,
  source: `${docs}${page}${api.slice(api.indexOf(":") + 1)}.html`,
});

const sagemaker = (name: string, what: string, named: string, as: string): ConfigurationCall =>
  row(`sagemaker:${name}`, what, named, `sagemaker:${as}/`, "sagemaker/latest/APIReference/API_");
const ec2 = (name: string, what: string, named: readonly string[], as: string): ConfigurationCall =>
  row(`ec2:${name}`, what, named, `ec2:${as}/`, "AWSEC2/latest/APIReference/API_");
const cloudformation = (name: string): ConfigurationCall =>
  row(
    `cloudformation:${name}`,
    "stack",
    "stackName",
    "cloudformation:stack/",
    "AWSCloudFormation/latest/APIReference/API_",
  );

const template = ["LaunchTemplateId", "LaunchTemplateName"] as const;
const templatePaths = (request: string): readonly string[] => [
  ...template.map((one) => `${request}.${one}`),
  ...["launchTemplateId", "launchTemplateName"],
];

/**
 * Calls whose parameters secrets are written into. CloudTrail leaves out much of them (Lambda's variables, user data);
 * what it shows is looked through, the rest is asked of the service where that is switched on.
 */
export const configurationCalls: readonly ConfigurationCall[] = [
  row("lambda:CreateFunction", "function", "functionName", "lambda:function:", "lambda/latest/api/API_"),
  row("lambda:UpdateFunctionConfiguration", "function", "functionName", "lambda:function:", "lambda/latest/api/API_"),
  row(
    "ecs:RegisterTaskDefinition",
    "task definition",
    "family",
    "ecs:task-definition/",
    "AmazonECS/latest/APIReference/API_",
  ),
  row(
    "batch:RegisterJobDefinition",
    "job definition",
    "jobDefinitionName",
    "batch:job-definition/",
    "batch/latest/APIReference/API_",
  ),
  row("apprunner:CreateService", "service", "serviceName", "apprunner:service/", "apprunner/latest/api/API_"),
  row("apprunner:UpdateService", "service", "serviceArn", "apprunner:service/", "apprunner/latest/api/API_"),
  row("codebuild:CreateProject", "build project", "name", "codebuild:project/", "codebuild/latest/APIReference/API_"),
  row("codebuild:UpdateProject", "build project", "name", "codebuild:project/", "codebuild/latest/APIReference/API_"),
  sagemaker("CreateHyperParameterTuningJob", "tuning job", "hyperParameterTuningJobName", "hyper-parameter-tuning-job"),
  sagemaker("CreateModel", "model", "modelName", "model"),
  sagemaker(
    "CreateNotebookInstanceLifecycleConfig",
    "lifecycle configuration",
    "notebookInstanceLifecycleConfigName",
    "notebook-instance-lifecycle-config",
  ),
  sagemaker("CreateProcessingJob", "processing job", "processingJobName", "processing-job"),
  sagemaker(
    "CreateStudioLifecycleConfig",
    "lifecycle configuration",
    "studioLifecycleConfigName",
    "studio-lifecycle-config",
  ),
  sagemaker("CreateTrainingJob", "training job", "trainingJobName", "training-job"),
  sagemaker("CreateTransformJob", "transform job", "transformJobName", "transform-job"),
  sagemaker(
    "UpdateNotebookInstanceLifecycleConfig",
    "lifecycle configuration",
    "notebookInstanceLifecycleConfigName",
    "notebook-instance-lifecycle-config",
  ),
  row("glue:CreateJob", "job", "name", "glue:job/", "glue/latest/webapi/API_"),
  row("glue:UpdateJob", "job", "jobName", "glue:job/", "glue/latest/webapi/API_"),
  ec2("RunInstances", "instance", [], "instance"),
  ec2("ModifyInstanceAttribute", "instance", ["instanceId"], "instance"),
  ec2("CreateLaunchTemplate", "launch template", templatePaths("CreateLaunchTemplateRequest"), "launch-template"),
  ec2(
    "CreateLaunchTemplateVersion",
    "launch template",
    templatePaths("CreateLaunchTemplateVersionRequest"),
    "launch-template",
  ),
  row(
    "states:CreateStateMachine",
    "state machine",
    "name",
    "states:stateMachine:",
    "step-functions/latest/apireference/API_",
  ),
  row(
    "states:UpdateStateMachine",
    "state machine",
    "stateMachineArn",
    "states:stateMachine:",
    "step-functions/latest/apireference/API_",
  ),
  cloudformation("CreateChangeSet"),
  cloudformation("CreateStack"),
  cloudformation("UpdateStack"),
];

const byApi: ReadonlyMap<string, ConfigurationCall> = new Map(configurationCalls.map((one) => [one.api, one]));

export const configurationCallOf = (api: string): ConfigurationCall | undefined => byApi.get(api);
