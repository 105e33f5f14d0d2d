import type { ApiCall } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { Attribution } from "../../identity/attribution.ts";
import { causeOf } from "../../identity/lineage/cause-catalog.ts";
import { causeNotSeen } from "../../identity/lineage/caused.ts";
import type { AttributionOf } from "../attributor.ts";
import { causesIn } from "../causes.ts";
import type { State } from "../state.ts";

/** From an instance to its group or fleet, from there to a node group. */
const mostSteps = 3;
/** So many settings of one group are looked at for one that is not a service's own. */
const mostSettings = 16;

/**
 * Who wanted what a call started: its caller or, where an AWS service started it by itself, whoever set up the group, fleet
 * or node group that the service keeps. A setting counts whatever rule acted since: it is about whose capacity it is.
 */
export function ownerIn(state: State, attributionOf: AttributionOf): (call: ApiCall, number: number) => Attribution {
  const causes = causesIn(state);
  const setter = (keys: readonly string[], until: Instant, steps: number): Attribution | undefined => {
    for (const key of keys) {
      let looked = 0;
      for (const { cause, number } of causes.under(key, { kinds: ["launched", "set-capacity", "set-policy"], until })) {
        if (++looked > mostSettings) break;
        const attribution = attributionOf(state.kept.principal(number), number);
        if (attribution.kind !== "service") return attribution;
        const further = steps === 0 ? undefined : setter(cause.within, cause.at, steps - 1);
        if (further !== undefined) return further;
      }
    }
    return undefined;
  };
  return (call, number) => {
    const attribution = attributionOf(state.kept.principal(number), number);
    if (attribution.kind !== "service") return attribution;
    return setter(causeOf(call)?.within ?? [], call.at, mostSteps) ?? causeNotSeen;
  };
}
