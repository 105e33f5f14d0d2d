import { type Instant, instant, parseInstant, printInstant } from "../event/instant.ts";
import { fields, type JsonObject, list, text } from "../event/json.ts";
import type { PlanStep } from "./plan.ts";
import { type Holder, type Slot, sameValue, type Value } from "./slot.ts";

/** Stands in a plan for the moment at which the call is made: what is approved is "before then", whenever that will be. */
export const whenApplied = "when it is applied";

/**
 * Denies everything to every session whose credentials were issued before a moment. IAM has `aws:TokenIssueTime` only in
 * temporary credentials, so a long-term key is not denied by it (IAM User Guide, "AWS global condition context keys").
 */
export const revokeDocument = (before: Instant | typeof whenApplied): JsonObject => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "CordonRevoke",
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: {
        DateLessThan: { "aws:TokenIssueTime": before === whenApplied ? whenApplied : printInstant(before) },
      },
    },
  ],
});

/** Before which moment a document of ours revokes; undefined for every other document. */
export function revokesBefore(document: Value): Instant | undefined {
  const condition = fields(fields(list(fields(document)["Statement"])[0])["Condition"]);
  const before = parseInstant(text(fields(condition["DateLessThan"])["aws:TokenIssueTime"]));
  return before !== undefined && sameValue(document, revokeDocument(before)) ? before : undefined;
}

/** Sessions that begin within so many milliseconds after a policy was changed may not know of it yet. */
export const settling = 30_000;

/**
 * The moment to revoke before: never this machine's own time, which may be behind and let fresh sessions through. Later
 * attempts were too slow and take a longer run-up.
 */
export const revokeMoment = (server: Instant, newestEvent: Instant | undefined, attempt: number): Instant =>
  instant(Math.ceil(Math.max(server, newestEvent ?? server) / 1_000) * 1_000 + settling * attempt);

/** Our policy's place in a holder: nobody else has the name. */
export const revokeSlot = (holder: Holder, caseId: string): Slot => ({
  kind: "inline-policy",
  holder,
  name: `cordon-${caseId}-revoke`,
});

/** The steps that put it and, when no session from before can live any more, take it off. */
export function revokeSteps(slot: Slot, hours: number): { readonly put: PlanStep; readonly off: PlanStep } {
  const template = revokeDocument(whenApplied);
  return {
    put: {
      change: { slot, before: null, after: template },
      tier: 2,
      does: "denies everything to the sessions that were issued before then",
    },
    off: {
      change: { slot, before: template, after: null },
      tier: 2,
      does: `takes that off again after ${hours} hours, when no such session can be alive`,
    },
  };
}

/** True for the step that puts the revoke, and for the one that takes it off. */
export const putsRevoke = ({ change }: PlanStep): boolean => sameValue(change.after, revokeDocument(whenApplied));
export const endsRevoke = ({ change }: PlanStep): boolean => sameValue(change.before, revokeDocument(whenApplied));

/** The longest that a session of a user may live: 36 hours (STS API, GetSessionToken and GetFederationToken). */
const userHours = 36;

/** How long a revoke must stay. A role's own limit is at most 12 hours, and counts as that where it could not be read. */
export const revokeHours = ({ kind }: Holder, maxSessionSeconds: number | undefined): number =>
  kind === "user" ? userHours : Math.ceil((maxSessionSeconds ?? 43_200) / 3_600);
