import type { Instant } from "../../event/instant.ts";
import { Fault } from "../../fault.ts";
import type { Registry } from "../../identity/workload.ts";
import type { Ledger } from "../../record/ledger.ts";
import type { Approvals } from "../../respond/approval.ts";
import type { ApproverRules } from "../../respond/approved.ts";
import type { ControlPlane } from "../../respond/control-plane.ts";
import type { Journal } from "../../respond/journal.ts";
import { type Plan, type PlanHash, planHash, type Target } from "../../respond/plan.ts";
import { holdersOf, type Kept, type ReleaseKind, releasePlan } from "../../respond/release-plan.ts";
import { revokeSlot } from "../../respond/revoke.ts";
import { caseOf, type RunIndex } from "../../respond/run-index.ts";
import { type Slot, slotKey, type Value } from "../../respond/slot.ts";
import { type Snapshot, snapshotDigest } from "../../respond/snapshot.ts";
import { isContainment, onceWantedBy, oursIn, planIn, type RunLines, wantedBy } from "../../respond/written.ts";
import type { Clock } from "../clock.ts";
import type { Later } from "../later.ts";
import type { StepPorts } from "./apply-step.ts";
import type { OpenRun } from "./open-run.ts";

/** Somebody, or a standing approval, wants a case's containment of one principal taken back. */
export interface ReleaseRequest {
  /** Names this release; the same name is the same release, however often it is asked for. */
  readonly run: string;
  readonly caseId: string;
  readonly target: Target;
  readonly release: ReleaseKind;
  /** After a compromise: whether the owner attests that credentials cannot be replaced. */
  readonly credentials?: "the same";
}

/** The account's own time, which a wrong clock of ours does not change. */
export interface Moment {
  /** The `Date` of an answer of AWS. Throws Fault. */
  server(): Promise<Instant>;
  /** The newest event of the principal that was seen. */
  newestEvent(target: Target): Promise<Instant | undefined>;
}

export interface ReleasePorts extends StepPorts {
  readonly journal: Journal & RunIndex;
  readonly approvals: Approvals;
  readonly approvers: ApproverRules;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly later: Later;
  readonly clock: Clock;
  readonly moment: Moment;
  /** Names this process; a lease is one worker's. */
  readonly owner: string;
}

/** How far a release came. All but `ended` come again: `turn` by the other function, which was told. */
export type Released =
  | { readonly kind: "busy" }
  | { readonly kind: "waiting"; readonly plan: Plan; readonly hash: PlanHash; readonly because: string }
  | { readonly kind: "turn"; readonly of: "release" | "rewrite"; readonly because: string }
  | { readonly kind: "ended"; readonly end: ReleaseEnd; readonly because: string };

export type ReleaseEnd = "released" | "released-partially" | "refused" | "superseded" | "failed";

/** The chain that releases are written to. */
export const releaseChain = "releases";

export type PreparedRelease =
  | { readonly kind: "prepared"; readonly plan: Plan; readonly hash: PlanHash; readonly contained: readonly RunLines[] }
  | { readonly kind: "nothing"; readonly because: string }
  | { readonly kind: "refused"; readonly because: string };

/** The journaled plan of a release, or one made from what stands now. */
export async function prepareRelease(
  request: ReleaseRequest,
  run: OpenRun,
  ports: ReleasePorts,
): Promise<PreparedRelease> {
  const runs = await runsOf(request.target.id, ports.journal);
  const contained = runs.filter(({ lines }) => isContainment(lines) && caseOf(lines) === request.caseId);
  const known = run.entries.findLast((one) => one.kind === "planned");
  if (known?.kind === "planned") return { kind: "prepared", plan: known.plan, hash: known.hash, contained };
  if (contained.length === 0) return { kind: "refused", because: "this case contains no such principal" };
  const snapshot = await ports.controlPlane.snapshot(nameOf(request.target));
  if (snapshot === undefined) return { kind: "refused", because: `${request.target.arn} does not exist any more` };
  if (snapshot.target.id !== request.target.id || snapshot.target.account !== request.target.account)
    return { kind: "refused", because: `${request.target.arn} is another principal by now, made anew under the name` };
  const planned = releasePlan(await groundOf(request, { runs, contained, snapshot, ports }));
  if (planned.kind === "refused") return planned;
  if (planned.kind === "nothing") return { kind: "nothing", because: nothingLeft(planned.kept) };
  const hash = planHash(planned.plan);
  await run.record({ kind: "planned", plan: planned.plan, hash });
  return { kind: "prepared", plan: planned.plan, hash, contained };
}

