import { describe, expect, it } from "vitest";
import { breaker, decide } from "../../../core/decide/decide.ts";
import type { ResponsePolicy } from "../../../core/decide/policy.ts";
import { instant } from "../../../core/event/instant.ts";
import type { Workload } from "../../../core/identity/workload.ts";
import { registryWith } from "../../fixtures/read.ts";
import { workload } from "../../fixtures/workloads.ts";
import { account, attributed, finding, session, start } from "./finding-samples.ts";

const contained = workload("bot", { response: { contain: "automatic" } });
const policyWith = (
  workloads: readonly Workload[] = [contained],
  over: Partial<ResponsePolicy> = {},
): ResponsePolicy => ({
  mode: "contain",
  registry: registryWith(workloads),
  ...over,
});
const rules = (decision: { readonly because: readonly { readonly rule: string }[] }) =>
  decision.because.map(({ rule }) => rule);

describe("exceptions", () => {
  const expected = {
    name: "drill",
    detector: "tampering-trail",
    upTo: "critical",
    from: instant(0),
    until: instant(start + 1),
  } as const;
  const by = (...exceptions: NonNullable<ResponsePolicy["exceptions"]>) =>
    decide([finding()], policyWith([contained], { exceptions }))[0]?.kind;

  it("dismiss what a person decided to expect", () => {
    expect(by({ ...expected, workload: "bot" })).toBe("dismiss");
    expect(by({ ...expected, principal: `arn:aws:sts::${account}:assumed-role/bot/*` })).toBe("dismiss");
  });

  it("say nothing about other things, other times, graver findings, or nothing in particular", () => {
    expect(by({ ...expected, workload: "other" })).toBe("contain");
    expect(by({ ...expected, workload: "bot", resource: "arn:aws:s3:::x" })).toBe("contain");
    expect(by({ ...expected, workload: "bot", detector: "other" })).toBe("contain");
    expect(by({ ...expected, workload: "bot", until: instant(start) })).toBe("contain");
    expect(by({ ...expected, workload: "bot", upTo: "medium" })).toBe("contain");
    expect(by(expected)).toBe("contain");
  });
});

describe("what counts over many", () => {
  const minute = 60_000;
  const many = (count: number, gap: number) =>
    Array.from({ length: count }, (_, i) =>
      finding(
        {
          principal: session(`bot-${i}`),
          workload: `bot-${i}`,
          attribution: attributed("workload", `bot-${i}`),
          at: instant(start + i * gap),
        },
        `f${String(i).padStart(3, "0")}`,
      ),
    );
  const policy = policyWith(
    Array.from({ length: 40 }, (_, i) => workload(`bot-${i}`, { response: { contain: "automatic" } })),
  );

  it("lets at most five be contained in ten minutes of event time", () => {
    const decisions = decide(many(12, 1_000), policy);
    expect(decisions.map(({ would }) => would)).toEqual([...Array(5).fill("contain"), ...Array(7).fill("approve")]);
    expect(decisions[5]?.because).toContainEqual({ rule: "breaker", ...breaker });
    expect(decide(many(12, 3 * minute), policy).every(({ would }) => would === "contain")).toBe(true);
    expect(decide(many(6, 2 * minute), policy).map(({ would }) => would)).toEqual(Array(6).fill("contain"));
    expect(decide(many(6, 2 * minute - 1), policy).at(-1)?.would).toBe("approve");
  });

  it("asks before a second action on one principal within a day", () => {
    const again = (hours: number) =>
      decide([finding({}, "f1"), finding({ at: instant(start + hours * 60 * minute) }, "f2")], policyWith());
    expect(again(1).map(({ would }) => would)).toEqual(["contain", "approve"]);
    expect(rules(again(1)[1] ?? { because: [] })).toContain("second-action");
    expect(again(24).map(({ would }) => would)).toEqual(["contain", "contain"]);
  });
});
