import { canonical } from "../../event/canonical.ts";
import type { Instant } from "../../event/instant.ts";
import type { Json } from "../../event/json.ts";
import type { Ledger } from "../../record/ledger.ts";
import type { Journal } from "../../respond/journal.ts";
import { caseOf } from "../../respond/run-index.ts";
import { oursIn, planIn } from "../../respond/written.ts";

/** The chain that says what was changed in accounts. */
export const actedChain = "containments";

/**
 * Puts what a containment has written so far into the ledger, so that an export of the ledger is enough to take it all
 * back. Idempotent: to be called after every turn at a run, also after one that failed; what has grown is a new entry.
 */
export async function recordRun(
  run: string,
  { journal, ledger }: { readonly journal: Journal; readonly ledger: Ledger },
  at: Instant,
): Promise<void> {
  const lines = await journal.read(run);
  const plan = planIn(lines);
  if (plan === undefined) return;
  const ended = lines.find(({ entry }) => entry.kind === "ended")?.entry;
  const approvals = lines.flatMap(({ entry }) => (entry.kind === "approved" ? [entry.approval] : []));
  const changes = oursIn([{ run, lines }]).map(({ slot, before, after, seen }) => ({ slot, before, after, seen }));
  const body = {
    run,
    target: { ...plan.target },
    ...(ended?.kind === "ended" ? { end: ended.end, because: ended.because } : {}),
    approvals,
    changes: JSON.parse(canonical(changes)) as Json,
  };
  const caseId = caseOf(lines);
  const key = `acted:${run}:${lines.length}`;
  await ledger.append(actedChain, [{ kind: "acted", key, ...(caseId === undefined ? {} : { caseId }), body }], at);
}
