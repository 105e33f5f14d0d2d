import type { Decision } from "../decide/decision.ts";
import { cents } from "../detect/capacity/accelerator-price.ts";
import type { CapacityShown } from "../detect/capacity/capacity-course.ts";
import type { Case } from "../detect/case.ts";
import type { Finding } from "../detect/finding.ts";
import type { Instant } from "../event/instant.ts";
import { printInstant } from "../event/instant.ts";
import type { Principal } from "../event/principal.ts";
import type { ApiName } from "../iam/identifiers.ts";
import type { Attribution } from "../identity/attribution.ts";

/** The lines that other programs read, one JSON object each; absent values are left out. docs/commands.md names every field. */
export type LineKind = "attribution" | "finding" | "decision" | "case" | "parked" | "summary";

export interface Attributed {
  readonly eventID: string;
  readonly at: Instant;
  readonly account: string;
  readonly region: string;
  readonly api: ApiName;
  readonly principal?: Principal;
  readonly attribution: Attribution;
}

/** Who ran one record. */
export const attributionLine = ({ eventID, at, account, region, api, principal, attribution }: Attributed): string =>
  JSON.stringify({
    type: "attribution",
    eventID,
    at: printInstant(at),
    account: account || undefined,
    region: region || undefined,
    api,
    principal:
      principal === undefined
        ? undefined
        : { kind: principal.kind, arn: principal.arn, id: principal.id, accessKeyId: principal.accessKeyId },
    attribution: attributionFields(attribution),
  });

export const findingLine = (finding: Finding, caseId: string): string =>
  JSON.stringify({
    type: "finding",
    id: finding.id,
    detector: finding.detector,
    version: finding.version,
    maturity: finding.maturity,
    family: finding.family,
    severity: finding.severity,
    confidence: finding.confidence,
    outcome: finding.outcome,
    title: finding.title,
    at: printInstant(finding.at),
    account: finding.account,
    region: finding.region || undefined,
    principal: finding.principal,
    resource: finding.resource,
    workload: finding.workload,
    audience: finding.audience,
    client: finding.client,
    root: rootFields(finding.attribution),
    askedBy: finding.attribution.askedBy,
    eventIDs: finding.eventIDs,
    count: finding.count,
    evidence: finding.evidence,
    attack: finding.attack,
    controls: finding.controls,
    caseId,
  });

export const decisionLine = ({ id, findingId, caseId, mode, kind, would, actions, because }: Decision): string =>
  JSON.stringify({ type: "decision", id, findingId, caseId, mode, kind, would, actions, because });

export const caseLine = ({
  id,
  root,
  severity,
  findingIds,
  opened,
  updated,
  supersedes,
  continues,
  capacity,
}: Case): string =>
  JSON.stringify({
    type: "case",
    id,
    root: { kind: root.kind, id: root.id || undefined },
    severity,
    findingIds,
    opened: printInstant(opened),
    updated: printInstant(updated),
    supersedes,
    continues,
    capacity: capacity === undefined ? undefined : capacityFields(capacity),
  });

/** What ran, as numbers: `points` are [time, instances, accelerators, USD an hour]. */
const capacityFields = ({ from, until, prices, spentUsd, last, points }: CapacityShown) => ({
  from: printInstant(from),
  until: printInstant(until),
  prices,
  spentUsd: cents(spentUsd),
  unpriced: last.unpriced,
  points: points.map(({ at, instances, accelerators, usdPerHour }) => [
    printInstant(at),
    instances,
    accelerators,
    cents(usdPerHour),
  ]),
});

export const parkedLine = (source: string, reason: string): string =>
  JSON.stringify({ type: "parked", source, reason });

export interface Summary {
  readonly records: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly ignored: number;
  readonly parked: number;
  readonly attributed: number;
  readonly contested: number;
  readonly unattributed: number;
  readonly undeclared: number;
  readonly findings: number;
  readonly cases: number;
  readonly seconds: number;
}

export const summaryLine = (summary: Summary): string => JSON.stringify({ type: "summary", ...summary });

function attributionFields(attribution: Attribution) {
  const { kind, because, confidence, hops, askedBy } = attribution;
  const root = rootFields(attribution);
  switch (kind) {
    case "contested":
      return { kind, claims: attribution.claims, confidence, because, root, hops, askedBy };
    case "unattributed":
      return { kind, id: attribution.id, confidence, because, root, hops, askedBy };
    case "workload":
    case "person":
    case "service":
    case "external":
      return {
        kind,
        id: attribution.id,
        declared: attribution.declared,
        class: attribution.class,
        confidence,
        because,
        root,
        hops,
        askedBy,
      };
  }
}

const rootFields = ({ root }: Attribution) => ({ kind: root.kind, id: root.id || undefined });
