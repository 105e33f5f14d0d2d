import type { AwsCall } from "../../core/flow/aws-call.ts";

const read = <const Name extends string>(name: Name, resource: string) => ({
  api: `sagemaker:${name}` as const,
  resource,
  condition: {},
  access: "read" as const,
  why: "to look for secrets in the environment of a job or model, the scripts of a lifecycle configuration",
  rights: [{ action: `sagemaker:${name}` as const, resource, condition: {} }],
});

/** The calls of `configuration-sagemaker.ts`. */
export const calls = [
  read(
    "DescribeHyperParameterTuningJob",
    "arn:{partition}:sagemaker:{region}:{account}:hyper-parameter-tuning-job/{name}",
  ),
  read("DescribeModel", "arn:{partition}:sagemaker:{region}:{account}:model/{name}"),
  read(
    "DescribeNotebookInstanceLifecycleConfig",
    "arn:{partition}:sagemaker:{region}:{account}:notebook-instance-lifecycle-config/{name}",
  ),
  read("DescribeProcessingJob", "arn:{partition}:sagemaker:{region}:{account}:processing-job/{name}"),
  read("DescribeStudioLifecycleConfig", "arn:{partition}:sagemaker:{region}:{account}:studio-lifecycle-config/{name}"),
  read("DescribeTrainingJob", "arn:{partition}:sagemaker:{region}:{account}:training-job/{name}"),
  read("DescribeTransformJob", "arn:{partition}:sagemaker:{region}:{account}:transform-job/{name}"),
] as const satisfies readonly AwsCall[];
