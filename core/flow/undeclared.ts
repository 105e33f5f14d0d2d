import { type Finding, findingId } from "../detect/finding.ts";
import type { EventId } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { Registry } from "../identity/workload.ts";
import type { Tally } from "./tally.ts";

/** The one finding that no event wakes: an identity acted that no manifest declares. */
export const undeclaredId = "identity-undeclared";

/**
 * One `info` finding per undeclared workload, at its first record. Without any manifest but drafts everything is
 * undeclared, which is worth one line with a count and not a finding each.
 */
export function undeclaredFindings(
  tally: Tally,
  registry: Registry,
  attributionOf: (principal: number) => Attribution,
): readonly Finding[] {
  if (!registry.workloads.some(({ status }) => status === "active")) return [];
  return [...tally.identities].flatMap(([id, identity]): Finding[] => {
    if (identity.kind !== "workload" || identity.declared || identity.first === undefined) return [];
    const attribution = attributionOf(identity.principal);
    const eventID = identity.first.eventID as EventId;
    const principal = attribution.hops[0]?.principal;
    return [
      {
        id: findingId(undeclaredId, id, eventID),
        detector: undeclaredId,
        version: "1",
        maturity: "stable",
        family: "identity",
        title: "A workload acted that no manifest declares",
        severity: "info",
        confidence: attribution.confidence,
        outcome: "done",
        at: identity.first.at as Instant,
        region: "",
        ...(principal === undefined ? {} : { principal }),
        resource: id,
        attribution,
        guessed: false,
        eventIDs: [eventID],
        count: identity.calls,
        evidence: [{ kind: "count", what: "calls by this identity", count: identity.calls }],
        attack: [],
        controls: { owaspNhi: ["NHI1:2025"], nistCsf: ["ID.AM-02"] },
      },
    ];
  });
}

/** How many workloads acted without a manifest. */
export const undeclaredCount = ({ identities }: Tally): number =>
  [...identities.values()].filter((one) => one.kind === "workload" && !one.declared).length;
