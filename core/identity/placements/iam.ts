import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/**
 * Which role an instance profile holds, by the profile's name: `AddRoleToInstanceProfile` answers nothing. Its ARN is in
 * the answer of `CreateInstanceProfile`, found under `name <name>` (IAM API reference).
 */
export const iamPlacements: PlacementSource = {
  id: "iam",
  watches: calls("iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile"),
  placementsOf: (call) => (call.api === "iam:CreateInstanceProfile" ? profileIn(call) : roleIn(call)),
};

function profileIn(call: ApiCall): readonly Placement[] {
  const name = text(at(call.response, "instanceProfile", "instanceProfileName"));
  return placed(call, {
    kind: "instance-profile",
    resource: text(at(call.response, "instanceProfile", "arn")),
    run: name && `name ${name}`,
    field: "responseElements.instanceProfile.arn",
  });
}

const roleIn = (call: ApiCall): readonly Placement[] =>
  placed(call, {
    kind: "instance-profile",
    resource: text(call.request["instanceProfileName"]),
    role: text(call.request["roleName"]),
    field: "requestParameters.instanceProfileName",
  });
