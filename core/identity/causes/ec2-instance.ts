import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { type CauseSource, groupKey, type Shown, type Subject, subjectKey } from "../lineage/cause.ts";
import { launchTags, poolIn, subject, templateIn } from "../lineage/cause-fields.ts";

/** Instances by their ids, which stand in the answer of the call that started, stopped or ended them (EC2 API reference). */
export const ec2InstanceCauses: CauseSource = {
  id: "ec2-instance",
  watches: calls("ec2:RunInstances", "ec2:StartInstances", "ec2:StopInstances", "ec2:TerminateInstances"),
  causeIn(call) {
    const subjects = instancesIn(call);
    switch (call.api) {
      case "ec2:RunInstances":
        return { kind: "launched", subjects, ...startedFor(call), ...templateIn(call) };
      case "ec2:StartInstances":
        return { kind: "launched", subjects: subjects.map(again) };
      default:
        return { kind: "ended", subjects: subjects.map(again) };
    }
  },
};

const instancesIn = (call: ApiCall): readonly Subject[] =>
  list(at(call.response, "instancesSet", "items")).flatMap((one, place) =>
    subject(call, "ec2", ["instance", text(fields(one)["instanceId"])], {
      field: `responseElements.instancesSet.items[${place}].instanceId`,
      proof: "answered",
    }),
  );

/** An instance can be started and stopped many times: its id is then the name of an old thing. */
const again = (one: Subject): Subject => ({ ...one, proof: "named" });

/** Tags with the prefix `aws:` are written by AWS alone (EC2 user guide, "Tag restrictions"). */
function startedFor(call: ApiCall): Pick<Shown, "within" | "pool"> {
  const tags = launchTags(call);
  const group = tags.get("aws:autoscaling:groupName");
  const fleet = tags.get("aws:ec2:fleet-id");
  const spotFleet = tags.get("aws:ec2spot:fleet-request-id");
  const within = [
    ...(group ? [groupKey(call, group)] : []),
    ...(fleet ? [subjectKey(call, "ec2", `fleet/${fleet}`)] : []),
    ...(spotFleet ? [subjectKey(call, "ec2", `spot-fleet-request/${spotFleet}`)] : []),
  ];
  return { within, ...poolIn(tags) };
}
