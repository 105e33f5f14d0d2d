import { expect, it } from "vitest";
import { decide } from "../../../../core/decide/decide.ts";
import type { Finding, FindingId } from "../../../../core/detect/finding.ts";
import { simulatedFindings } from "../../../../core/flow/simulate/simulated-findings.ts";
import { finding } from "../../decide/finding-samples.ts";

const settled = (...findings: readonly Finding[]) => ({ findings, decisions: decide(findings, { mode: "contain" }) });
const one = (id: string, over: Partial<Finding> = {}): Finding => ({
  ...finding(),
  id: id as FindingId,
  severity: "medium",
  ...over,
});

it("tells what a candidate brings, takes away and answers differently", () => {
  const before = settled(one("1"), one("2", { detector: "gone" }), one("3", { detector: "same" }));
  const after = settled(
    one("1", { severity: "info" }),
    one("3", { detector: "same" }),
    one("4", { detector: "new" }),
    one("5", { detector: "new" }),
  );
  const { effects, before: old, after: now } = simulatedFindings(before, after);
  expect(effects.map(({ kind, detector, findings, would }) => [kind, detector, findings, would])).toEqual([
    ["appears", "new", 2, { after: "ticket" }],
    ["changes", one("1").detector, 1, { before: "ticket", after: "dismiss" }],
    ["disappears", "gone", 1, { before: "ticket" }],
  ]);
  expect([old.findings, now.findings]).toEqual([3, 4]);
  expect([old.tickets, now.tickets]).toEqual([3, 3]);
});

it("counts as pages what is high and not dismissed", () => {
  const { before, after } = simulatedFindings(settled(one("1")), settled(one("1", { severity: "high" }), one("2")));
  expect([before.pages, after.pages]).toEqual([0, 1]);
});

it("says nothing where nothing changes", () => {
  expect(simulatedFindings(settled(one("1")), settled(one("1"))).effects).toEqual([]);
});
