import type { EventId } from "../event/event.ts";
import { excerpt } from "../event/excerpt.ts";
import { printInstant } from "../event/instant.ts";
import type { Conduct } from "../identity/conduct.ts";
import type { Breach } from "../identity/envelope-verdict.ts";
import type { Evidence } from "./finding.ts";

/** One breach of an envelope, for people: what tells it apart on a day, its title, what it touched, what shows it. */
export interface BreachSaid {
  /** Stays the same for the same deviation, whichever call shows it. */
  readonly key: string;
  readonly did: string;
  readonly tried: string;
  readonly resource?: string;
  evidence(first: EventId): readonly [Evidence, ...Evidence[]];
}

export function breachSaid(breach: Breach, conduct: Conduct): BreachSaid {
  const resource = touchedIn(breach, conduct);
  return {
    ...worded(breach),
    ...(resource === undefined ? {} : { resource }),
    evidence(first) {
      const said = fieldsOf(breach, conduct).map(
        ([path, value]): Evidence => ({ kind: "field", eventID: first, path, value: excerpt(value) }),
      );
      const [one = { kind: "field", eventID: first, path: "eventName", value: excerpt(conduct.api) }, ...rest] = said;
      return [one, ...rest];
    },
  };
}

function worded(breach: Breach): Pick<BreachSaid, "key" | "did" | "tried"> {
  switch (breach.kind) {
    case "action":
      return texts(`action ${breach.action}`, breach.action, "which its envelope does not declare");
    case "resource":
      return texts(`resource ${breach.action}`, breach.action, "on what its envelope does not declare for it");
    case "region":
      return texts(`region ${breach.region}`, `a call in ${excerpt(breach.region)}`, "a Region it does not declare");
    case "model":
      return texts(`model ${breach.model}`, "a model", "which its envelope does not declare");
    case "secret":
      return texts(`secret ${breach.secret}`, "a secret", "which its envelope does not declare");
    case "origin":
      return texts("origin", "calls", "from where it does not work");
    case "session":
      return texts("session", "a session", "longer than its envelope allows");
    case "grant-not-in-force":
      return texts(`grant ${breach.grant.id} ${breach.action}`, breach.action, "for which its grant was not in force");
  }
}

const texts = (key: string, what: string, how: string): Pick<BreachSaid, "key" | "did" | "tried"> => ({
  key,
  did: `A workload made use of ${what}, ${how}`,
  tried: `A workload tried to make use of ${what}, ${how}`,
});

function touchedIn(breach: Breach, { checks = [] }: Conduct): string | undefined {
  switch (breach.kind) {
    case "resource":
      return breach.resource === "*" ? undefined : breach.resource;
    case "secret":
      return breach.secret;
    case "action":
    case "grant-not-in-force": {
      const named = checks.find(({ action }) => action === breach.action)?.resources ?? [];
      return named.length === 1 && named[0] !== "*" ? named[0] : undefined;
    }
    case "region":
    case "model":
    case "origin":
    case "session":
      return undefined;
  }
}

type Field = readonly [path: string, value: string];

/** What the record says, and what the manifest says instead; `envelope.*` and `grants` name the manifest's own fields. */
function fieldsOf(breach: Breach, { api, checks = [] }: Conduct): readonly Field[] {
  switch (breach.kind) {
    case "action":
      return [
        ["eventName", api.slice(api.indexOf(":") + 1)],
        ...resourcesOf(checks.find(({ action }) => action === breach.action)?.resources ?? []),
        ["envelope.statements", declared(breach.declared)],
      ];
    case "resource":
      return [
        ["eventName", api.slice(api.indexOf(":") + 1)],
        ["requestParameters", breach.resource],
        ["envelope.statements", declared(breach.declared)],
      ];
    case "region":
      return [
        ["awsRegion", breach.region],
        ["envelope.regions", declared(breach.declared)],
      ];
    case "model":
      return [
        ["requestParameters.modelId", breach.model],
        ["envelope.models", declared(breach.declared)],
      ];
    case "secret":
      return [
        ["requestParameters", breach.secret],
        ["envelope.secrets", declared(breach.declared)],
      ];
    case "origin":
      return [
        ["sourceIPAddress", breach.origin],
        ["envelope.origin", declared(breach.declared)],
      ];
    case "session":
      return [
        ["requestParameters.durationSeconds", `${breach.seconds}`],
        ["envelope.session.maxSeconds", `${breach.limit}`],
      ];
    case "grant-not-in-force":
      return [
        ["eventName", api.slice(api.indexOf(":") + 1)],
        ["grants", `${breach.grant.id}: ${printInstant(breach.grant.from)} to ${printInstant(breach.grant.until)}`],
      ];
  }
}

const resourcesOf = (resources: readonly string[]): readonly Field[] =>
  resources
    .filter((one) => one !== "*")
    .slice(0, 3)
    .map((one) => ["requestParameters", one]);

const declared = (values: readonly string[]): string =>
  values.length === 0 ? "nothing" : `${values.slice(0, 5).join(", ")}${values.length > 5 ? ", …" : ""}`;
