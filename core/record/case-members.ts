import { canonical } from "../event/canonical.ts";
import { list, text } from "../event/json.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What the ledger says of one case: the findings that it holds now, and what was ever decided about them. */
export interface CaseMembers {
  readonly findings: ReadonlySet<string>;
  /** By finding: its decisions, as `decisionEssence` says. */
  readonly decided: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads a case out of its entries, which come in their order. */
export function caseMembers(caseId: string, entries: Iterable<LedgerEntry>): CaseMembers {
  const findings = new Set<string>();
  const decided = new Map<string, Set<string>>();
  for (const { step } of entries) {
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
      case "decided": {
        const id = text(body["findingId"]);
        decided.set(id, (decided.get(id) ?? new Set()).add(decisionEssence(body)));
        break;
      }
      case "case-opened":
      case "replayed":
    }
  }
  return { findings, decided };
}

/** A decision without its case: what it comes to. Two with the same essence ask for the same thing, and it is done once. */
export const decisionEssence = ({
  findingId,
  mode,
  kind,
  would,
  actions,
  because,
}: Readonly<Record<string, unknown>>) => canonical({ findingId, mode, kind, would, actions, because });
