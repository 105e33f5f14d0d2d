import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryApprovals } from "../../../../adapters/memory/approvals.ts";
import { memoryBudget } from "../../../../adapters/memory/budget.ts";
import { memoryJournal } from "../../../../adapters/memory/journal.ts";
import { instant } from "../../../../core/event/instant.ts";
import { Fault } from "../../../../core/fault.ts";
import { type ContainPorts, type ContainRequest, contain } from "../../../../core/flow/respond/contain.ts";
import type { Change } from "../../../../core/respond/change.ts";
import type { ControlPlane } from "../../../../core/respond/control-plane.ts";
import type { Journal } from "../../../../core/respond/journal.ts";
import { containRole } from "../../../../core/respond/plans/contain-role.ts";
import { type Slot, slotKey, type Value } from "../../../../core/respond/slot.ts";

const role = "arn:aws:iam::111122223333:role/support-bot";
const denyAll = "arn:aws:iam::aws:policy/AWSDenyAll";
const target = { arn: role, id: "AROAEXAMPLEBOT000001", account: "111122223333" };
const attachment: Slot = { kind: "attached-policy", holder: { kind: "role", arn: role }, policy: denyAll };
const boundary: Slot = { kind: "boundary", holder: { kind: "role", arn: role } };

const request: ContainRequest = {
  run: "decision-1",
  caseId: "case-1",
  action: { kind: "contain-role", target: role, tier: 1 },
  principalId: target.id,
  account: target.account,
  eventAt: instant(1_000_000),
  kind: "automatic",
  blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: ["support-bot"] },
};

/** An account in memory that notes whether every write had its intent in the journal when it came. */
function account(journal: Journal, behave: (change: Change) => "does" | "refuses" | "loses" | "drops" = () => "does") {
  const held = new Map<string, Value>();
  const writes: Change[] = [];
  const unintended: Change[] = [];
  const plane: ControlPlane = {
    async snapshot(arn) {
      return arn === role ? { schema: 1, target, held: [], quotas: {} } : undefined;
    },
    read: async (slot) => held.get(slotKey(slot)) ?? null,
    async write(change, { token }) {
      const lines = await journal.read(request.run);
      if (!lines.some(({ entry }) => entry.kind === "intent" && entry.token === token)) unintended.push(change);
      const how = behave(change);
      if (how === "refuses") return { kind: "refused", code: "limit", because: "ten are attached" };
      writes.push(change);
      if (how !== "drops") held.set(slotKey(change.slot), change.after);
      return how === "loses" ? { kind: "ambiguous", because: "the connection was reset" } : { kind: "accepted" };
    },
  };
  return { plane, held, writes, unintended };
}

function ports(journal: Journal, plane: ControlPlane, over: Partial<ContainPorts> = {}): ContainPorts {
  return {
    journal,
    controlPlane: plane,
    gate: { pass: async () => ({ ok: true }) },
    pause: async () => undefined,
    random: () => 0.5,
    approvals: memoryApprovals(),
    approvers: { mayApprove: () => true, isConcerned: () => false, needed: () => 1, acceptsLocal: true },
    budget: memoryBudget(),
    later: { schedule: async () => "scheduled", due: async () => [], done: async () => undefined },
    clock: { now: () => instant(1_060_000) },
    planners: [containRole],
    owner: "worker-1",
    ...over,
  };
}

