import { memoryApprovals } from "../../../adapters/memory/approvals.ts";
import { memoryBudget } from "../../../adapters/memory/budget.ts";
import { virtualClock } from "../../../adapters/memory/clock.ts";
import { memoryJournal } from "../../../adapters/memory/journal.ts";
import { memoryLater } from "../../../adapters/memory/later.ts";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { instant } from "../../../core/event/instant.ts";
import type { ContainPorts, ContainRequest } from "../../../core/flow/respond/contain.ts";
import { contain } from "../../../core/flow/respond/contain.ts";
import { release } from "../../../core/flow/respond/release.ts";
import type { Released, ReleasePorts, ReleaseRequest } from "../../../core/flow/respond/release-run.ts";
import { rewrite } from "../../../core/flow/respond/rewrite.ts";
import type { Workload } from "../../../core/identity/workload.ts";
import type { Change } from "../../../core/respond/change.ts";
import type { ControlPlane } from "../../../core/respond/control-plane.ts";
import { containRole } from "../../../core/respond/plans/contain-role.ts";
import { revokesBefore } from "../../../core/respond/revoke.ts";
import { type Slot, slotKey, type Value } from "../../../core/respond/slot.ts";
import { registryWith } from "../../fixtures/read.ts";

export const role = "arn:aws:iam::111122223333:role/support-bot";
export const denyAll = "arn:aws:iam::aws:policy/AWSDenyAll";
export const target = { arn: role, id: "AROAEXAMPLEBOT000001", account: "111122223333" };
const holder = { kind: "role", arn: role } as const;
export const attachment: Slot = { kind: "attached-policy", holder, policy: denyAll };
export const boundary: Slot = { kind: "boundary", holder };
export const revoke: Slot = { kind: "inline-policy", holder, name: "cordon-case-1-revoke" };

export const containment: ContainRequest = {
  run: "decision-1",
  caseId: "case-1",
  action: { kind: "contain-role", target: role, tier: 1 },
  principalId: target.id,
  account: target.account,
  eventAt: instant(1_000_000_000),
  kind: "automatic",
  blast: { sessions: 4, instances: 2, functions: 1, jobs: 0, workloads: ["support-bot"] },
};

export const benign: ReleaseRequest = { run: "release-1", caseId: "case-1", target, release: "benign" };
export const compromised: ReleaseRequest = { ...benign, release: "compromised" };

/** An account of one role, with everything that a containment and its release need around it. Its time is its own. */
export function releaseStage(workloads: readonly Workload[] = []) {
  const clock = virtualClock(instant(1_000_060_000));
  const server = virtualClock(instant(1_000_060_000));
  const journal = memoryJournal();
  const held = new Map<string, Value>();
  const writes: Change[] = [];
  const refused = new Set<string>();
  const controlPlane: ControlPlane = {
    async snapshot(arn) {
      return arn === role ? { schema: 1, target, held: [], quotas: {}, maxSessionSeconds: 3_600 } : undefined;
    },
    read: async (slot) => held.get(slotKey(slot)) ?? null,
    async write(change) {
      if (refused.has(slotKey(change.slot))) return { kind: "refused", code: "denied", because: "no right" };
      writes.push(change);
      held.set(slotKey(change.slot), change.after);
      return { kind: "accepted" };
    },
  };
  const steps = {
    controlPlane,
    gate: { pass: async () => ({ ok: true }) as const },
    pause: async () => undefined,
    random: () => 0.5,
    journal,
    approvals: memoryApprovals(),
    approvers: {
      mayApprove: (by: { subject: string }) => by.subject !== "stranger",
      isConcerned: (by: { subject: string }) => by.subject === "subject",
      needed: () => 2 as 1 | 2,
      acceptsLocal: false,
    },
    later: memoryLater(),
    clock,
    owner: "worker-1",
  };
  const ports: ReleasePorts = {
    ...steps,
    registry: registryWith(workloads),
    ledger: memoryLedger(),
    moment: { server: async () => server.now(), newestEvent: async () => undefined },
  };
  const containPorts: ContainPorts = { ...steps, budget: memoryBudget(), planners: [containRole] };
  return {
    clock,
    server,
    held,
    writes,
    refused,
    ports,
    containPorts,
    contained: () => contain(containment, containPorts),
    /** Both functions in turn until nothing is left but to wait. */
    async settled(request: ReleaseRequest, over: ReleasePorts = ports): Promise<Released> {
      let last = await release(request, over);
      for (let turns = 0; last.kind === "turn" && turns < 20; turns++)
        last = await (last.of === "rewrite" ? rewrite : release)(request, over);
      return last;
    },
    async approve(plan: string, ...subjects: readonly string[]) {
      for (const subject of subjects)
        await ports.approvals.give({
          schema: 1,
          id: `${plan.slice(0, 8)}-${subject}`,
          caseId: "case-1",
          plan: plan as never,
          kind: "approve",
          by: { issuer: "https://login.example.com", subject },
          at: clock.now(),
          until: instant(clock.now() + 1_800_000),
          local: false,
        });
    },
    /** Whether a session that was issued then may do anything now. */
    isDenied(issuedAt: number): boolean {
      if (held.get(slotKey(attachment)) === "attached" || held.get(slotKey(boundary)) === denyAll) return true;
      const before = revokesBefore(held.get(slotKey(revoke)) ?? null);
      return before !== undefined && issuedAt < before;
    },
  };
}

export type ReleaseStage = ReturnType<typeof releaseStage>;
