import type { ApiCall, AuditEvent } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Confidence } from "../../identity/attribution.ts";
import { graded, titled } from "../attempt.ts";
import type { Gained } from "../deployments/announced-change.ts";
import { changeJudge } from "../deployments/judged-change.ts";
import { type Detector, defineDetector, type Seen } from "../detector.ts";
import type { Evidence, Family, Severity } from "../finding.ts";

/** A guard-rail that a call weakened or took off, before it is asked who did it. */
export interface Weakened {
  /** A title for the deed, and what stands behind "Somebody tried to". */
  readonly did: string;
  readonly tried: string;
  readonly severity: Severity;
  /** What no envelope excuses it below; absent is none. */
  readonly floor?: Severity;
  readonly confidence: Confidence;
  /** What was guarded, by ARN or id. */
  readonly resource?: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** What a guard-rail detector says beside what it finds. */
export type GuardRail = Omit<Detector, "family" | "needsDeclarations" | "controls" | "wants" | "detect"> & {
  /** Absent is privilege drift. */
  readonly family?: Family;
  readonly controls?: Partial<Detector["controls"]>;
  wants?(call: ApiCall): ReturnType<Detector["wants"]>;
  weakenedBy(call: ApiCall, seen: Seen): readonly Weakened[];
};

/** Makes a detector of it: who made the change is judged in one place, and an attempt is less than the deed. */
export function guardRailDetector(
  iam: IamTables,
  { weakenedBy, wants, controls, family, ...said }: GuardRail,
): Detector {
  const judge = changeJudge(iam);
  return defineDetector({
    ...said,
    family: family ?? "privilege-drift",
    needsDeclarations: false,
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "PR.PS-01", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4", "GOVERN 1.4"],
      maestro: ["L6 Security and Compliance"],
      ...controls,
    },
    wants: (event: AuditEvent) => (event.kind === "api-call" && wants !== undefined ? wants(event) : []),
    detect(seen) {
      const { event } = seen;
      if (event.kind !== "api-call") return [];
      return weakenedBy(event, seen).map(({ did, tried, severity, floor, confidence, resource, evidence }) => {
        const gained: readonly Gained[] = [{ kind: "call", api: event.api, resource: resource ?? "" }];
        const judged = judge(seen, { severity, gained, ...(floor === undefined ? {} : { floor }) });
        return {
          title: `${titled(did, tried, event.outcome)}${judged.because}`,
          severity: graded(judged.severity, event.outcome),
          confidence,
          ...(resource === undefined ? {} : { resource }),
          evidence,
        };
      });
    },
  });
}

/** One field of the record as evidence. */
export const fieldOf = ({ id }: ApiCall, path: string, value: unknown): Evidence => ({
  kind: "field",
  eventID: id,
  path,
  value: excerpt(value),
});
