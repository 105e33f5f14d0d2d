import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { memoryApprovals } from "../../../../adapters/memory/approvals.ts";
import { virtualClock } from "../../../../adapters/memory/clock.ts";
import { memoryJournal } from "../../../../adapters/memory/journal.ts";
import { memoryLedger } from "../../../../adapters/memory/ledger.ts";
import { instant } from "../../../../core/event/instant.ts";
import { type Answer, approvalChain, approve, freshSignIn } from "../../../../core/flow/respond/approve.ts";
import type { Approver } from "../../../../core/identity/manifest/manifest-governance.ts";
import { approvalLasts, approvalsFor } from "../../../../core/respond/approved.ts";
import { approverRules } from "../../../../core/respond/approver-rules.ts";
import { type Plan, planHash } from "../../../../core/respond/plan.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { workload } from "../../../fixtures/workloads.ts";

const issuer = "https://login.example.com";
const arn = "arn:aws:iam::111122223333:role/support-bot";
const slot = { kind: "boundary", holder: { kind: "role", arn } } as const;
const plan: Plan = {
  schema: 1,
  planner: "contain-role",
  caseId: "case-1",
  target: { arn, id: "AROAEXAMPLEBOT000001", account: "111122223333" },
  steps: [{ change: { slot, before: null, after: "deny" }, tier: 1, does: "denies everything" }],
  tier: 1,
  notStopped: [],
  sideEffects: [],
  blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: [] },
  snapshot: "s",
};
const shown = planHash(plan);
const people = ["ana", "ben", "cleo"];
const approvers = [
  { name: "sec-oncall", where: "approvers.yaml:1", identities: people.map((subject) => ({ issuer, subject })) },
] as unknown as readonly Approver[];

const good: Answer = {
  run: "run-1",
  caseId: "case-1",
  plan: shown,
  kind: "approve",
  by: { issuer, subject: "ana" },
  reason: "it is not ours",
  signedInAt: 1_000_000,
};

async function stage(over: Parameters<typeof workload>[1] = {}) {
  const clock = virtualClock(instant(1_000_000));
  const journal = memoryJournal();
  const lease = await journal.claim("AROAEXAMPLEBOT000001", "worker", clock.now(), 60);
  if (lease !== undefined)
    await journal.append("run-1", lease, 0, [{ kind: "planned", plan, hash: shown }], clock.now());
  const rules = approverRules({
    registry: registryWith([workload("support-bot", over)]),
    approvers,
    concerned: () => [{ issuer, subject: "cleo" }],
    local: "never",
  });
  const ports = { clock, journal, approvals: memoryApprovals(), approvers: rules, ledger: memoryLedger() };
  const enough = async () =>
    approvalsFor(await ports.approvals.of("case-1", shown), { plan, hash: shown, now: clock.now() }, rules);
  return { ports, clock, enough };
}

let scene: Awaited<ReturnType<typeof stage>>;
beforeEach(async () => {
  scene = await stage();
});

describe("approve", () => {
  it("writes the word of an approver to the ledger and for the executor", async () => {
    expect(await approve(good, scene.ports)).toMatchObject({ kind: "written" });
    expect((await scene.enough()).kind).toBe("enough");
    const kinds: string[] = [];
    for await (const { step } of scene.ports.ledger.read({ chain: approvalChain })) kinds.push(step.kind);
    expect(kinds).toEqual(["approved"]);
  });

  it("counts fifty of the same at once as one", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => approve(good, scene.ports)));
    expect(answers.filter(({ kind }) => kind === "written")).toHaveLength(1);
    expect(await scene.ports.approvals.of("case-1", shown)).toHaveLength(1);
  });

  it("lets none of ten thousand bad answers count", async () => {
    const bad = fc.oneof(
      fc.record({ plan: fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(..."0123456789abcdef") }) }),
      fc.record({ caseId: fc.string() }).filter(({ caseId }) => caseId !== "case-1"),
      fc.record({ run: fc.string() }).filter(({ run }) => run !== "run-1"),
      fc.record({ by: fc.record({ issuer: fc.string(), subject: fc.constantFrom("ana", "eve", "") }) }),
      fc.record({
        by: fc
          .record({ issuer: fc.constant(issuer), subject: fc.string() })
          .filter(({ subject }) => !people.includes(subject)),
      }),
      fc.constant({ by: { issuer, subject: "cleo" } }),
      fc.constant({ by: { issuer: "local", subject: "local:ana" } }),
      fc.record({ signedInAt: fc.integer({ min: 0, max: 1_000_000 - freshSignIn - 1 }) }),
      fc.record({ signedInAt: fc.integer({ min: 1_000_001, max: 9_000_000 }) }),
      fc.record({ reason: fc.constantFrom("", " ", "\t") }),
    );
    await fc.assert(
      fc.asyncProperty(bad, async (over) => {
        fc.pre(!("plan" in over) || over.plan !== shown);
        expect(await approve({ ...good, ...over }, scene.ports)).toMatchObject({ kind: "refused" });
      }),
      { numRuns: 10_000 },
    );
    expect((await scene.enough()).kind).toBe("missing");
  });

  it("needs two people where the manifest says critical", async () => {
    const critical = await stage({ tier: "critical" });
    await approve(good, critical.ports);
    expect(await critical.enough()).toMatchObject({ kind: "missing", because: "1 of 2 approvals" });
    await approve({ ...good, by: { issuer, subject: "ben" } }, critical.ports);
    expect((await critical.enough()).kind).toBe("enough");
  });

  it("is closed by one deny, and by time", async () => {
    await approve(good, scene.ports);
    scene.clock.advance(approvalLasts - 1);
    expect((await scene.enough()).kind).toBe("enough");
    scene.clock.advance(1);
    expect((await scene.enough()).kind).toBe("missing");
    const again = { ...good, kind: "deny", by: { issuer, subject: "ben" }, signedInAt: scene.clock.now() } as const;
    await approve(again, scene.ports);
    expect(await scene.enough()).toMatchObject({ kind: "denied", because: "denied by ben" });
  });

  it("asks only the approvers whom the manifest names", async () => {
    const other = await stage({ response: { contain: "approval", approvers: ["somebody-else"] } });
    expect(await approve(good, other.ports)).toMatchObject({ kind: "refused" });
  });
});
