import { lineStore } from "../adapters/local/line-store.ts";
import { inTransaction, type Store } from "../adapters/local/sqlite.ts";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { saveState } from "../adapters/local/state-store.ts";
import { systemClock } from "../adapters/local/system-clock.ts";
import { memoryLedger } from "../adapters/memory/ledger.ts";
import { caseIdOf } from "../core/detect/case.ts";
import { instant } from "../core/event/instant.ts";
import { recordSettlement, replayChain, stepsOf } from "../core/flow/record.ts";
import { caseLine, decisionLine, findingLine } from "../core/record/line.ts";
import type { LineResult } from "./embedded-line.ts";

/**
 * Records what a run came to: in a ledger that ends with the process or, with a store, its ledger, state and case tables
 * in one transaction. A run that dies leaves the store as it was; the same input can simply be replayed again.
 */
export async function recordRun({ settlement, state }: LineResult, store: Store | undefined): Promise<void> {
  const now = systemClock().now();
  if (store === undefined) {
    await recordSettlement(settlement, memoryLedger(), now);
    return;
  }
  const { findings, decisions, cases } = settlement;
  const at = new Map(findings.map((one) => [one.id, one.at]));
  const ledger = sqliteLedger(store);
  const lines = lineStore(store);
  inTransaction(store, () => {
    saveState(store, state);
    ledger.appendNow(replayChain, stepsOf(settlement), now);
    lines.replace(
      "finding",
      findings.map((one) => {
        const caseId = caseIdOf(one);
        return { id: one.id, at: one.at, caseId, line: findingLine(one, caseId) };
      }),
    );
    lines.replace(
      "decision",
      decisions.map((one) => ({
        id: one.id,
        at: at.get(one.findingId) ?? instant(0),
        caseId: one.caseId,
        line: decisionLine(one),
      })),
    );
    lines.replace(
      "case",
      cases.map((one) => ({ id: one.id, at: one.opened, caseId: one.id, line: caseLine(one) })),
    );
  });
}
