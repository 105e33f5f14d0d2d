import type { EventId } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { printInstant } from "../../event/instant.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import { attempted } from "../attempt.ts";
import type { Evidence } from "../finding.ts";

/** One breach of an envelope, for people: what tells it apart on a day, its title, what it touched, what shows it. */
export interface BreachSaid {
  /** Stays the same for the same deviation, whichever call shows it. */
  readonly key: string;
  readonly title: string;
  readonly resource?: string;
  /** `shown` is the record that it is seen in. */
  evidence(shown: EventId): readonly [Evidence, ...Evidence[]];
}

/** `name` is the workload's. */
export function breachSaid(breach: Breach, conduct: Conduct, name: string): BreachSaid {
  const resource = touchedIn(breach, conduct);
  return {
    key: keyOf(breach),
    title: titleOf(breach, conduct, name),
    ...(resource === undefined ? {} : { resource }),
    evidence(shown) {
      const said = fieldsOf(breach, conduct).map(
        ([path, value]): Evidence => ({ kind: "field", eventID: shown, path, value: excerpt(value) }),
      );
      const [one = { kind: "field", eventID: shown, path: "eventName", value: excerpt(conduct.api) }, ...rest] = said;
      return [one, ...rest];
    },
  };
}

function keyOf(breach: Breach): string {
  switch (breach.kind) {
    case "action":
    case "resource":
      return `${breach.kind} ${breach.action}`;
    case "region":
      return `region ${breach.region}`;
    // Callers choose names, as many as they like: a day of them is one deviation.
    case "model":
    case "secret":
    case "origin":
    case "session":
      return breach.kind;
    case "grant-not-in-force":
      return `grant ${breach.grant.id} ${breach.action}`;
  }
}

function titleOf(breach: Breach, { outcome, api }: Conduct, name: string): string {
  const [used, asked, read, called, got] = attempted(outcome)
    ? ["tried", "tried", "tried to read", "tried to call", "tried to get"]
    : ["used", "asked", "read", "called", "got"];
  switch (breach.kind) {
    case "action":
      return `${name} ${used} ${breach.action}, which it does not declare`;
    case "resource":
      return `${name} ${used} ${breach.action} on what it does not declare for it: ${excerpt(breach.resource)}`;
    case "region":
      return `${name} ${called} ${api} in ${excerpt(breach.region)}, a Region that it does not declare`;
    case "model":
      return `${name} ${asked} a model that it does not declare: ${excerpt(breach.model)}`;
    case "secret":
      return `${name} ${read} a secret that it does not declare: ${excerpt(breach.secret)}`;
    case "origin":
      return `${name} ${called} ${api} from where it does not work: ${excerpt(breach.origin)}`;
    case "session":
      return `${name} ${got} a session of ${breach.seconds} s; it declares ${breach.limit} s`;
    case "grant-not-in-force":
      return `${name} ${used} ${breach.action} while its grant ${excerpt(breach.grant.id)} was not in force`;
  }
}

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

/** What tells one breach of a kind from another: the thing that was asked for. */
export function askedIn(breach: Breach): string | undefined {
  switch (breach.kind) {
    case "resource":
      return breach.resource;
    case "model":
      return breach.model;
    case "secret":
      return breach.secret;
    case "origin":
      return breach.origin;
    case "action":
    case "region":
    case "session":
    case "grant-not-in-force":
      return undefined;
  }
}
