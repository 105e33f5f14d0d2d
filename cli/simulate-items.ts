import type { Severity } from "../core/detect/finding.ts";
import { dayOf, printInstant } from "../core/event/instant.ts";
import type { PlannedEffect } from "../core/flow/simulate/planned-effect.ts";
import type { CallEffect } from "../core/flow/simulate/simulated-calls.ts";
import type { FindingEffect } from "../core/flow/simulate/simulated-findings.ts";
import type { Registry } from "../core/identity/workload.ts";
import type { ReviewItem, ReviewPlace } from "../core/record/review.ts";
import type { Result } from "./simulate-run.ts";

/** What a reviewer should know of a candidate, gravest first within each part. */
export function itemsOf(
  result: Result,
  { registry, strict }: { readonly registry: Registry; readonly strict: Strict },
): readonly ReviewItem[] {
  switch (result.kind) {
    case "calls":
      return result.report.effects.map((one) => callItem(one, { file: result.file, line: 1 }));
    case "manifests": {
      const placeOf = (who: string): ReviewPlace => manifestPlace(who, registry) ?? { file: result.folder, line: 1 };
      return [
        ...result.findings.effects.map((one) => findingItem(one, placeOf(one.who))),
        ...result.report.effects.map((one) => {
          const item = callItem(one, placeOf(one.who));
          // What the line itself makes of these calls is among the findings.
          return strict === "every-call" ? item : { ...item, severity: "info" as const };
        }),
      ];
    }
    case "plan": {
      const lineOf = linesOf(result.text);
      return result.effects.map((one) => planItem(one, { file: result.file, line: lineOf(one.address) }));
    }
  }
}

/** `every-call`: each call outside an envelope counts by itself. */
export type Strict = "every-call" | "findings";

const abouts = {
  denied: "A call that was let through would be denied",
  depends: "Whether a call would still be let through depends on what its record does not show",
  outside: "A call lies outside the envelope that its workload would have",
  grant: "A change grants more than it should",
  trust: "A change lets somebody else assume a role",
  "guard-rail": "A change takes a limit off",
  "resource-policy": "A change opens a resource to others",
  door: "A change makes a way in that lasts",
  unknown: "A change grants something that is not known yet",
} as const;

function callItem(one: CallEffect, place: ReviewPlace): ReviewItem {
  const verb = { denied: "would be denied", depends: "may be denied", outside: "would be outside" }[one.kind];
  return {
    rule: `simulate-${one.kind}`,
    about: abouts[one.kind],
    severity: one.severity,
    message: `${one.api} of ${one.who} ${verb}: ${one.because}`,
    details: [],
    subject: one.who,
    seen: seenOf(one),
    place,
  };
}

/** How often and on how many days, with one example. */
export function seenOf({ calls, days, example }: CallEffect): string {
  const id = example.eventID === undefined ? "" : ` ${example.eventID}`;
  const resource = example.resource === undefined ? "" : ` on ${example.resource}`;
  return `${counted(calls, "call")} on ${counted(days, "day")}, such as${id} of ${printInstant(example.at)}${resource}`;
}

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

function findingItem(one: FindingEffect, place: ReviewPlace): ReviewItem {
  const severity: Severity = one.kind === "disappears" ? "info" : one.severity;
  return {
    rule: one.detector,
    about: one.title,
    severity,
    message: `${one.who}: ${one.title} (${changeSaid(one)})`,
    details: [],
    subject: one.who,
    seen: `${counted(one.findings, "finding")}, such as of ${one.example.eventIDs[0]} on ${dayOf(one.example.at)}`,
    place,
  };
}

/** What becomes of a finding, and what contain mode would choose. */
export function changeSaid({ kind, would }: FindingEffect): string {
  switch (kind) {
    case "appears":
      return `new: ${would.after}`;
    case "disappears":
      return `no longer found; it was: ${would.before}`;
    case "changes":
      return would.before === would.after ? `still: ${would.after}` : `${would.before} becomes ${would.after}`;
  }
}

const planItem = (
  { kind, severity, title, details, subject, address }: PlannedEffect,
  place: ReviewPlace,
): ReviewItem => ({
  rule: `simulate-${kind}`,
  about: abouts[kind],
  severity,
  message: title,
  details,
  subject,
  seen: address,
  place,
});

/** `workloads/bot.yaml:1` as a place. */
function manifestPlace(who: string, registry: Registry): ReviewPlace | undefined {
  const where = registry.named(who)?.where;
  const colon = where?.lastIndexOf(":") ?? -1;
  return where === undefined || colon < 0
    ? undefined
    : { file: where.slice(0, colon), line: Number(where.slice(colon + 1)) || 1 };
}

/** The line that names an address first: the whole of Terraform's JSON is one line, unless somebody laid it out. */
function linesOf(text: string): (address: string) => number {
  const known = new Map<string, number>();
  let [line, from] = [1, 0];
  for (const { 1: written = "", index } of text.includes("\n") ? text.matchAll(addressIn) : []) {
    for (let end = text.indexOf("\n", from); end >= 0 && end < index; end = text.indexOf("\n", from)) {
      line++;
      from = end + 1;
    }
    const address = unquoted(written);
    if (!known.has(address)) known.set(address, line);
  }
  return (address) => known.get(address) ?? 1;
}

const addressIn = /"(?:address|LogicalResourceId)"\s*:\s*("(?:[^"\\]|\\.)*")/g;

function unquoted(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return written;
  }
}
