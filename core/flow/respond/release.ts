import { isCutRecorded, markReleasing, restore, turn, uncut } from "../restore.ts";
import { openRun } from "./open-run.ts";
import { type AskedRelease, releasePermission } from "./release-permission.ts";
import { prepareRelease, type Released, type ReleasePorts, type ReleaseRequest } from "./release-run.ts";

/**
 * Takes a containment back: only what we wrote and only where it is still as we left it. May be called again at any time,
 * after any crash, by any worker. Of somebody compromised it takes nothing off before the ledger says that the sessions
 * from before were cut, and the account still shows it.
 */
export const release = (request: ReleaseRequest, ports: ReleasePorts): Promise<Released> =>
  asPermitted(request, ports, async (asked) => {
    if (!(await isCutRecorded(asked))) return turn(asked, "rewrite", "the sessions from before are not cut yet");
    const stale = await uncut(asked);
    return stale === undefined ? restore(asked, "release") : turn(asked, "rewrite", stale);
  });

/** Plans a release, asks for its approval, and does the work once it is there: for both functions. */
export async function asPermitted(
  request: ReleaseRequest,
  ports: ReleasePorts,
  work: (asked: AskedRelease) => Promise<Released>,
): Promise<Released> {
  const asked = await opened(request, ports, permitted);
  if (!("request" in asked)) return asked;
  // Each claims the principal anew, and the journal takes one writer at a time: what was read before is read again.
  if (asked.plan.planner === "release-benign" || (await isCutRecorded(asked)))
    if ((await markReleasing(asked)) === "busy") return { kind: "busy" };
  return opened(request, ports, async (again) => {
    const found = await permitted(again);
    return "request" in found ? work(found) : found;
  });
}

type Before = Omit<AskedRelease, "plan" | "hash" | "contained">;

async function opened<Result>(
  request: ReleaseRequest,
  ports: ReleasePorts,
  work: (before: Before) => Promise<Result>,
): Promise<Result | Released> {
  const run = await openRun({ run: request.run, principal: request.target.id, owner: ports.owner }, ports);
  if (run === undefined) return { kind: "busy" };
  try {
    return await work({ request, run, ports });
  } finally {
    await run.close();
  }
}

async function permitted(before: Before): Promise<AskedRelease | Released> {
  const { request, run, ports } = before;
  const over = run.entries.find((one) => one.kind === "ended");
  if (over?.kind === "ended") return { kind: "ended", end: endOf(over.end), because: over.because };
  const ended = async (end: "refused" | "superseded" | "released", because: string): Promise<Released> => {
    await run.record({ kind: "ended", end, because });
    return { kind: "ended", end, because };
  };
  if (run.entries.length === 0)
    await run.record({ kind: "received", request: { ...request, target: { ...request.target } } });
  const prepared = await prepareRelease(request, run, ports);
  if (prepared.kind === "refused") return ended("refused", prepared.because);
  if (prepared.kind === "nothing") return ended("released", prepared.because);
  const asked: AskedRelease = { ...before, ...prepared };
  const permission = await releasePermission(asked);
  const { plan, hash } = asked;
  if (permission.kind === "waiting") return { kind: "waiting", plan, hash, because: permission.because };
  return permission.kind === "superseded" ? ended("superseded", permission.because) : asked;
}

const endOf = (end: string): "released" | "released-partially" | "refused" | "superseded" | "failed" =>
  end === "released" || end === "released-partially" || end === "refused" || end === "superseded" ? end : "failed";
