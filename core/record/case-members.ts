import { canonical } from "../event/canonical.ts";
import { list, text } from "../event/json.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What the ledger says of one case: the findings that it holds now, and what was ever decided about them. */
export interface CaseMembers {
  readonly findings: ReadonlySet<string>;
  /** The last decision about each finding. */
  readonly decided: ReadonlyMap<string, Decided>;
}

/** A decision, by what it asks for, and where its chain has it. */
export interface Decided {
  readonly essence: string;
  readonly sequence: number;
}

/** Reads a case out of its entries, which come in their order. */
export function caseMembers(caseId: string, entries: Iterable<LedgerEntry>): CaseMembers {
  const findings = new Set<string>();
  const decided = new Map<string, Decided>();
  for (const { step, sequence } of entries) {
    if (step.caseId !== caseId) continue;
    const { body } = step;
    switch (step.kind) {
      case "found":
        findings.add(text(body["id"]));
        break;
      case "case-merged":
        for (const id of list(body["findingIds"]).map(text))
          if (body["into"] === caseId) findings.add(id);
          else findings.delete(id);
        break;
      case "decided":
        decided.set(text(body["findingId"]), { essence: decisionEssence(body), sequence });
        break;
      case "case-opened":
      case "replayed":
    }
  }
  return { findings, decided };
}

/** What a decision asks for, whatever its case and its reasons: two with the same essence are done once. */
export const decisionEssence = ({ findingId, mode, kind, would, actions }: Readonly<Record<string, unknown>>): string =>
  canonical({ findingId, mode, kind, would, actions });
