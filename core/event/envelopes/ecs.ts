import { fields, list, text } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { type Change, changeOf, changeOfLevel, scalingDraft } from "./scaling-draft.ts";

const task = "ECS Task State Change";
const instance = "ECS Container Instance State Change";
const service = "ECS Service Action";
const deployment = "ECS Deployment State Change";

/** Amazon ECS: tasks, the instances under them, services and their deployments ("Amazon ECS events"). */
export const ecs: EnvelopeDecoder = {
  sources: ["aws.ecs"],
  detailTypes: [task, instance, service, deployment],
  decode(envelope: Envelope): Drafted {
    switch (envelope.detailType) {
      case task:
        return taskChange(envelope);
      case instance:
        return instanceChange(envelope);
      default:
        return serviceNotice(envelope);
    }
  },
};

function taskChange(envelope: Envelope): Drafted {
  const { detail } = envelope;
  const subject = firstText(detail, "taskArn");
  if (!subject) return lacks(envelope, "taskArn");
  const status = firstText(detail, "lastStatus");
  if (!status) return lacks(envelope, "lastStatus");
  return scalingDraft(envelope, {
    change: changeOfTask(status, firstText(detail, "desiredStatus"), firstText(detail, "stopCode")),
    subject,
    role: text(fields(detail["overrides"])["taskRoleArn"]),
    cause: firstText(detail, "stoppedReason"),
  });
}

/** A task that still runs but is to stop is on its way out; an interrupted Spot task says so two minutes ahead. */
function changeOfTask(status: string, desired: string, stopCode: string): Change {
  if (status === "STOPPED") return stopCode === "TaskFailedToStart" ? "failed" : "stopped";
  if (desired === "STOPPED")
    return stopCode === "SpotInterruption" || stopCode === "TerminationNotice" ? "warned" : "changed";
  return changeOf(status);
}

function instanceChange(envelope: Envelope): Drafted {
  const { detail } = envelope;
  const subject = firstText(detail, "containerInstanceArn");
  if (!subject) return lacks(envelope, "containerInstanceArn");
  const type = list(detail["attributes"])
    .map(fields)
    .find((attribute) => attribute["name"] === "ecs.instance-type");
  return scalingDraft(envelope, {
    change: changeOf(firstText(detail, "status")),
    subject,
    instanceType: text(type?.["value"]),
    instanceId: firstText(detail, "ec2InstanceId"),
    cause: firstText(detail, "statusReason"),
  });
}

/** The service stands only in `resources`. */
function serviceNotice(envelope: Envelope): Drafted {
  const subject = envelope.resources[0];
  if (!subject) return lacks(envelope, "resources");
  const name = firstText(envelope.detail, "eventName");
  if (!name) return lacks(envelope, "eventName");
  return scalingDraft(envelope, {
    change: changeOfLevel(firstText(envelope.detail, "eventType")),
    subject,
    cause: firstText(envelope.detail, "reason") || name,
  });
}