/** What a target's state is asked for by: a key's by its own id, of which its user's ARN says nothing. */
const nameOf = ({ arn, id }: Target): string => (id.startsWith("AKIA") ? id : arn);

/** Every run about a principal, with its lines. */
export async function runsOf(principal: string, journal: Journal & RunIndex): Promise<readonly RunLines[]> {
  const runs = await journal.ofPrincipal(principal);
  return Promise.all(runs.map(async ({ run }) => ({ run, lines: await journal.read(run) })));
}

interface Around {
  readonly runs: readonly RunLines[];
  readonly contained: readonly RunLines[];
  readonly snapshot: Snapshot;
  readonly ports: ReleasePorts;
}

async function groundOf(request: ReleaseRequest, { runs, contained, snapshot, ports }: Around) {
  const own = new Set(contained.map(({ run }) => run));
  const mine = new Set(contained.flatMap(onceWantedBy).map(({ slot }) => slotKey(slot)));
  const ours = oursIn(runs).filter((one) => own.has(one.run) || mine.has(slotKey(one.slot)));
  const revokes = request.release === "benign" ? [] : holdersOf(ours).map((one) => revokeSlot(one, request.caseId));
  const slots = [...ours.map(({ slot }) => slot), ...revokes];
  const live = await liveOf(slots, ports.controlPlane);
  const wanted = runs.flatMap((one): readonly (readonly [string, string])[] => {
    const other = caseOf(one.lines) ?? "";
    return other === request.caseId ? [] : wantedBy(one).map(({ slot }) => [slotKey(slot), other]);
  });
  return {
    kind: request.release,
    caseId: request.caseId,
    target: request.target,
    blast: contained.map(({ lines }) => planIn(lines)?.blast).find((one) => one !== undefined) ?? nobody,
    ours,
    live,
    wanted: new Map(wanted),
    credentials: request.credentials ?? "replaced",
    ...(snapshot.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: snapshot.maxSessionSeconds }),
    snapshot: digestOf(request.target, slots, live),
  } as const;
}

const nobody = { sessions: 0, instances: 0, functions: 0, jobs: 0, workloads: [] };

/** What slots hold; one that may not be read is left out. Throws Fault where asking again may help. */
async function liveOf(slots: readonly Slot[], { read }: ControlPlane): Promise<ReadonlyMap<string, Value>> {
  const live = new Map<string, Value>();
  for (const slot of slots) {
    try {
      live.set(slotKey(slot), await read(slot));
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.retryable) throw cause;
    }
  }
  return live;
}

/** Digest of the slots that a release speaks of: what else somebody edits meanwhile is no matter of it. */
function digestOf(target: Target, slots: readonly Slot[], live: ReadonlyMap<string, Value>): string {
  const unique = new Map(slots.map((slot) => [slotKey(slot), slot]));
  const held = [...unique].map(([key, slot]) => ({ slot, value: live.get(key) ?? null }));
  return snapshotDigest({ schema: 1, target, held, quotas: {} });
}

/** Whether what was approved is still what would be done. */
export async function isUnchanged(request: ReleaseRequest, plan: Plan, ports: ReleasePorts): Promise<boolean> {
  const runs = await runsOf(request.target.id, ports.journal);
  const contained = runs.filter(({ lines }) => isContainment(lines) && caseOf(lines) === request.caseId);
  const snapshot = await ports.controlPlane.snapshot(nameOf(request.target));
  if (snapshot?.target.id !== request.target.id) return false;
  const { snapshot: digest } = await groundOf(request, { runs, contained, snapshot, ports });
  return digest === plan.snapshot;
}

const nothingLeft = (kept: readonly Kept[]): string =>
  kept.length === 0
    ? "nothing of ours stands"
    : `nothing is taken back: ${kept.map(({ because }) => because).join("; ")}`;
