import { ownerOf } from "../../decide/guards.ts";
import { instant } from "../../event/instant.ts";
import { approvalsFor } from "../../respond/approved.ts";
import type { Plan, PlanHash } from "../../respond/plan.ts";
import { isContainment, type RunLines, wasAutomatic } from "../../respond/written.ts";
import type { OpenRun } from "./open-run.ts";
import { isUnchanged, type ReleasePorts, type ReleaseRequest } from "./release-run.ts";

export type ReleasePermission =
  | { readonly kind: "granted" }
  | { readonly kind: "waiting" | "superseded"; readonly because: string };

export interface AskedRelease {
  readonly request: ReleaseRequest;
  readonly plan: Plan;
  readonly hash: PlanHash;
  readonly run: OpenRun;
  readonly contained: readonly RunLines[];
  readonly ports: ReleasePorts;
}

/** An automatic containment may be taken back as benign by one person within so many milliseconds of its first call. */
export const quickRelease = 60 * 60_000;

/**
 * A release is always approved: by people who were shown exactly this plan, or by the manifest that was merged with
 * `response.release` in it. What was approved once holds for all parts of this one plan, and for no other.
 */
export async function releasePermission(asked: AskedRelease): Promise<ReleasePermission> {
  const { run } = asked;
  const used = run.entries.flatMap((one) => (one.kind === "approved" ? [one.approval] : []));
  if (used.length > 0) return heldTo(used, asked);
  const standing = standingFor(asked);
  if (standing !== undefined) {
    await run.record({ kind: "approved", approval: standing });
    return unchanged(asked);
  }
  return approvedBy(asked);
}

/** True where one person may say that it was nothing: reviewed afterwards. */
export const isQuick = ({ request, contained, ports }: AskedRelease): boolean =>
  request.release === "benign" &&
  contained.every(({ lines }) => wasAutomatic(lines)) &&
  contained.every(({ lines }) => ports.clock.now() - (beganAt(lines) ?? 0) <= quickRelease);

/** Again, in a later part: the approvals must be of this plan, and used up by this run. */
async function heldTo(used: readonly string[], asked: AskedRelease): Promise<ReleasePermission> {
  const { plan, hash, run, ports } = asked;
  const people = used.filter((id) => !id.startsWith(standingPrefix));
  const given = (await ports.approvals.of(plan.caseId, hash)).filter(({ kind }) => kind === "approve");
  const known = people.every((id) => given.some((one) => one.id === id));
  if (!known || (people.length > 0 && !(await ports.approvals.consume(people, run.run))))
    return { kind: "superseded", because: "its approvals are not of this plan" };
  return run.entries.some(({ kind }) => kind === "intent") ? { kind: "granted" } : unchanged(asked);
}

const standingPrefix = "manifest:";

/**
 * The manifest's standing approval: for automatic containments of exactly this workload, after its time, and never of
 * somebody who fought the containment or is said to be compromised.
 */
function standingFor({ request, plan, contained, ports }: AskedRelease): string | undefined {
  const manifest = ownerOf(plan.target.arn, ports.registry);
  const after = manifest?.response.release?.after;
  if (manifest?.hash === undefined || after === undefined || request.release !== "benign") return undefined;
  const now = ports.clock.now();
  const isDue = contained.every(({ lines }) => {
    const began = beganAt(lines);
    const fought = lines.some(({ entry }) => entry.kind === "verified" && entry.standing === "reverted");
    return isContainment(lines) && wasAutomatic(lines) && began !== undefined && now >= began + after && !fought;
  });
  return isDue ? `${standingPrefix}${manifest.name}:${manifest.hash}` : undefined;
}

const beganAt = (lines: RunLines["lines"]): number | undefined =>
  lines.find(({ entry }) => entry.kind === "intent")?.at;

async function approvedBy(asked: AskedRelease): Promise<ReleasePermission> {
  const { plan, hash, run, ports } = asked;
  const rules = isQuick(asked) ? { ...ports.approvers, needed: () => 1 as const } : ports.approvers;
  const now = instant(ports.clock.now());
  const found = approvalsFor(await ports.approvals.of(plan.caseId, hash), { plan, hash, now }, rules);
  if (found.kind === "missing") return { kind: "waiting", because: `a release is always approved: ${found.because}` };
  if (found.kind === "denied") return { kind: "superseded", because: found.because };
  if (!(await ports.approvals.consume(found.ids, run.run)))
    return { kind: "waiting", because: "the approval was used for something else" };
  await run.record(...found.ids.map((approval) => ({ kind: "approved" as const, approval })));
  return unchanged(asked);
}

async function unchanged({ request, plan, ports }: AskedRelease): Promise<ReleasePermission> {
  return (await isUnchanged(request, plan, ports))
    ? { kind: "granted" }
    : { kind: "superseded", because: "what stands has changed since the plan was made: ask for the release anew" };
}
