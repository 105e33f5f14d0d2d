import { describe, expect, it } from "vitest";
import { memoryJournal } from "../../../../adapters/memory/journal.ts";
import { instant } from "../../../../core/event/instant.ts";
import { type ContainPorts, type ContainRequest, contain } from "../../../../core/flow/respond/contain.ts";
import { planners } from "../../../../core/respond/catalog.ts";
import type { Change } from "../../../../core/respond/change.ts";
import { gradeDigest, gradePolicyArn } from "../../../../core/respond/deny-policies.ts";
import type { Never } from "../../../../core/respond/planned.ts";
import { type Slot, slotKey, type Value } from "../../../../core/respond/slot.ts";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/gpu-launcher`;
const policy = gradePolicyArn("deny-spend", { partition: "aws", account });
const document: Slot = { kind: "policy-document", policy };

const request: ContainRequest = {
  run: "decision-1",
  caseId: "case-1",
  action: { kind: "contain-role", target: role, tier: 1, grade: "deny-spend" },
  principalId: "AROAEXAMPLEGPU000001",
  account,
  eventAt: instant(1_000_000),
  kind: "automatic",
  blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: ["train-orch"] },
};

/** An account whose graded policy says something else from the reading on that is named, counted from 1. */
function contained(editedFrom: number, over: Partial<ContainRequest> = {}, never?: Never) {
  const held = new Map<string, Value>();
  const writes: Change[] = [];
  let readings = 0;
  const ports: ContainPorts = {
    journal: memoryJournal(),
    controlPlane: {
      snapshot: async (arn) => ({ schema: 1, target: { arn, id: request.principalId, account }, held: [], quotas: {} }),
      read: async (slot) => {
        if (slotKey(slot) !== slotKey(document)) return held.get(slotKey(slot)) ?? null;
        return ++readings >= editedFrom ? "edited" : gradeDigest("deny-spend");
      },
      write: async (change) => {
        writes.push(change);
        held.set(slotKey(change.slot), change.after);
        return { kind: "accepted" };
      },
    },
    gate: { pass: async () => ({ ok: true }) },
    pause: async () => undefined,
    random: () => 0.5,
    approvals: { give: async () => "written", of: async () => [], consume: async () => false },
    approvers: { mayApprove: () => true, isConcerned: () => false, needed: () => 1, acceptsLocal: true },
    budget: { take: async () => ({ kind: "taken" }) },
    later: { schedule: async () => "scheduled", due: async () => [], done: async () => undefined },
    clock: { now: () => instant(1_060_000) },
    planners,
    ...(never === undefined ? {} : { never }),
    owner: "worker-1",
  };
  return { writes, end: contain({ ...request, ...over }, ports) };
}

describe("a graded deny", () => {
  it("is attached where the policy is the stack's own, at planning and at the call", async () => {
    const { writes, end } = contained(Number.POSITIVE_INFINITY);
    expect(await end).toMatchObject({ kind: "ended", end: "contained" });
    expect(writes[0]).toMatchObject({ slot: { kind: "attached-policy", policy }, after: "attached" });
  });

  it("is not attached where somebody edited the policy between plan and call, and nothing else takes its place", async () => {
    const { writes, end } = contained(2);
    expect(await end).toMatchObject({ kind: "ended", end: "failed" });
    expect(writes).toEqual([]);
  });

  it("becomes a plan that waits for a person where the policy was edited before", async () => {
    const { writes, end } = contained(1);
    expect(await end).toMatchObject({ kind: "waiting", plan: { tier: 2 } });
    expect(writes).toEqual([]);
  });
});

it("refuses what the deployment never touches, and says of a ticket what a person does", async () => {
  const own = contained(9, {}, { principals: [role] });
  expect(await own.end).toMatchObject({ kind: "ended", end: "refused" });
  const service = `arn:aws:iam::${account}:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch`;
  const linked = contained(9, { action: { kind: "contain-role", target: service, tier: 1 } });
  expect(await linked.end).toMatchObject({
    kind: "ended",
    end: "refused",
    because: expect.stringContaining("by hand: stop the work"),
  });
  expect([...own.writes, ...linked.writes]).toEqual([]);
});
