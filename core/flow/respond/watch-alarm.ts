import { hash } from "node:crypto";
import type { Evidence, Finding, FindingId } from "../../detect/finding.ts";
import type { EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import { accountOf } from "../../iam/arn.ts";
import type { Step } from "../../record/ledger.ts";
import { findingLine } from "../../record/line.ts";

/** What the watch over containments can find; all of it is critical and about our own control. */
export type AlarmKind = "containment-reverted" | "containment-ineffective" | "own-role-outside-ledger";

export interface Alarm {
  readonly kind: AlarmKind;
  /** Tells alarms of one kind apart: the same subject is the same alarm. */
  readonly subject: string;
  readonly title: string;
  readonly at: Instant;
  readonly region?: string;
  /** Who acted. */
  readonly principal: string;
  readonly resource?: string;
  readonly eventIDs: readonly [string, ...string[]];
  readonly because: readonly [string, ...string[]];
}

/** MITRE ATT&CK: T1562.001 impair defences by changing tools, T1078.004 valid cloud accounts. */
const techniques: Readonly<Record<AlarmKind, readonly string[]>> = {
  "containment-reverted": ["T1562.001"],
  "containment-ineffective": ["T1078.004"],
  "own-role-outside-ledger": ["T1078.004", "T1562.001"],
};

/** An alarm as a finding. It never causes an action: what would be acted on is acted on already, or is ourselves. */
export function alarmFinding(alarm: Alarm): Finding {
  const { kind, subject, principal, resource } = alarm;
  const [first, ...more] = alarm.because.map((because): Evidence => ({ kind: "fact", about: subject, because }));
  const account = accountOf(principal) ?? (resource === undefined ? undefined : accountOf(resource));
  const [event, ...events] = alarm.eventIDs as readonly string[] as readonly [EventId, ...EventId[]];
  return {
    id: hash("sha256", JSON.stringify([kind, subject]), "hex").slice(0, 32) as FindingId,
    detector: kind,
    version: "1",
    maturity: "stable",
    family: "tampering",
    severity: "critical",
    confidence: "high",
    outcome: "done",
    title: alarm.title,
    at: alarm.at,
    ...(account === undefined ? {} : { account }),
    region: alarm.region ?? "",
    principal,
    ...(resource === undefined ? {} : { resource }),
    attribution: {
      kind: "unattributed",
      because: "found by watching what is contained, not from one record",
      confidence: "low",
      root: { kind: "unknown", id: principal },
      hops: [],
    },
    guessed: true,
    eventIDs: [event, ...events.slice(0, 49)],
    count: alarm.eventIDs.length,
    evidence: first === undefined ? [{ kind: "fact", about: subject, because: alarm.title }] : [first, ...more],
    attack: techniques[kind],
    controls: { nistCsf: ["RS.MI-01", "DE.CM-09"] },
  };
}

/** The ledger's step of an alarm, in the case that it belongs to. */
export const alarmStep = (finding: Finding, caseId: string): Step => ({
  kind: "found",
  key: `found:${finding.id}`,
  caseId,
  body: JSON.parse(findingLine(finding, caseId)),
});
