import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { instant } from "../../../core/event/instant.ts";
import type { JsonObject } from "../../../core/event/json.ts";
import { caseMembers, decisionEssence } from "../../../core/record/case-members.ts";
import type { Step } from "../../../core/record/ledger.ts";

let number = 0;
const step = (kind: Step["kind"], caseId: string, body: JsonObject): Step => ({
  kind,
  caseId,
  body,
  key: `${number++}`,
});
const found = (caseId: string, id: string): Step => step("found", caseId, { id });
const merged = (from: string, into: string, ...findingIds: string[]): readonly Step[] =>
  [from, into].map((caseId) => step("case-merged", caseId, { from, into, findingIds }));
const decision: JsonObject = { findingId: "f", mode: "contain", kind: "approve", would: "approve", actions: [] };

async function membersOf(caseId: string, steps: readonly Step[]) {
  const { findings, decided } = caseMembers(caseId, await memoryLedger().append("c", steps, instant(1)));
  return { findings: [...findings], decided };
}

describe("caseMembers", () => {
  it("counts what was found in the case and what moved into it, and not what moved on", async () => {
    const steps = [found("a", "f"), found("a", "g"), found("b", "h"), ...merged("a", "b", "f")];
    expect((await membersOf("a", steps)).findings).toEqual(["g"]);
    expect((await membersOf("b", steps)).findings).toEqual(["h", "f"]);
    expect((await membersOf("c", steps)).findings).toEqual([]);
  });
  it("follows a finding that comes back: what happened last counts", async () => {
    const steps = [found("a", "f"), ...merged("a", "b", "f"), ...merged("b", "a", "f")];
    expect((await membersOf("a", steps)).findings).toEqual(["f"]);
    expect((await membersOf("b", steps)).findings).toEqual([]);
  });
  it("remembers the last decision about each finding by what it asks for, not by its reasons", async () => {
    const steps = [
      step("decided", "a", { ...decision, because: [{ rule: "no-target" }] }),
      step("decided", "a", { ...decision, kind: "contain", would: "contain" }),
      step("decided", "b", decision),
      step("replayed", "a", {}),
    ];
    const { decided } = await membersOf("a", steps);
    expect([...decided]).toEqual([
      ["f", { essence: decisionEssence({ ...decision, kind: "contain", would: "contain" }), sequence: 2 }],
    ]);
    expect(decisionEssence({ ...decision, because: [1], caseId: "x", id: "y" })).toBe(decisionEssence(decision));
  });
});
