import { describe, expect, it } from "vitest";
import { configurationSource, type Reading, reading } from "../../../adapters/aws/configuration.ts";
import { apprunnerConfiguration } from "../../../adapters/aws/configuration-apprunner.ts";
import { batchConfiguration } from "../../../adapters/aws/configuration-batch.ts";
import { codebuildConfiguration } from "../../../adapters/aws/configuration-codebuild.ts";
import { ec2Configuration } from "../../../adapters/aws/configuration-ec2.ts";
import { ecsConfiguration } from "../../../adapters/aws/configuration-ecs.ts";
import { glueConfiguration } from "../../../adapters/aws/configuration-glue.ts";
import { lambdaConfiguration } from "../../../adapters/aws/configuration-lambda.ts";
import type { ServiceReader } from "../../../adapters/aws/configuration-reading.ts";
import { sagemakerConfiguration } from "../../../adapters/aws/configuration-sagemaker.ts";

const account = "111122223333";

interface Asked {
  readonly region: string;
  readonly command: string;
  readonly input: object;
}

/** A service whose client answers with what it was asked. */
function heard(answer: (asked: Asked) => object) {
  const asked: Asked[] = [];
  const faked = <Client>({ read }: ServiceReader<Client>): Reading =>
    reading({
      read,
      client: async (region) =>
        ({
          send: async (command: { readonly input: object; readonly constructor: { readonly name: string } }) => {
            const one = { region, command: command.constructor.name.replace(/Command$/, ""), input: command.input };
            asked.push(one);
            return answer(one);
          },
        }) as Client,
    });
  const services = new Map([
    ["apprunner", faked(apprunnerConfiguration)],
    ["batch", faked(batchConfiguration)],
    ["codebuild", faked(codebuildConfiguration)],
    ["ec2", faked(ec2Configuration)],
    ["ecs", faked(ecsConfiguration)],
    ["glue", faked(glueConfiguration)],
    ["lambda", faked(lambdaConfiguration)],
    ["sagemaker", faked(sagemakerConfiguration)],
  ]);
  return { asked, source: configurationSource(account, async () => undefined, services) };
}

const failing = (name: string, httpStatusCode: number) => () => {
  throw Object.assign(new Error(`${name} it says`), { name, $metadata: { httpStatusCode } });
};

const rows = [
  ["lambda", "function:agent", "GetFunctionConfiguration", { FunctionName: "agent" }],
  ["ecs", "task-definition/serve", "DescribeTaskDefinition", { taskDefinition: "serve" }],
  ["apprunner", "service/web/0a1b", "DescribeService", {}],
  ["codebuild", "project/images", "BatchGetProjects", { names: ["images"] }],
  ["glue", "job/load", "GetJob", { JobName: "load" }],
  ["ec2", "instance/i-0a", "DescribeInstanceAttribute", { InstanceId: "i-0a", Attribute: "userData" }],
  ["ec2", "launch-template/lt-0a", "DescribeLaunchTemplateVersions", { LaunchTemplateId: "lt-0a" }],
  ["ec2", "launch-template/nodes", "DescribeLaunchTemplateVersions", { LaunchTemplateName: "nodes" }],
  ["sagemaker", "training-job/tune", "DescribeTrainingJob", { TrainingJobName: "tune" }],
  ["sagemaker", "model/m", "DescribeModel", { ModelName: "m" }],
  ["sagemaker", "processing-job/p", "DescribeProcessingJob", { ProcessingJobName: "p" }],
  ["sagemaker", "transform-job/t", "DescribeTransformJob", { TransformJobName: "t" }],
  ["sagemaker", "hyper-parameter-tuning-job/h", "DescribeHyperParameterTuningJob", {}],
  ["sagemaker", "studio-lifecycle-config/s", "DescribeStudioLifecycleConfig", { StudioLifecycleConfigName: "s" }],
  ["sagemaker", "notebook-instance-lifecycle-config/n", "DescribeNotebookInstanceLifecycleConfig", {}],
] as const;

describe("a configuration source", () => {
  it.each(rows)("asks %s for %s by %s, in the Region of the thing", async (service, resource, command, input) => {
    const { asked, source } = heard(() => ({ said: new Date(0) }));
    const read = await source.read(`arn:aws:${service}:eu-west-1:${account}:${resource}`);
    expect(read).toEqual({ said: "1970-01-01T00:00:00.000Z" });
    expect(asked).toMatchObject([{ region: "eu-west-1", command, input }]);
  });

  it("takes of a job definition the newest revision", async () => {
    const { source } = heard(() => ({ jobDefinitions: [{ revision: 2 }, { revision: 11 }, { revision: 9 }] }));
    expect(await source.read(`arn:aws:batch:us-east-1:${account}:job-definition/embed`)).toEqual({ revision: 11 });
  });

  it("reads nothing of another account, of another service, or of what is no thing", async () => {
    const { asked, source } = heard(() => ({}));
    for (const arn of [
      "arn:aws:lambda:us-east-1:444455556666:function:agent",
      `arn:aws:dynamodb:us-east-1:${account}:table/t`,
      `arn:aws:ec2:us-east-1:${account}:volume/v`,
      `arn:aws:sagemaker:us-east-1:${account}:endpoint/e`,
      "nothing",
    ])
      expect(await source.read(arn), arn).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("says not-found, denied or throttled by whatever name a service has for it", async () => {
    const arn = `arn:aws:ecs:us-east-1:${account}:task-definition/serve`;
    for (const [name, status, code] of [
      ["ClientException", 400, "not-found"],
      ["AccessDeniedException", 400, "denied"],
      ["ThrottlingException", 400, "throttled"],
    ] as const)
      await expect(heard(failing(name, status)).source.read(arn), name).rejects.toMatchObject({ code });
  });
});
