import { clientOf, familyOf } from "../event/client.ts";
import type { AuditEvent, Outcome } from "../event/event.ts";
import { text } from "../event/json.ts";
import type { Seen } from "./detector.ts";
import type { MarkedBy } from "./windows/window-store.ts";

/** Who made an event, and how it ended, as a finding says it; `subject` stands in where the event has no caller. */
export function madeBy({ event, attribution, workload }: Seen, subject?: string): MarkedBy {
  const principal = principalOf(event) ?? subject;
  return {
    outcome: outcomeOf(event),
    ...(event.account === undefined ? {} : { account: event.account }),
    region: event.region,
    ...(principal === undefined ? {} : { principal }),
    ...(workload === undefined ? {} : { workload: workload.name }),
    attribution,
    ...clientBehind(event),
    guessed: event.guessed,
  };
}

function clientBehind(event: AuditEvent): Pick<MarkedBy, "client"> {
  const userAgent = event.kind === "api-call" ? text(event.record["userAgent"]) : "";
  return userAgent ? { client: familyOf(clientOf(userAgent)) } : {};
}

function principalOf(event: AuditEvent): string | undefined {
  if (event.kind !== "api-call") return undefined;
  const { principal } = event;
  return principal.arn ?? principal.id ?? (principal.kind === "aws-service" ? principal.service : undefined);
}

function outcomeOf(event: AuditEvent): Outcome {
  switch (event.kind) {
    case "api-call":
      return event.outcome;
    case "scaling":
      return event.change === "failed" ? "failed" : "done";
    case "security-finding":
    case "tick":
      return "unknown";
  }
}
