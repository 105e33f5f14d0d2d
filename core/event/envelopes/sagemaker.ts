import { at, fields, type Json, type JsonObject, list, text } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { changeOf, changeOfLevel, type Scaled, scalingDraft } from "./scaling-draft.ts";

/** Where one detail-type keeps what we need; the field names are those of the API operation that describes the thing. */
interface Row {
  readonly subject: readonly string[];
  readonly status?: string;
  /** True where AWS publishes the type without a status too. */
  readonly mayLackStatus?: boolean;
  readonly machines?: (detail: JsonObject) => Machines;
  readonly role?: (detail: JsonObject) => Json | undefined;
  readonly cause?: string;
}

type Machines = Pick<Scaled, "instanceType" | "instanceCount">;

const job = (name: string): Row => ({
  subject: [`${name}JobArn`, `${name}JobName`],
  status: `${name}JobStatus`,
  cause: "FailureReason",
});

const endpoint: Row = {
  subject: ["EndpointArn", "EndpointName"],
  status: "EndpointStatus",
  machines: (detail) => groups(detail["ProductionVariants"], "DesiredInstanceCount"),
  cause: "FailureReason",
};

const pipeline: Row = { subject: ["pipelineExecutionArn", "pipelineArn"], cause: "failureReason" };

const rows: ReadonlyMap<string, Row> = new Map<string, Row>([
  [
    "SageMaker Training Job State Change",
    {
      ...job("Training"),
      machines: (detail) => cluster(detail["ResourceConfig"]),
      role: (detail) => detail["RoleArn"],
    },
  ],
  [
    "SageMaker HyperParameter Tuning Job State Change",
    {
      ...job("HyperParameterTuning"),
      machines: (detail) => cluster(at(detail, "TrainingJobDefinition", "ResourceConfig")),
      role: (detail) => at(detail, "TrainingJobDefinition", "RoleArn"),
    },
  ],
  [
    "SageMaker Transform Job State Change",
    { ...job("Transform"), machines: (detail) => cluster(detail["TransformResources"]) },
  ],
  [
    "SageMaker Processing Job State Change",
    {
      ...job("Processing"),
      machines: (detail) => cluster(at(detail, "ProcessingResources", "ClusterConfig")),
      role: (detail) => detail["RoleArn"],
    },
  ],
  ["SageMaker Endpoint State Change", endpoint],
  ["SageMaker Endpoint Deployment State Change", endpoint],
  [
    "SageMaker Endpoint Config State Change",
    {
      subject: ["EndpointConfigArn", "EndpointConfigName"],
      machines: (detail) => groups(detail["ProductionVariants"], "InitialInstanceCount"),
      role: (detail) => detail["ExecutionRoleArn"],
    },
  ],
  [
    "SageMaker Notebook Instance State Change",
    {
      subject: ["NotebookInstanceArn", "NotebookInstanceName"],
      status: "NotebookInstanceStatus",
      machines: (detail) => cluster(detail),
      role: (detail) => detail["RoleArn"],
      cause: "FailureReason",
    },
  ],
  [
    "SageMaker Notebook Lifecycle Config State Change",
    { subject: ["NotebookInstanceLifecycleConfigArn", "NotebookInstanceLifecycleConfigName"] },
  ],
  [
    "SageMaker Model State Change",
    { subject: ["ModelArn", "ModelName"], role: (detail) => detail["ExecutionRoleArn"] },
  ],
  [
    "SageMaker Model Package State Change",
    { subject: ["ModelPackageArn", "ModelPackageName"], status: "ModelPackageStatus", mayLackStatus: true },
  ],
  [
    "SageMaker Model Building Pipeline Execution Status Change",
    { ...pipeline, status: "currentPipelineExecutionStatus" },
  ],
  ["SageMaker Model Building Pipeline Execution Step Status Change", { ...pipeline, status: "currentStepStatus" }],
  [
    "SageMaker HyperPod Cluster State Change",
    {
      subject: ["ClusterArn", "ClusterName"],
      status: "ClusterStatus",
      machines: (detail) => groups(detail["InstanceGroups"], "TargetCount", "CurrentCount"),
      role: (detail) => at(list(detail["InstanceGroups"])[0], "ExecutionRole"),
      cause: "FailureMessage",
    },
  ],
]);

const nodeHealth = "SageMaker HyperPod Cluster Node Health Event";
const clusterEvent = "SageMaker HyperPod Cluster Event";

/** Amazon SageMaker AI: what trains, serves or hosts notebooks ("Events that Amazon SageMaker AI sends to Amazon EventBridge"). */
export const sagemaker: EnvelopeDecoder = {
  sources: ["aws.sagemaker"],
  detailTypes: [...rows.keys(), nodeHealth, clusterEvent],
  decode(envelope: Envelope): Drafted {
    const row = rows.get(envelope.detailType);
    return row === undefined ? hyperPod(envelope) : byRow(envelope, row);
  },
};

function byRow(envelope: Envelope, row: Row): Drafted {
  const { detail } = envelope;
  const subject = firstText(detail, ...row.subject);
  if (!subject) return lacks(envelope, ...row.subject);
  const status = row.status === undefined ? "" : text(detail[row.status]);
  if (row.status !== undefined && !status && row.mayLackStatus !== true) return lacks(envelope, row.status);
  return scalingDraft(envelope, {
    change: changeOf(status),
    subject,
    ...row.machines?.(detail),
    role: text(row.role?.(detail)),
    cause: row.cause === undefined ? "" : text(detail[row.cause]),
  });
}

function hyperPod(envelope: Envelope): Drafted {
  const event = envelope.detailType === clusterEvent ? fields(envelope.detail["EventDetails"]) : envelope.detail;
  const subject = firstText(event, "ClusterArn", "ClusterName");
  if (!subject) return lacks(envelope, envelope.detailType === clusterEvent ? "EventDetails.ClusterArn" : "ClusterArn");
  const health = fields(event["HealthSummary"]);
  const unhealthy = text(health["HealthStatus"]).toLowerCase() === "unhealthy";
  return scalingDraft(envelope, {
    change: envelope.detailType === nodeHealth && unhealthy ? "warned" : changeOfLevel(text(event["EventLevel"])),
    subject,
    instanceId: firstText(event, "InstanceId"),
    cause: firstText(event, "Description") || firstText(health, "HealthStatusReason"),
  });
}

/** One kind of machine, or the groups of a heterogeneous cluster. */
function cluster(config: Json | undefined): Machines {
  const kept = fields(config);
  const inGroups = list(kept["InstanceGroups"]);
  if (inGroups.length > 0) return groups(inGroups, "InstanceCount");
  return { instanceType: text(kept["InstanceType"]), instanceCount: kept["InstanceCount"] };
}

/** The first type that a list of groups names, and how many machines they have together. */
function groups(value: Json | undefined, ...counts: readonly string[]): Machines {
  const all = list(value).map(fields);
  const numbers = all
    .map((group) => counts.map((count) => group[count]).find((count) => typeof count === "number"))
    .filter((count) => count !== undefined);
  const instanceType = all.map((group) => text(group["InstanceType"])).find((type) => type !== "") ?? "";
  return numbers.length === 0
    ? { instanceType }
    : { instanceType, instanceCount: numbers.reduce((sum, count) => sum + count, 0) };
}
