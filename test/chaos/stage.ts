import { memoryApprovals } from "../../adapters/memory/approvals.ts";
import { memoryBudget } from "../../adapters/memory/budget.ts";
import { memoryJournal } from "../../adapters/memory/journal.ts";
import { memoryKillSwitch } from "../../adapters/memory/kill-switch.ts";
import { memoryLater } from "../../adapters/memory/later.ts";
import type { Random } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import { type Contained, type ContainPorts, type ContainRequest, contain } from "../../core/flow/respond/contain.ts";
import { gateOf } from "../../core/flow/respond/gate.ts";
import { planners } from "../../core/respond/catalog.ts";
import type { Journal } from "../../core/respond/journal.ts";
import { testAccount } from "../account/account.ts";
import type { Faults } from "../account/faults.ts";
import { virtualTime } from "../account/virtual-time.ts";

export const began = instant(1_000_000_000);

/** An account, its time and an executor's ports in one process, for checks in which nothing dies. */
export function stage(random: Random, { faults, delay }: { readonly faults?: Faults; readonly delay?: number } = {}) {
  const time = virtualTime(began);
  const journal = memoryJournal();
  const account = testAccount({
    clock: time.clock,
    random,
    ...(faults === undefined ? {} : { faults }),
    ...(delay === undefined ? {} : { delay }),
    intended: async (_, { token }) => (await journal.intents(token)).length > 0,
  });
  const killSwitch = memoryKillSwitch();
  const ports: ContainPorts = {
    journal,
    approvals: memoryApprovals(),
    approvers: { mayApprove: () => true, isConcerned: () => false, needed: () => 1, acceptsLocal: false },
    budget: memoryBudget(),
    later: memoryLater(),
    clock: time.clock,
    controlPlane: account.plane,
    gate: gateOf({ killSwitch, clock: time.clock, pause: time.pause }),
    pause: time.pause,
    random: () => random.below(1_000) / 1_000,
    planners,
    owner: "worker-1",
  };
  return { time, journal, account, killSwitch, ports };
}

export type Stage = ReturnType<typeof stage>;

/** Approves whatever plan waits. */
export async function approve(
  { ports }: Pick<Stage, "ports">,
  waiting: Extract<Contained, { kind: "waiting" }>,
  by = "ana",
) {
  const now = ports.clock.now();
  await ports.approvals.give({
    schema: 1,
    id: `${waiting.hash.slice(0, 16)}-${by}`,
    caseId: waiting.plan.caseId,
    plan: waiting.hash,
    kind: "approve",
    by: { issuer: "https://login.example.com", subject: by },
    at: now,
    until: instant(now + 1_800_000),
    local: false,
  });
}

/** Delivers a decision as a queue does: again after ten seconds when it could not be dealt with. `turned` is told of the end of every turn. */
export async function delivered(
  request: ContainRequest,
  ports: ContainPorts,
  turned: () => void = () => undefined,
): Promise<Contained | undefined> {
  for (let tried = 0; tried < 20; tried++) {
    try {
      const found = await contain(request, ports);
      if (found.kind === "ended") return found;
      if (found.kind === "waiting") await approve({ ports }, found);
    } catch (cause) {
      if (!(cause instanceof Fault) || !cause.retryable) throw cause;
    } finally {
      turned();
    }
    await ports.pause(10_000);
  }
  return undefined;
}

/** When a step of the run was first refused for good. */
export async function refusedAt(journal: Journal, run: string): Promise<number> {
  const lines = await journal.read(run);
  return lines.find(({ entry }) => entry.kind === "outcome" && entry.outcome === "not-applied")?.at ?? 0;
}

/** The most intents for one change in any one delivery of its run: every delivery has a fence of its own. */
export async function mostTries(journal: Journal, runs: readonly string[]): Promise<number> {
  let most = 0;
  for (const run of runs) {
    const intents = (await journal.read(run)).flatMap(({ entry, fence }) =>
      entry.kind === "intent" ? [`${entry.token} ${fence}`] : [],
    );
    for (const tries of Map.groupBy(intents, (one) => one).values()) most = Math.max(most, tries.length);
  }
  return most;
}
