import { fields, type JsonObject, list, text } from "../../event/json.ts";
import type { Severity } from "../finding.ts";

/** What a trail no longer records after its selectors were set, worst first. */
export interface Narrowing {
  readonly severity: Severity;
  readonly lost: string;
  readonly parameter: "eventSelectors" | "advancedEventSelectors";
}

/**
 * What the selectors in a PutEventSelectors call leave out of the management events. They replace those that were there,
 * so the call alone says what is recorded from now on. A call without selectors says nothing.
 */
export function narrowingOf(request: JsonObject): Narrowing | undefined {
  const advanced = request["advancedEventSelectors"];
  if (Array.isArray(advanced) && advanced.length > 0) return ofAdvanced(advanced.map(fields));
  const basic = request["eventSelectors"];
  return Array.isArray(basic) ? ofBasic(basic.map(fields)) : undefined;
}

function ofBasic(selectors: readonly JsonObject[]): Narrowing | undefined {
  const parameter = "eventSelectors";
  // CloudTrail's default is to include them ("EventSelector" in the API reference).
  const management = selectors.filter((one) => one["includeManagementEvents"] !== false);
  if (management.length === 0) return { severity: "high", lost: "it records no management events", parameter };
  return kept(
    management.map((one) => text(one["readWriteType"])),
    parameter,
  );
}

function ofAdvanced(selectors: readonly JsonObject[]): Narrowing | undefined {
  const parameter = "advancedEventSelectors";
  const management = selectors
    .map((one) => list(one["fieldSelectors"]).map(fields))
    .filter((all) => all.some((one) => one["field"] === "eventCategory" && list(one["equals"]).includes("Management")));
  if (management.length === 0) return { severity: "high", lost: "it records no management events", parameter };
  const whole = management.filter((all) => all.every(isHarmless));
  if (whole.length === 0) return { severity: "medium", lost: "it records only some management events", parameter };
  return kept(whole.map(halfOf), parameter);
}

/** `readOnly` is judged by itself; leaving out the loud sources that AWS lets one leave out is ordinary. */
const isHarmless = (one: JsonObject): boolean =>
  one["field"] === "eventCategory" ||
  one["field"] === "readOnly" ||
  (one["field"] === "eventSource" && list(one["equals"]).length === 0 && list(one["notEquals"]).every(isLoud));

const isLoud = (source: unknown): boolean => source === "kms.amazonaws.com" || source === "rdsdata.amazonaws.com";

/** Which half one advanced selector keeps, in the words of the basic ones. */
function halfOf(all: readonly JsonObject[]): string {
  const found = all.find((one) => one["field"] === "readOnly");
  const value = text(list(found?.["equals"])[0]);
  return value === "true" ? "ReadOnly" : value === "false" ? "WriteOnly" : "All";
}

function kept(halves: readonly string[], parameter: Narrowing["parameter"]): Narrowing | undefined {
  const whole = halves.some((half) => half === "All" || half === "");
  const writes = whole || halves.includes("WriteOnly");
  const reads = whole || halves.includes("ReadOnly");
  if (!writes) return { severity: "high", lost: "it records no management writes", parameter };
  if (!reads) return { severity: "medium", lost: "it records no management reads", parameter };
  return undefined;
}
