import { fields, text } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { type Change, scalingDraft } from "./scaling-draft.ts";

const topics = ["State Change", "Instance Change", "Spot Instance Request Change", "Information", "Error"];

/** EC2 Fleet and Spot Fleet ("Monitor your EC2 Fleet or Spot Fleet using Amazon EventBridge"). The fleet itself stands only in `resources`. */
export const ec2Fleet: EnvelopeDecoder = {
  sources: ["aws.ec2fleet", "aws.ec2spotfleet"],
  detailTypes: ["EC2 Fleet", "EC2 Spot Fleet"].flatMap((fleet) => topics.map((topic) => `${fleet} ${topic}`)),
  decode(envelope: Envelope): Drafted {
    const subject = envelope.resources[0];
    if (!subject) return lacks(envelope, "resources");
    const subType = firstText(envelope.detail, "sub-type");
    if (!subType) return lacks(envelope, "sub-type");
    const description = firstText(envelope.detail, "description");
    return scalingDraft(envelope, {
      change: changeOfFleet(envelope.detailType, subType),
      subject,
      instanceType: instanceTypeIn(description),
      instanceId: firstText(envelope.detail, "instance-id"),
      cause: description,
    });
  },
};

function changeOfFleet(detailType: string, subType: string): Change {
  if (detailType.endsWith("Fleet Error")) return "failed";
  if (detailType.endsWith("Fleet Information")) return "warned";
  switch (subType) {
    case "launched":
      return "started";
    case "active":
      return detailType.endsWith("Fleet State Change") ? "started" : "changed";
    case "terminated":
    case "deleted":
    case "cancelled":
    case "expired":
      return "stopped";
    case "termination_notified":
      return "warned";
    case "failed":
      return "failed";
    default:
      return "changed";
  }
}

const longest = 4_096;

/** An instance change describes the instance as JSON inside text; the other topics begin with the type and a comma. */
function instanceTypeIn(description: string): string {
  if (!description.startsWith("{")) return leadingType(description);
  if (description.length > longest) return "";
  try {
    return text(fields(JSON.parse(description))["instanceType"]);
  } catch {
    return "";
  }
}

function leadingType(description: string): string {
  const first = description.slice(0, 64).split(",", 1)[0] ?? "";
  return /^[a-z][a-z0-9-]{1,24}\.[a-z0-9-]{2,24}$/.test(first) ? first : "";
}
