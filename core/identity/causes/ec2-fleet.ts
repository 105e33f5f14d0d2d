import type { ApiCall } from "../../event/event.ts";
import { calls } from "../../event/watch.ts";
import type { CauseSource, Shown, Subject } from "../lineage/cause.ts";
import { launchTags, poolIn, subject, templateIn, textsUnder } from "../lineage/cause-fields.ts";

/**
 * EC2 Fleet, Spot Fleet and Spot requests, by the ids that the answer makes up (EC2 API reference). Karpenter starts nodes by
 * `CreateFleet` and names its NodePool in the tags of the launch.
 */
export const ec2FleetCauses: CauseSource = {
  id: "ec2-fleet",
  watches: calls(
    "ec2:CancelSpotFleetRequests",
    "ec2:CreateFleet",
    "ec2:DeleteFleets",
    "ec2:ModifyFleet",
    "ec2:ModifySpotFleetRequest",
    "ec2:RequestSpotFleet",
    "ec2:RequestSpotInstances",
  ),
  causeIn(call): Shown {
    switch (call.api) {
      case "ec2:CreateFleet":
      case "ec2:RequestSpotFleet":
      case "ec2:RequestSpotInstances":
        return { kind: "launched", subjects: answered(call), ...poolIn(launchTags(call)), ...templateIn(call) };
      case "ec2:ModifyFleet":
      case "ec2:ModifySpotFleetRequest":
        return { kind: "set-capacity", subjects: asked(call) };
      default:
        return { kind: "ended", subjects: asked(call) };
    }
  },
};

const ids = [
  ["fleet", "fleetId", "fleetid"],
  ["spot-fleet-request", "spotFleetRequestId", "spotfleetrequestid"],
  ["spot-instances-request", "spotInstanceRequestId", "spotinstancerequestid"],
  ["instance", "instanceIds", "instanceids"],
] as const;

const answered = (call: ApiCall): readonly Subject[] =>
  ids.flatMap(([type, field, key]) =>
    textsUnder(call.response, key).flatMap((id) =>
      subject(call, "ec2", [type, id], { field: `responseElements.${field}`, proof: "answered" }),
    ),
  );

/** Several fleets can be ended at once; the field is then `fleetIds` or `spotFleetRequestIds`. */
const asked = (call: ApiCall): readonly Subject[] =>
  ids
    .slice(0, 2)
    .flatMap(([type, field, key]) =>
      [...textsUnder(call.request, key), ...textsUnder(call.request, `${key}s`)].flatMap((id) =>
        subject(call, "ec2", [type, id], { field: `requestParameters.${field}` }),
      ),
    );
