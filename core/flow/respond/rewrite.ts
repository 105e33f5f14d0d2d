import { Fault } from "../../fault.ts";
import type { Change } from "../../respond/change.ts";
import type { PlanStep } from "../../respond/plan.ts";
import { endsRevoke, putsRevoke, revokeDocument, revokeMoment, revokesBefore } from "../../respond/revoke.ts";
import { cutKey, isCutRecorded, madeAt, restore, turn } from "../restore.ts";
import { applyStep, type StepResult } from "./apply-step.ts";
import { openRun } from "./open-run.ts";
import { asPermitted } from "./release.ts";
import { type AskedRelease, releasePermission } from "./release-permission.ts";
import { prepareRelease, type Released, type ReleasePorts, type ReleaseRequest, releaseChain } from "./release-run.ts";

/** A revoke whose moment passed before the containment came off is put anew, so often. */
export const revokeAttempts = 5;

/**
 * The part of a release that writes documents: cuts the sessions from before and says so in the ledger, then takes back
 * what only it has the right to. It writes nothing that is not in the approved plan.
 */
export const rewrite = (request: ReleaseRequest, ports: ReleasePorts): Promise<Released> =>
  asPermitted(request, ports, async (asked) => {
    const { plan, hash, run } = asked;
    const cut = await cutSessions(asked);
    if (cut.outcome === "halted") return { kind: "waiting", plan, hash, because: cut.because };
    if (cut.outcome !== "applied" && cut.outcome !== "already") {
      await run.record({ kind: "ended", end: "failed", because: `it stays contained: ${cut.because}` });
      return { kind: "ended", end: "failed", because: `it stays contained: ${cut.because}` };
    }
    if (!(await isCutRecorded(asked))) {
      await recordCut(asked);
      // The containments are told before anything comes off, in a turn of its own.
      return turn(asked, "release", "the sessions from before are cut");
    }
    return restore(asked, "rewrite");
  });

async function cutSessions(asked: AskedRelease): Promise<StepResult> {
  for (const [place, step] of asked.plan.steps.entries()) {
    if (!putsRevoke(step)) continue;
    const result = await putRevoke(place, step, asked);
    if (result.outcome !== "applied" && result.outcome !== "already") return result;
  }
  return { outcome: "applied", because: "" };
}

/** Puts a revoke of a moment that has not passed when it is read back; what a crash left is finished first. */
async function putRevoke(place: number, step: PlanStep, asked: AskedRelease): Promise<StepResult> {
  const { plan, run, ports } = asked;
  const apply = (change: Change, epoch: number): Promise<StepResult> =>
    applyStep({ place, change, epoch, account: plan.target.account, caseId: plan.caseId }, run, ports);
  for (;;) {
    const made = madeAt(asked, place);
    const last = made.at(-1);
    if (last !== undefined && last.result === undefined) {
      const result = await apply(last.change, made.length - 1);
      if (result.outcome !== "applied" && result.outcome !== "already") return result;
      continue;
    }
    if (last !== undefined && last.result?.outcome !== "applied" && last.result?.outcome !== "already")
      return last.result ?? { outcome: "needs-human", because: "it is not known what became of the revoke" };
    const live = await ports.controlPlane.read(step.change.slot);
    const server = await ports.moment.server();
    const before = revokesBefore(live);
    if (last !== undefined && before !== undefined && before > server) return { outcome: "already", because: "" };
    if (made.length >= revokeAttempts)
      return { outcome: "not-applied", because: "every revoke was of a moment that had passed when it was read back" };
    if (live !== null && before === undefined)
      return { outcome: "foreign", because: "somebody else has a policy of that name there" };
    const moment = revokeMoment(server, await ports.moment.newestEvent(plan.target), made.length + 1);
    const result = await apply({ slot: step.change.slot, before: live, after: revokeDocument(moment) }, made.length);
    if (result.outcome !== "applied" && result.outcome !== "already") return result;
  }
}

async function recordCut({ plan, run, ports }: AskedRelease): Promise<void> {
  const cut = plan.steps.flatMap((step, place) =>
    putsRevoke(step) ? (madeAt({ run }, place).at(-1)?.change.after ?? []) : [],
  );
  if (cut.length === 0) return;
  const body = { run: run.run, target: { ...plan.target }, part: "cut", documents: cut };
  const step = { kind: "released", key: cutKey(run.run), caseId: plan.caseId, body } as const;
  await ports.ledger.append(releaseChain, [step], ports.clock.now());
}

/**
 * Takes the revokes off again, under the approval of the release and only where they are as we left them. Idempotent; for
 * the message that the release left for when no session from before can be alive.
 */
export async function settleRevoke(request: ReleaseRequest, ports: ReleasePorts): Promise<"busy" | "settled" | "kept"> {
  const run = await openRun({ run: request.run, principal: request.target.id, owner: ports.owner }, ports);
  if (run === undefined) return "busy";
  try {
    const prepared = await prepareRelease(request, run, ports);
    if (prepared.kind !== "prepared") return "kept";
    const asked: AskedRelease = { request, run, ports, ...prepared };
    if (!run.entries.some(({ kind }) => kind === "intent")) return "kept";
    if ((await releasePermission(asked)).kind !== "granted") return "kept";
    const results: StepResult[] = [];
    for (const [place, step] of asked.plan.steps.entries())
      if (endsRevoke(step)) results.push(await takeOff(place, step, asked));
    if (results.some(({ outcome }) => outcome === "halted"))
      throw new Fault(
        "unreachable",
        `the revoke of ${request.run} cannot be taken off yet: ${results[0]?.because ?? ""}`,
      );
    const kept = results.some(({ outcome }) => outcome !== "applied" && outcome !== "already");
    const body = {
      run: run.run,
      part: "settled",
      end: kept ? "kept" : "settled",
      results: results.map((one) => ({ ...one })),
    };
    const step = { kind: "released", key: `released:${run.run}:settled`, caseId: request.caseId, body } as const;
    await ports.ledger.append(releaseChain, [step], ports.clock.now());
    return kept ? "kept" : "settled";
  } finally {
    await run.close();
  }
}

async function takeOff(place: number, step: PlanStep, asked: AskedRelease): Promise<StepResult> {
  const { plan, run, ports } = asked;
  const put = plan.steps.findIndex((one) => putsRevoke(one) && sameSlot(one, step));
  const before = madeAt(asked, put).findLast(({ result }) => result?.outcome === "applied")?.change.after;
  if (before === undefined) return { outcome: "already", because: "it was never put" };
  const change: Change = { slot: step.change.slot, before, after: null };
  return applyStep({ place, change, account: plan.target.account, caseId: plan.caseId }, run, ports);
}

const sameSlot = (a: PlanStep, b: PlanStep): boolean => JSON.stringify(a.change.slot) === JSON.stringify(b.change.slot);
