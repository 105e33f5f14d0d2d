import { lineStore } from "../adapters/local/line-store.ts";
import { inTransaction, type Store } from "../adapters/local/sqlite.ts";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { systemClock } from "../adapters/local/system-clock.ts";
import { memoryLedger } from "../adapters/memory/ledger.ts";
import { caseIdOf } from "../core/detect/case.ts";
import { instant } from "../core/event/instant.ts";
import { recordSettlement } from "../core/flow/record.ts";
import { caseLine, decisionLine, findingLine } from "../core/record/line.ts";
import type { LineResult } from "./embedded-line.ts";

/** Records what a run came to: in the store's ledger and case tables or, without a store, in a ledger that ends with the process. */
export async function recordRun({ settlement }: LineResult, store: Store | undefined): Promise<void> {
  const ledger = store === undefined ? memoryLedger() : sqliteLedger(store);
  await recordSettlement(settlement, ledger, systemClock().now());
  if (store === undefined) return;
  const { findings, decisions, cases } = settlement;
  const at = new Map(findings.map((one) => [one.id, one.at]));
  const lines = lineStore(store);
  inTransaction(store, () => {
    lines.replace(
      "finding",
      findings.map((one) => ({ id: one.id, at: one.at, caseId: caseIdOf(one), line: findingLine(one, caseIdOf(one)) })),
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