describe("contain", () => {
  it("denies everything to the role, writes ahead, and does nothing when it is asked again", async () => {
    const journal = memoryJournal();
    const { plane, held, writes, unintended } = account(journal);
    const first = await contain(request, ports(journal, plane));
    expect(first).toMatchObject({ kind: "ended", end: "contained" });
    expect(held.get(slotKey(attachment))).toBe("attached");
    const before = writes.length;
    expect(await contain(request, ports(journal, plane))).toMatchObject({ kind: "ended", end: "contained" });
    expect(writes.length).toBe(before);
    expect(unintended).toEqual([]);
  });

  it("uses the boundary's slot where the attachment is refused", async () => {
    const journal = memoryJournal();
    const { plane, held } = account(journal, ({ slot }) => (slot.kind === "attached-policy" ? "refuses" : "does"));
    expect(await contain(request, ports(journal, plane))).toMatchObject({ kind: "ended", end: "contained" });
    expect(held.get(slotKey(boundary))).toBe(denyAll);
  });

  it("takes a lost answer for what the account shows, and makes no second call", async () => {
    const journal = memoryJournal();
    const { plane, writes } = account(journal, () => "loses");
    expect(await contain(request, ports(journal, plane))).toMatchObject({ kind: "ended", end: "contained" });
    expect(new Set(writes.map(({ slot }) => slotKey(slot))).size).toBe(writes.length);
  });

  it("never says contained of a call that was accepted and did nothing", async () => {
    const journal = memoryJournal();
    const { plane } = account(journal, () => "drops");
    expect(await contain(request, ports(journal, plane))).toMatchObject({ kind: "ended", end: "failed" });
  });

  it("leaves alone a principal that was made anew under the same name", async () => {
    const journal = memoryJournal();
    const { plane, writes } = account(journal);
    const other = { ...request, principalId: "AROAEXAMPLEOLD000001" };
    expect(await contain(other, ports(journal, plane))).toMatchObject({ kind: "ended", end: "refused" });
    expect(writes).toEqual([]);
  });

  it("waits for an approval when the event is old, and makes no call", async () => {
    const journal = memoryJournal();
    const { plane, writes } = account(journal);
    const late = ports(journal, plane, { clock: { now: () => instant(1_000_000 + 3_600_001) } });
    expect(await contain(request, late)).toMatchObject({ kind: "waiting" });
    expect(writes).toEqual([]);
  });

  it("stops at the kill switch and says what was done and what was not", async () => {
    const journal = memoryJournal();
    const { plane, writes } = account(journal);
    let calls = 0;
    const gate = {
      pass: async () =>
        calls++ === 0 ? ({ ok: true } as const) : ({ ok: false, because: "the kill switch is on" } as const),
    };
    const end = await contain(request, ports(journal, plane, { gate }));
    expect(end).toMatchObject({
      kind: "ended",
      end: "contained",
      progress: { done: ["denies everything to the role"] },
    });
    expect(writes).toHaveLength(1);
  });

  it("lets only one worker at a principal", async () => {
    const journal = memoryJournal();
    const { plane } = account(journal);
    await journal.claim(target.id, "worker-2", instant(1_060_000), 60);
    expect(await contain(request, ports(journal, plane))).toEqual({ kind: "busy" });
  });

  it("loses nothing and does nothing twice, wherever it dies and whenever it goes on", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }), async (deaths) => {
        const journal = memoryJournal();
        const { plane, held, writes, unintended } = account(journal);
        let left = Number.POSITIVE_INFINITY;
        const dying = <T>(call: () => Promise<T>): Promise<T> => {
          if (left-- <= 0) throw new Error("killed");
          return call();
        };
        const mortalPlane: ControlPlane = {
          snapshot: (arn) => dying(() => plane.snapshot(arn)),
          read: (slot) => dying(() => plane.read(slot)),
          write: async (change, mark) => {
            const written = await dying(() => plane.write(change, mark));
            // Dead after the effect, before the answer.
            if (left-- <= 0) throw new Error("killed");
            return written;
          },
        };
        const mortal: Journal = { ...journal, append: (...given) => dying(() => journal.append(...given)) };
        for (const death of deaths) {
          left = death;
          await contain(request, ports(mortal, mortalPlane)).catch((cause: unknown) => {
            if (cause instanceof Fault) throw cause;
          });
        }
        left = Number.POSITIVE_INFINITY;
        expect(await contain(request, ports(mortal, mortalPlane))).toMatchObject({ kind: "ended", end: "contained" });
        expect(held.get(slotKey(attachment))).toBe("attached");
        expect(unintended).toEqual([]);
        expect(new Set(writes.map(({ slot }) => slotKey(slot))).size).toBe(writes.length);
      }),
      { numRuns: 200 },
    );
  });
});
