import type { ApiCall } from "../../event/event.ts";
import { applicationAutoscalingCauses } from "../causes/application-autoscaling.ts";
import { autoscalingCauses } from "../causes/autoscaling.ts";
import { batchCauses } from "../causes/batch.ts";
import { bedrockCauses } from "../causes/bedrock.ts";
import { ec2CapacityCauses } from "../causes/ec2-capacity.ts";
import { ec2FleetCauses } from "../causes/ec2-fleet.ts";
import { ec2InstanceCauses } from "../causes/ec2-instance.ts";
import { ecsCauses } from "../causes/ecs.ts";
import { eksCauses } from "../causes/eks.ts";
import { sagemakerCauses } from "../causes/sagemaker.ts";
import type { Cause, CauseSource } from "./cause.ts";

/** Every service whose calls change a capacity. Where two read one call, the record says which of them it is for. */
export const causeSources: readonly CauseSource[] = [
  applicationAutoscalingCauses,
  autoscalingCauses,
  batchCauses,
  bedrockCauses,
  ec2CapacityCauses,
  ec2FleetCauses,
  ec2InstanceCauses,
  ecsCauses,
  eksCauses,
  sagemakerCauses,
];

const byApi = new Map<string, CauseSource[]>();
for (const source of causeSources)
  for (const api of source.watches.kind === "calls" ? source.watches.apis : [])
    byApi.set(api, [...(byApi.get(api) ?? []), source]);

/** Which capacity a call changed; nothing when it failed or does not say. */
export function causeOf(call: ApiCall): Cause | undefined {
  if (call.outcome !== "done") return undefined;
  for (const source of byApi.get(call.api) ?? []) {
    const shown = source.causeIn(call);
    if (shown !== undefined && shown.subjects.length > 0)
      return { within: [], ...shown, api: call.api, eventID: call.id, at: call.at };
  }
  return undefined;
}
