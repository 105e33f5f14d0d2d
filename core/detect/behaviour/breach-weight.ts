import type { ActionTable } from "../../iam/action-table.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import { graded } from "../attempt.ts";
import { type Severity, severities } from "../finding.ts";
import { gravityOf } from "../grants/grant-gravity.ts";

/** What an action is worth to somebody who should not have it, as a severity of using it. */
export function worthOf(action: string, table: ActionTable): Severity {
  const lower = action.toLowerCase();
  if (acts.has(lower) || table.find(lower)?.level === "permissions") return "high";
  const level = table.find(lower)?.level;
  if (lower.startsWith("iam:") && (level === "write" || level === "tagging")) return "high";
  switch (gravityOf(action, table)) {
    case "credential":
      return "high";
    case "data":
    case "change":
      return "medium";
    case "look":
      return "low";
  }
}

/** Acting as somebody else, or letting something act so. */
const acts: ReadonlySet<string> = new Set([
  "iam:passrole",
  "sts:assumerole",
  "sts:assumerolewithsaml",
  "sts:assumerolewithwebidentity",
  "sts:assumeroot",
]);

/** How grave one breach of a call is, had it been done: by what was touched and by which limit was broken. */
export function weightOf(breach: Breach, conduct: Conduct, table: ActionTable): Severity {
  switch (breach.kind) {
    case "action":
    case "resource":
      return worthOf(breach.action, table);
    case "grant-not-in-force":
      return gravest(["medium", ...worths(conduct, table)]);
    case "secret":
      return "high";
    // A credential that works elsewhere may have been stolen, whatever is done with it.
    case "origin":
      return "high";
    case "region":
      return gravest(["low", ...worths(conduct, table)]);
    case "model":
    case "session":
      return "medium";
  }
}

/** The same for the call as it ended: attempts are less grave. */
export const weighed = (breach: Breach, conduct: Conduct, table: ActionTable): Severity =>
  graded(weightOf(breach, conduct, table), conduct.outcome);

const worths = ({ checks = [] }: Conduct, table: ActionTable): readonly Severity[] =>
  checks.map(({ action }) => worthOf(action, table));

export const gravest = (some: readonly Severity[]): Severity =>
  severities[Math.max(0, ...some.map((one) => severities.indexOf(one)))] ?? "info";
