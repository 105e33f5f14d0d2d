import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { arnKey, type CauseKind, type CauseSource, subjectKey } from "../lineage/cause.ts";

/** What SageMaker runs: the type in its ARN, the field with its name, and the calls that start, change and end it. */
interface Row {
  readonly type: string;
  readonly name: string;
  /** True for jobs: their names are not used again, so the ARN in the answer is this call's alone. */
  readonly job: boolean;
  readonly calls: readonly (readonly [api: ApiName, kind: CauseKind])[];
}

const job = (type: string, name: string): Row => ({
  type,
  name: `${name[0]?.toLowerCase()}${name.slice(1)}Name`,
  job: true,
  calls: [
    [`sagemaker:Create${name}`, "launched"],
    [`sagemaker:Stop${name}`, "ended"],
  ],
});

const rows: readonly Row[] = [
  job("training-job", "TrainingJob"),
  job("processing-job", "ProcessingJob"),
  job("transform-job", "TransformJob"),
  job("hyper-parameter-tuning-job", "HyperParameterTuningJob"),
  {
    type: "endpoint",
    name: "endpointName",
    job: false,
    calls: [
      ["sagemaker:CreateEndpoint", "launched"],
      ["sagemaker:UpdateEndpoint", "set-capacity"],
      ["sagemaker:UpdateEndpointWeightsAndCapacities", "set-capacity"],
      ["sagemaker:DeleteEndpoint", "ended"],
    ],
  },
  {
    type: "endpoint-config",
    name: "endpointConfigName",
    job: false,
    calls: [["sagemaker:CreateEndpointConfig", "launched"]],
  },
  {
    type: "notebook-instance",
    name: "notebookInstanceName",
    job: false,
    calls: [
      ["sagemaker:CreateNotebookInstance", "launched"],
      ["sagemaker:StartNotebookInstance", "launched"],
      ["sagemaker:UpdateNotebookInstance", "set-capacity"],
      ["sagemaker:StopNotebookInstance", "ended"],
      ["sagemaker:DeleteNotebookInstance", "ended"],
    ],
  },
  {
    type: "cluster",
    name: "clusterName",
    job: false,
    calls: [
      ["sagemaker:CreateCluster", "launched"],
      ["sagemaker:UpdateCluster", "set-capacity"],
      ["sagemaker:DeleteCluster", "ended"],
    ],
  },
  {
    type: "pipeline",
    name: "pipelineExecutionArn",
    job: true,
    calls: [
      ["sagemaker:StartPipelineExecution", "launched"],
      ["sagemaker:StopPipelineExecution", "ended"],
    ],
  },
];

const byApi = new Map(rows.flatMap((row) => row.calls.map(([api, kind]) => [api, { row, kind }] as const)));
const [first, ...others] = [...byApi.keys()];

/** Jobs, endpoints, notebooks, clusters and pipelines of SageMaker, by ARN (SageMaker API reference). */
export const sagemakerCauses: CauseSource = {
  id: "sagemaker",
  watches: calls(first ?? "sagemaker:CreateTrainingJob", ...others),
  causeIn(call) {
    const found = byApi.get(call.api);
    if (found === undefined) return undefined;
    const { row, kind } = found;
    return { kind, subjects: subjectsOf(call, row, kind) };
  },
};

function subjectsOf(call: ApiCall, { type, name, job }: Row, kind: CauseKind) {
  const arnField = `${name.replace(/(?:Name|Arn)$/, "")}Arn`;
  const answered = arnKey(text(call.response[arnField]));
  if (answered !== undefined)
    return [
      {
        key: answered,
        field: `responseElements.${arnField}`,
        proof: job && kind === "launched" ? ("answered" as const) : ("named" as const),
      },
    ];
  const asked = text(call.request[name]);
  const key = arnKey(asked) ?? (asked && subjectKey(call, "sagemaker", `${type}/${asked}`));
  return key ? [{ key, field: `requestParameters.${name}`, proof: "named" as const }] : [];
}
