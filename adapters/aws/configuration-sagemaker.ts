import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { ServiceReader } from "./configuration-reading.ts";
import { calls } from "./configuration-sagemaker.calls.ts";
import { retrying } from "./retry.ts";

/** Jobs and models with their environment, lifecycle configurations with their scripts. */
export const sagemakerConfiguration: ServiceReader<Pick<SageMakerClient, "send">> = {
  client: async (region) => new (await import("@aws-sdk/client-sagemaker")).SageMakerClient({ region, maxAttempts: 1 }),
  async read(client, thing, sleep) {
    const sagemaker = await import("@aws-sdk/client-sagemaker");
    const { name } = thing;
    const calling = (place: number) => ({ call: calls[place] ?? calls[0], names: thing });
    switch (thing.type) {
      case "hyper-parameter-tuning-job": {
        const ask = new sagemaker.DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
        return retrying(() => client.send(ask), calling(0), sleep);
      }
      case "model": {
        const ask = new sagemaker.DescribeModelCommand({ ModelName: name });
        return retrying(() => client.send(ask), calling(1), sleep);
      }
      case "notebook-instance-lifecycle-config": {
        const ask = new sagemaker.DescribeNotebookInstanceLifecycleConfigCommand({
          NotebookInstanceLifecycleConfigName: name,
        });
        return retrying(() => client.send(ask), calling(2), sleep);
      }
      case "processing-job": {
        const ask = new sagemaker.DescribeProcessingJobCommand({ ProcessingJobName: name });
        return retrying(() => client.send(ask), calling(3), sleep);
      }
      case "studio-lifecycle-config": {
        const ask = new sagemaker.DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName: name });
        return retrying(() => client.send(ask), calling(4), sleep);
      }
      case "training-job": {
        const ask = new sagemaker.DescribeTrainingJobCommand({ TrainingJobName: name });
        return retrying(() => client.send(ask), calling(5), sleep);
      }
      case "transform-job": {
        const ask = new sagemaker.DescribeTransformJobCommand({ TransformJobName: name });
        return retrying(() => client.send(ask), calling(6), sleep);
      }
      default:
        return undefined;
    }
  },
};
