import { watchersFor } from "../../../cli/watchers.ts";
import { caseIdOf } from "../../../core/detect/case.ts";
import { atLeast, type Finding, type Severity } from "../../../core/detect/finding.ts";
import type { Json, JsonObject } from "../../../core/event/json.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import { registryWith } from "../../fixtures/read.ts";
import { account, eventId, type RecordObject, record, secondsAfter } from "../../fixtures/records.ts";
import { workload } from "../../fixtures/workloads.ts";
import { settled } from "../flow/settling.ts";

/** One call of an incident, so many seconds after it began. */
export interface Step {
  readonly api: string;
  readonly seconds: number;
  readonly request?: JsonObject;
  readonly response?: JsonObject;
  readonly by?: JsonObject;
  readonly refused?: boolean;
  /** Fields of the record beside those. */
  readonly over?: Readonly<Record<string, Json>>;
}

/** The records of an incident: ids by their place from `first` on, all by one signer unless a step names another. */
export const recordsOf = (steps: readonly Step[], signer: JsonObject, first = 1): readonly RecordObject[] =>
  steps.map(({ api, seconds, request, response, by, refused, over }, place) => {
    const [service, eventName = ""] = api.split(":");
    return record({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventID: eventId(first + place),
      eventTime: secondsAfter(seconds),
      userIdentity: by ?? signer,
      requestParameters: request ?? null,
      responseElements: response ?? null,
      readOnly: /^(?:Get|List|Describe|Lookup)/.test(eventName),
      sourceIPAddress: "192.0.2.77",
      ...(refused === true ? { errorCode: "AccessDenied", errorMessage: "not authorized" } : {}),
      ...over,
    });
  });

/** A user whose static key leaked, in whichever account. */
export const leaked = (name: string, key: string, of: string = account): JsonObject => ({
  type: "IAMUser",
  principalId: `AIDACKCEVSQ6C2${name.toUpperCase().replaceAll("-", "")}`,
  arn: `arn:aws:iam::${of}:user/${name}`,
  accountId: of,
  accessKeyId: key,
  userName: name,
});

/** Some workload is declared, and none of these calls is its own: the ordinary state of a deployment. */
export const somebodyElse = registryWith([workload("bystander")]);

export interface Told {
  readonly findings: readonly Finding[];
  readonly cases: number;
  /** The findings of one detector. */
  by(detector: string): readonly Finding[];
  /** Detectors that said something this grave or graver, sorted. */
  loud(floor?: Severity): readonly string[];
}

/** What the whole line says of records: the same whatever order they come in and however often; a test fails where not. */
export async function replayed(records: readonly RecordObject[], registry: Registry = somebodyElse): Promise<Told> {
  const how = { registry, watchers: watchersFor([]) };
  const { settlement, lines } = await settled([[records]], how);
  const again = await settled([[[...records, ...records].toReversed()]], how);
  if (JSON.stringify(lines) !== JSON.stringify(again.lines)) throw new Error("the order of records made a difference");
  const { findings } = settlement;
  return {
    findings,
    cases: new Set(findings.map(caseIdOf)).size,
    by: (detector) => findings.filter((one) => one.detector === detector),
    loud: (floor = "medium") =>
      [...new Set(findings.filter((one) => atLeast(one.severity, floor)).map((one) => one.detector))].sort(),
  };
}
