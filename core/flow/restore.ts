import type { Instant } from "../event/instant.ts";
import { instant } from "../event/instant.ts";
import type { Change } from "../respond/change.ts";
import { isRestore, named, turnOf } from "../respond/release-plan.ts";
import { endsRevoke, putsRevoke, revokesBefore } from "../respond/revoke.ts";
import { applyStep, type StepResult } from "./respond/apply-step.ts";
import { openRun } from "./respond/open-run.ts";
import type { AskedRelease } from "./respond/release-permission.ts";
import { isQuick } from "./respond/release-permission.ts";
import { type Released, type ReleaseEnd, releaseChain } from "./respond/release-run.ts";

/** What of a release was written, and how it came out, by the step's place; the last attempt counts. */
export function madeAt(
  { run }: Pick<AskedRelease, "run">,
  place: number,
): readonly { readonly change: Change; readonly token: string; readonly result?: StepResult }[] {
  const made = new Map<string, { change: Change; token: string; result?: StepResult }>();
  for (const one of run.entries) {
    if (one.kind === "intent" && one.step === place) made.set(one.token, { change: one.change, token: one.token });
    const known = one.kind === "outcome" ? made.get(one.token) : undefined;
    if (one.kind === "outcome" && known !== undefined)
      made.set(one.token, { ...known, result: { outcome: one.outcome, because: one.because ?? "" } });
  }
  return [...made.values()];
}

/** Why the containment may not come off yet: a revoke is missing, was taken off, or is of a moment that has passed. */
export async function uncut({ plan, ports }: AskedRelease): Promise<string | undefined> {
  for (const step of plan.steps.filter(putsRevoke)) {
    const before = revokesBefore(await ports.controlPlane.read(step.change.slot));
    if (before === undefined) return `${named(step.change.slot)} is not there`;
    if (before <= (await ports.moment.server())) return "sessions may have begun since the moment it revokes before";
  }
  return undefined;
}

/** True when the ledger says that every revoke of this release was read back. */
export async function isCutRecorded({ plan, run, ports }: AskedRelease): Promise<boolean> {
  if (!plan.steps.some(putsRevoke)) return true;
  for await (const { step } of ports.ledger.read({ chain: releaseChain, caseId: plan.caseId }))
    if (step.key === cutKey(run.run)) return true;
  return false;
}

export const cutKey = (run: string): string => `released:${run}:cut`;

/**
 * Takes back, one after another, what this function has the right to. Before the first step every containment of the case
 * is told, so that nobody puts it up again; after the last one the release has ended.
 */
export async function restore(asked: AskedRelease, who: "release" | "rewrite"): Promise<Released> {
  const { plan, run, ports } = asked;
  const places = [...plan.steps.entries()].filter(([, step]) => isRestore(step));
  for (const [place, step] of places) {
    if (resultAt(asked, place) !== undefined) continue;
    const stale = await uncut(asked);
    if (stale !== undefined) return turn(asked, "rewrite", stale);
    if (turnOf(step) !== who) continue;
    const { change } = step;
    const at = { place, change, account: plan.target.account, caseId: plan.caseId };
    const result = await applyStep(at, run, ports);
    if (result.outcome === "halted") return { kind: "waiting", plan, hash: asked.hash, because: result.because };
  }
  const left = places.find(([place]) => resultAt(asked, place) === undefined);
  if (left !== undefined) return turn(asked, turnOf(left[1]), `the rest is for ${turnOf(left[1])}`);
  return finished(asked, places);
}

const resultAt = ({ run }: AskedRelease, place: number): StepResult | undefined => {
  const found = run.entries.findLast((one) => one.kind === "outcome" && one.step === place);
  return found?.kind === "outcome" ? { outcome: found.outcome, because: found.because ?? "" } : undefined;
};

/** Tells the containments that they are being taken back; one that is still open ends. Undefined while another works on them. */
export async function markReleasing(asked: AskedRelease): Promise<"marked" | "busy"> {
  const { contained, plan, ports, run } = asked;
  for (const one of contained) {
    if (one.lines.some(({ entry }) => entry.kind === "releasing")) continue;
    const open = await openRun({ run: one.run, principal: plan.target.id, owner: ports.owner }, ports);
    if (open === undefined) return "busy";
    const isOver = open.entries.some(({ kind }) => kind === "ended");
    await open.record(
      { kind: "releasing", run: run.run },
      ...(isOver ? [] : [{ kind: "ended", end: "superseded", because: "it is being released" } as const]),
    );
    await open.close();
  }
  return "marked";
}

/** Tells the other function, once for each state of the journal. */
export async function turn(asked: AskedRelease, of: "release" | "rewrite", because: string): Promise<Released> {
  const { run, ports, request } = asked;
  await ports.later.schedule(`${of} ${run.run} ${run.entries.length}`, ports.clock.now(), {
    kind: of,
    request: { ...request, target: { ...request.target } },
  });
  return { kind: "turn", of, because };
}

async function finished(
  asked: AskedRelease,
  places: readonly (readonly [number, AskedRelease["plan"]["steps"][number]])[],
): Promise<Released> {
  const { plan, run, ports, request } = asked;
  const missed = places.flatMap(([place, step]) => {
    const result = resultAt(asked, place);
    const isDone = result?.outcome === "applied" || result?.outcome === "already";
    return isDone ? [] : [{ does: step.does, because: result?.because ?? "", optional: step.optional === true }];
  });
  const hard = missed.filter(({ optional }) => !optional);
  const end: ReleaseEnd =
    hard.length === 0 ? "released" : hard.length === places.length ? "failed" : "released-partially";
  const because =
    hard.length === 0 ? "every step was read back" : hard.map((one) => `${one.does}: ${one.because}`).join("; ");
  const now = ports.clock.now();
  const approvals = run.entries.flatMap((one) => (one.kind === "approved" ? [one.approval] : []));
  const body = {
    run: run.run,
    release: request.release,
    target: { ...plan.target },
    end,
    approvals,
    contained: asked.contained.map((one) => one.run),
    kept: plan.sideEffects.filter((one) => one.startsWith("stays: ")),
    notDone: missed.map(({ does, because: why }) => ({ does, because: why })),
    review: isQuick(asked) && !approvals.some((one) => one.startsWith("manifest:")) ? "due" : "none",
  };
  await ports.ledger.append(
    releaseChain,
    [{ kind: "released", key: `released:${run.run}`, caseId: plan.caseId, body }],
    now,
  );
  await scheduleAfter(asked, now);
  await run.record({ kind: "ended", end, because });
  return { kind: "ended", end, because };
}

/** Somebody looks whether the workload is back, and takes the revoke off when no session from before can be alive. */
async function scheduleAfter(asked: AskedRelease, now: Instant): Promise<void> {
  const { plan, run, ports, request } = asked;
  const of = { request: { ...request, target: { ...request.target } } };
  await ports.later.schedule(`returned ${run.run} 0`, instant(now + minute), {
    kind: "returned",
    ...of,
    look: 0,
    from: now,
  });
  const ends = plan.steps.filter(endsRevoke);
  if (ends.length > 0)
    await ports.later.schedule(`settle ${run.run} 0`, instant(now + revokeLasts(plan) + 5 * minute), {
      kind: "settle",
      ...of,
    });
}

const minute = 60_000;

/** The plan says in words how long; the longest of them counts. */
export function revokeLasts({ steps }: AskedRelease["plan"]): number {
  const hours = steps.filter(endsRevoke).map(({ does }) => Number(/after (\d+) hours/.exec(does)?.[1] ?? 36));
  return Math.max(...hours) * 60 * minute;
}
