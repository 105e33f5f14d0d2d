import { caseIdOf } from "../detect/case.ts";
import { canonicalDigest } from "../event/canonical.ts";
import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";
import type { Ledger, Step } from "../record/ledger.ts";
import { caseLine, decisionLine, findingLine } from "../record/line.ts";
import type { Settlement } from "./settle.ts";

/** The chain that replays write to. */
export const replayChain = "replay";

/**
 * Records what was found, decided and opened. Keys are made from content, so settling the same state again adds nothing,
 * and a finding that grew or a decision that changed is a new entry beside the old one.
 */
export async function recordSettlement(settlement: Settlement, ledger: Ledger, at: Instant): Promise<number> {
  const steps = stepsOf(settlement);
  return steps.length === 0 ? 0 : (await ledger.append(replayChain, steps, at)).length;
}

/** The same as steps, for a ledger that appends them together with something else. */
export const stepsOf = ({ findings, decisions, cases }: Settlement): readonly Step[] => [
  ...findings.map((one) => step("found", caseIdOf(one), findingLine(one, caseIdOf(one)))),
  ...decisions.map((one) => step("decided", one.caseId, decisionLine(one))),
  ...cases.map((one) => opened(one.id, caseLine(one))),
];

/** A case opens once; what it grows by is in the ledger as its findings. */
const opened = (caseId: string, line: string): Step => ({
  kind: "case-opened",
  key: `case-opened:${caseId}`,
  caseId,
  body: JSON.parse(line) as JsonObject,
});

function step(kind: Step["kind"], caseId: string, line: string): Step {
  const body = JSON.parse(line) as JsonObject;
  return { kind, key: `${kind}:${canonicalDigest(body).slice(0, 32)}`, caseId, body };
}
