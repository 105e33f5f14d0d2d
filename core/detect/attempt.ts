import type { Outcome } from "../event/event.ts";
import { type Severity, severities } from "./finding.ts";

/** Whether a call was tried and did not come to pass. */
export const attempted = (outcome: Outcome): boolean => outcome === "denied" || outcome === "failed";

/** An attempt is less grave than the deed: one step below it, never below `low`. Where nobody knows, it was done. */
export function graded(severity: Severity, outcome: Outcome): Severity {
  if (!attempted(outcome) || severity === "info") return severity;
  return severities[Math.max(severities.indexOf("low"), severities.indexOf(severity) - 1)] ?? severity;
}

/** A title for the deed or, after "Somebody tried to", for the attempt. */
export const titled = (did: string, tried: string, outcome: Outcome): string =>
  attempted(outcome) ? `Somebody tried to ${tried}` : did;
