import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { Approval, Approvals } from "../../core/respond/approval.ts";
import type { PlanHash } from "../../core/respond/plan.ts";

const plan = "a".repeat(64) as PlanHash;
const approval = (id: string, over: Partial<Approval> = {}): Approval => ({
  schema: 1,
  id,
  caseId: "case-1",
  plan,
  kind: "approve",
  by: { issuer: "https://login.example.com", subject: id },
  at: instant(1),
  until: instant(1_000),
  local: false,
  ...over,
});

/** What every store of approvals must do, whatever it is made of. */
export function approvalsContract(make: () => Approvals): void {
  it("keeps each word once, and finds it by case and plan only", async () => {
    const approvals = make();
    expect(await approvals.give(approval("b"))).toBe("written");
    expect(await approvals.give(approval("a"))).toBe("written");
    expect(await approvals.give(approval("a", { kind: "deny" }))).toBe("known");
    expect((await approvals.of("case-1", plan)).map(({ id, kind }) => [id, kind])).toEqual([
      ["a", "approve"],
      ["b", "approve"],
    ]);
    expect(await approvals.of("case-2", plan)).toEqual([]);
    expect(await approvals.of("case-1", "b".repeat(64) as PlanHash)).toEqual([]);
  });
  it("is used up by one run, which may ask again, and by no other", async () => {
    const approvals = make();
    await approvals.give(approval("a"));
    await approvals.give(approval("b"));
    const asked = await Promise.all(Array.from({ length: 50 }, (_, run) => approvals.consume(["a"], `run-${run}`)));
    expect(asked.filter(Boolean)).toHaveLength(1);
    const winner = asked.indexOf(true);
    expect(await approvals.consume(["a"], `run-${winner}`)).toBe(true);
    expect(await approvals.consume(["a", "b"], "another")).toBe(false);
    expect(await approvals.consume(["b"], "another")).toBe(true);
  });
  it("uses nothing up that it does not know, and nothing for nothing", async () => {
    const approvals = make();
    expect(await approvals.consume(["nobody's"], "run")).toBe(false);
    expect(await approvals.consume([], "run")).toBe(false);
  });
}
