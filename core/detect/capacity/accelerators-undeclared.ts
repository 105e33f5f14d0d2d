import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { Confidence } from "../../identity/attribution.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Seen } from "../detector.ts";
import type { Severity } from "../finding.ts";
import { familyDeclared } from "./accelerator.ts";
import { cents } from "./accelerator-price.ts";
import { asksForSome, type Wanted } from "./accelerators-wanted.ts";

/** Why a call for accelerators is wrong; `about` ends a sentence that says what was asked for, and by whom. */
export interface Complaint {
  readonly about: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly limit?: { readonly what: string; readonly count: number };
}

/** What is wrong with what somebody asked for; nothing where it is declared, or nobody asked for accelerators. */
export function complaintAbout(call: ApiCall, seen: Seen, wanted: Wanted): Complaint | undefined {
  return seen.workload === undefined ? ofStrangers(seen, wanted) : outside(call, seen.workload, wanted);
}

/** An identity without a manifest. AWS's own services only carry out what somebody else set up, and that call is judged. */
function ofStrangers({ attribution }: Seen, wanted: Wanted): Complaint | undefined {
  if (!asksForSome(wanted)) return undefined;
  const { confidence } = attribution;
  switch (attribution.kind) {
    case "service":
      return undefined;
    case "person":
      return { about: "a person whom no manifest names", severity: "medium", confidence };
    case "workload":
      return { about: "a workload that no manifest declares", severity: "high", confidence };
    case "external":
      return { about: "a caller from another account", severity: "high", confidence };
    case "contested":
      return { about: "an identity that is contested", severity: "high", confidence };
    case "unattributed":
      return { about: "an identity that no manifest declares", severity: "high", confidence: "medium" };
  }
}

/** Who only ask for GPUs of machines that others start. */
const onOthersMachines: ReadonlySet<string> = new Set([
  "batch:RegisterJobDefinition",
  "batch:SubmitJob",
  "ecs:RegisterTaskDefinition",
  "ecs:RunTask",
]);

/** A declared workload against its manifest; what the manifest leaves out is not limited by it. */
function outside(call: ApiCall, { name, envelope }: Workload, wanted: Wanted): Complaint | undefined {
  const { accelerators, regions } = envelope;
  const confidence: Confidence = "high";
  if (asksForSome(wanted) && accelerators !== undefined) {
    const foreign = wanted.types.find((one) => !familyDeclared(one.family, accelerators.families));
    if (foreign !== undefined)
      return { about: `${name}, which does not declare ${excerpt(foreign.family)}`, severity: "high", confidence };
    const untold = wanted.types.length === 0 && !(onOthersMachines.has(call.api) && accelerators.families.length > 0);
    if (untold && !accelerators.families.includes("*"))
      return { about: `${name}, without a type that it declares`, severity: "medium", confidence: "medium" };
  }
  if (asksForSome(wanted) && regions !== undefined && !regions.includes(call.region))
    return { about: `${name}, in a Region that it does not declare`, severity: "high", confidence };
  return tooMany(call, name, accelerators?.maxInstances, wanted) ?? tooDear(name, accelerators?.maxHourlyUsd, wanted);
}

function tooMany(call: ApiCall, name: string, limit: number | undefined, wanted: Wanted): Complaint | undefined {
  if (limit === undefined) return undefined;
  const about = `${name}, which declares at most ${limit} instances`;
  const bound = { limit: { what: "instances", count: limit } };
  if (asksForSome(wanted))
    return wanted.instances > limit ? { about, severity: "high", confidence: "high", ...bound } : undefined;
  // A group's capacity without a type: whether these are accelerators is not known.
  return call.api.startsWith("autoscaling:") && wanted.total > limit
    ? { about, severity: "low", confidence: "low", ...bound }
    : undefined;
}

/** What one call asks for; what runs in sum is judged over time. */
function tooDear(name: string, limit: number | undefined, { usdPerHour, effect }: Wanted): Complaint | undefined {
  if (limit === undefined || usdPerHour === undefined || usdPerHour <= limit || effect === "prepares") return undefined;
  return {
    about: `${name}, which declares at most ${cents(limit)} USD an hour`,
    severity: "high",
    confidence: "high",
    limit: { what: "USD an hour", count: cents(limit) },
  };
}
