import type { ApiCall } from "../../event/event.ts";
import { calls } from "../../event/watch.ts";
import type { CauseSource, Shown, Subject } from "../lineage/cause.ts";
import { objectsIn, subject, templateKey, textsUnder, textUnder } from "../lineage/cause-fields.ts";

/** Reserved capacity, and the templates that launches are made from (EC2 API reference). */
export const ec2CapacityCauses: CauseSource = {
  id: "ec2-capacity",
  watches: calls(
    "ec2:CancelCapacityReservation",
    "ec2:CreateCapacityReservation",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:ModifyCapacityReservation",
    "ec2:ModifyLaunchTemplate",
    "ec2:PurchaseCapacityBlock",
  ),
  causeIn(call): Shown {
    switch (call.api) {
      case "ec2:CreateCapacityReservation":
      case "ec2:PurchaseCapacityBlock":
        return { kind: "launched", subjects: reservation(call, "responseElements") };
      case "ec2:ModifyCapacityReservation":
        return { kind: "set-capacity", subjects: reservation(call, "requestParameters") };
      case "ec2:CancelCapacityReservation":
        return { kind: "ended", subjects: reservation(call, "requestParameters") };
      default:
        return { kind: "made-template", subjects: versionsIn(call) };
    }
  },
};

const reservation = (call: ApiCall, from: "responseElements" | "requestParameters"): readonly Subject[] =>
  textsUnder(from === "responseElements" ? call.response : call.request, "capacityreservationid").flatMap((id) =>
    subject(call, "ec2", ["capacity-reservation", id], {
      field: `${from}.capacityReservationId`,
      proof: from === "responseElements" ? "answered" : "named",
    }),
  );

/** Under which versions a template is asked for: its number, `$Latest`, and `$Default` where the call sets it. */
function versionsIn(call: ApiCall): readonly Subject[] {
  const versions = versionsOf(call);
  const template = ["launchtemplateid", "launchtemplatename"].flatMap((field) => {
    const answer = textUnder(call.response, field);
    return answer || textUnder(call.request, field);
  });
  return [...new Set(template)].flatMap((name) =>
    name === ""
      ? []
      : versions.map(
          (version): Subject => ({
            key: templateKey(call, name, version),
            field: "responseElements.launchTemplateId",
            proof: "answered",
          }),
        ),
  );
}

function versionsOf(call: ApiCall): readonly string[] {
  switch (call.api) {
    case "ec2:CreateLaunchTemplate":
      return ["1", "$Latest", "$Default"];
    case "ec2:CreateLaunchTemplateVersion":
      return [...numbered(call), "$Latest"];
    default:
      return ["$Default"];
  }
}

const numbered = (call: ApiCall): readonly string[] =>
  objectsIn(call.response).flatMap((one) => {
    const number = one["versionNumber"];
    return typeof number === "number" || typeof number === "string" ? [String(number)] : [];
  });
