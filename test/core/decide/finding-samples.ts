import type { Finding, FindingId } from "../../../core/detect/finding.ts";
import type { EventId } from "../../../core/event/event.ts";
import { excerpt } from "../../../core/event/excerpt.ts";
import { type Instant, parseInstant } from "../../../core/event/instant.ts";
import { asAccessKeyId } from "../../../core/iam/identifiers.ts";
import type { Attribution } from "../../../core/identity/attribution.ts";

export const account = "111122223333";
export const start = parseInstant("2026-11-20T10:00:00Z") as Instant;
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
export const session = (name: string): string => `arn:aws:sts::${account}:assumed-role/${name}/run-1`;

type Attributed = Extract<Attribution, { readonly declared: boolean }>;

/** Somebody whom AWS names. */
export const attributed = (kind: Attributed["kind"], id: string): Attributed => ({
  kind,
  id,
  declared: false,
  class: "asserted",
  confidence: "high",
  because: "as the test says",
  root: { kind, id },
  hops: [],
});

/** Somebody whom nobody names, and the key that signed. */
export const bare = (
  id: string,
  key = "ASIAIOSFODNN7EXAMPLE",
): Extract<Attribution, { readonly kind: "unattributed" }> => ({
  kind: "unattributed",
  id,
  confidence: "low",
  because: "as the test says",
  root: { kind: "unknown", id },
  hops: [{ principal: id, accessKeyId: asAccessKeyId(key) ?? null, eventID: null, end: "not-seen" }],
});

/** A high and certain finding about what the workload `bot` did. */
export const finding = (over: Partial<Finding> = {}, id = "f000"): Finding => ({
  id: id as FindingId,
  detector: "tampering-trail",
  version: "1",
  maturity: "stable",
  family: "tampering",
  title: "A trail was stopped",
  severity: "high",
  confidence: "high",
  outcome: "done",
  at: start,
  account,
  region: "us-east-1",
  principal: session("bot"),
  resource: `arn:aws:cloudtrail:us-east-1:${account}:trail/main`,
  workload: "bot",
  attribution: { ...attributed("workload", "bot"), declared: true },
  guessed: false,
  eventIDs: ["e1" as EventId],
  count: 1,
  attack: ["T1562.008"],
  controls: {},
  evidence: [{ kind: "field", eventID: "e1" as EventId, path: "eventName", value: excerpt("StopLogging") }],
  ...over,
});
