import { expect, it } from "vitest";
import { changeJudge } from "../../../../core/detect/deployments/judged-change.ts";
import type { Seen } from "../../../../core/detect/detector.ts";
import type { Severity } from "../../../../core/detect/finding.ts";
import type { Change } from "../../../../core/identity/manifest/manifest-change.ts";
import type { Workload } from "../../../../core/identity/workload.ts";
import { fixturesOf, seenOf } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload, workloads } from "../../../fixtures/workloads.ts";

const judge = changeJudge(tables.iam);

/** A record of drift-trust-widened's fixtures, with who is declared to have made it. */
function seen(name: string): Seen {
  const fixture = fixturesOf("drift-trust-widened", "fires").find((one) => one.name === `fires.${name}.json`);
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  return seenOf(fixture, workloads);
}

const gained = [{ kind: "trust", role: "arn:aws:iam::111122223333:role/app-web", principal: "x" }] as const;
const severityOf = (who: Seen, severity: Severity, floor?: Severity) =>
  judge(who, { severity, gained, ...(floor === undefined ? {} : { floor }) }).severity;

it("a deployment's change is milder inside its envelope, down to its floor, and graver outside", () => {
  const inside = seen("deployment-inside-its-envelope");
  expect([severityOf(inside, "high"), severityOf(inside, "low")]).toEqual(["low", "info"]);
  expect(severityOf(inside, "high", "medium")).toBe("medium");
  expect(severityOf(seen("deployment-outside-its-envelope"), "low")).toBe("medium");
});

it("a declared workload that deploys nothing changes nothing for less than medium", () => {
  const agent = seen("by-an-agent");
  expect([severityOf(agent, "low"), severityOf(agent, "critical")]).toEqual(["medium", "critical"]);
  expect(judge(agent, { severity: "low", gained }).because).toBe("; made by support-bot");
});

it("a call of little weight that its envelope covers is a declared workload's own work, with no doubt about who it was", () => {
  const agent = seen("by-an-agent");
  const able = (statements: Workload["envelope"]["statements"], who: Seen = agent): Seen => ({
    ...who,
    attribution: { ...who.attribution, class: "asserted", confidence: "high" } as Seen["attribution"],
    workload: workload("support-bot", { class: "agent", envelope: { statements } }),
  });
  const trusting = [{ Effect: "Allow", Action: "iam:UpdateAssumeRolePolicy", Resource: "*" }];
  const call = [
    { kind: "call", api: agent.event.kind === "api-call" ? agent.event.api : "iam:x", resource: "x" },
  ] as const;
  const of = (who: Seen, severity: Severity, floor: Severity = "info") => judge(who, { severity, floor, gained: call });
  expect(of(able(trusting), "low")).toEqual({ severity: "low", because: "" });
  expect(of(able(trusting), "low", "high").severity).toBe("high");
  expect(of(able(trusting), "high")).toEqual({ severity: "high", because: "; made by support-bot" });
  expect(of(able([{ Effect: "Allow", Action: "s3:*", Resource: "*" }]), "low").severity).toBe("medium");
  expect(of(able([]), "low").severity).toBe("medium");
  const doubtful = able(trusting);
  const inferred = { ...doubtful.attribution, class: "inferred" } as Seen["attribution"];
  expect(of({ ...doubtful, attribution: inferred }, "low").severity).toBe("medium");
  expect(judge(able(trusting), { severity: "low", gained }).severity).toBe("medium");
});

it("nobody who is declared leaves the severity as it is", () => {
  const somebody = seen("everybody");
  expect(judge(somebody, { severity: "low", gained })).toEqual({ severity: "low", because: "" });
});

it("an announcement comes before the envelope and before the floor", () => {
  const inside = seen("deployment-inside-its-envelope");
  const change: Change = {
    name: "app-roles",
    where: "workloads/changes.yaml:1",
    workload: "platform-deployer",
    plan: `sha256:${"0".repeat(64)}`,
    ticket: "OPS-42",
    posted: inside.event.at,
    from: inside.event.at,
    until: (inside.event.at + 1) as Change["until"],
    trust: [{ role: gained[0].role, principals: ["x"] }],
  };
  const announced: Seen = { ...inside, registry: { ...inside.registry, changes: [change] } };
  expect(severityOf(announced, "high", "medium")).toBe("info");
  const less = { ...change, trust: [{ role: gained[0].role, principals: ["y"] }] };
  expect(severityOf({ ...inside, registry: { ...inside.registry, changes: [less] } }, "low")).toBe("high");
});
