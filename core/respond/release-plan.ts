import type { Blast } from "../decide/blast.ts";
import { undoOf } from "./change.ts";
import type { Plan, PlanStep, Target } from "./plan.ts";
import { endsRevoke, putsRevoke, revokeHours, revokeSlot, revokeSteps, revokesBefore } from "./revoke.ts";
import { type Holder, isFinal, type Slot, sameValue, slotKey, type Value } from "./slot.ts";
import type { Ours } from "./written.ts";

/** `compromised` cuts every session from before; `benign` takes the containment off and cuts nobody. */
export type ReleaseKind = "benign" | "compromised";

/** What a release leaves as it is, and why. */
export interface Kept {
  readonly slot: Slot;
  readonly because: string;
}

/** What a release is planned from. */
export interface ReleaseGround {
  readonly kind: ReleaseKind;
  readonly caseId: string;
  readonly target: Target;
  readonly blast: Blast;
  /** What we wrote for this case and have not taken back. */
  readonly ours: readonly Ours[];
  /** What the slots hold now, by their key: those of `ours` and of the revokes. */
  readonly live: ReadonlyMap<string, Value>;
  /** Slots that another case wants as they are, with its id. */
  readonly wanted: ReadonlyMap<string, string>;
  /** After a compromise a credential is replaced; only where that is impossible is the old one switched on again. */
  readonly credentials: "replaced" | "the same";
  readonly maxSessionSeconds?: number;
  /** Digest of the state that it was made from. */
  readonly snapshot: string;
}

export type PlannedRelease =
  | { readonly kind: "plan"; readonly plan: Plan; readonly kept: readonly Kept[] }
  /** Nothing of ours stands. */
  | { readonly kind: "nothing"; readonly kept: readonly Kept[] }
  | { readonly kind: "refused"; readonly because: string };

/** Whose rights a step needs: `release` takes off what holds no document, `rewrite` does everything else. */
export const turnOf = ({ change }: PlanStep): "release" | "rewrite" =>
  plain.has(change.slot.kind) ? "release" : "rewrite";

const plain: ReadonlySet<Slot["kind"]> = new Set([
  "attached-policy",
  "boundary",
  "tag",
  "access-key",
  "service-credential",
  "ssh-key",
  "signing-certificate",
]);

const credentials: ReadonlySet<Slot["kind"]> = new Set([
  "access-key",
  "service-credential",
  "ssh-key",
  "signing-certificate",
]);

/** Takes back what is ours and still as we left it, after everything that it lets in again was cut. Pure. */
export function releasePlan(ground: ReleaseGround): PlannedRelease {
  const kept: Kept[] = [];
  const restores = ground.ours.toReversed().flatMap((one) => {
    const because = keptBecause(one, ground);
    if (because === "done") return [];
    if (because === undefined) return [restoring(one)];
    kept.push({ slot: one.slot, because });
    return [];
  });
  const [first, ...rest] = restores;
  if (first === undefined) return { kind: "nothing", kept };
  const revokes = ground.kind === "compromised" ? holdersOf(ground.ours).map((one) => revokeOf(one, ground)) : [];
  if (revokes.some(({ put }) => put.change.before !== null && revokesBefore(put.change.before) === undefined))
    return { kind: "refused", because: "a policy of the name that the revoke would have is there already" };
  const steps = [...revokes.map(({ put }) => put), first, ...rest, ...revokes.map(({ off }) => off)];
  const [head = first, ...tail] = steps;
  const { caseId, target, blast, snapshot } = ground;
  return {
    kind: "plan",
    kept,
    plan: {
      schema: 1,
      planner: `release-${ground.kind}`,
      caseId,
      target,
      steps: [head, ...tail],
      tier: 2,
      notStopped: ground.kind === "benign" ? goesOnBenign : goesOnCompromised,
      sideEffects: [...cuts(ground, revokes), ...kept.map(({ slot, because }) => `stays: ${named(slot)}: ${because}`)],
      blast,
      snapshot,
    },
  };
}

/** The steps that undo the containment itself. */
export const isRestore = (step: PlanStep): boolean => !putsRevoke(step) && !endsRevoke(step);

/** Users and roles whose sessions the containment held back. */
export function holdersOf(ours: readonly Ours[]): readonly Holder[] {
  const found = new Map<string, Holder>();
  for (const { slot } of ours) {
    const holder = holderOf(slot);
    if (holder !== undefined) found.set(holder.arn, holder);
  }
  return [...found.values()];
}

function holderOf(slot: Slot): Holder | undefined {
  if ("holder" in slot) return slot.holder;
  if ("role" in slot) return { kind: "role", arn: slot.role };
  return "user" in slot ? { kind: "user", arn: slot.user } : undefined;
}

function revokeOf(holder: Holder, { caseId, maxSessionSeconds, live }: ReleaseGround) {
  const slot = revokeSlot(holder, caseId);
  const hours = revokeHours(holder, maxSessionSeconds);
  const { put, off } = revokeSteps(slot, hours);
  // An earlier release of the case may have left one: it is set to a later moment.
  return { holder, hours, off, put: { ...put, change: { ...put.change, before: live.get(slotKey(slot)) ?? null } } };
}

const restoring = (ours: Ours): PlanStep => {
  const undo = undoOf(ours);
  return {
    change: { slot: undo.slot, before: undo.before, after: undo.after },
    tier: 2,
    ...(ours.slot.kind === "tag" ? { optional: true } : {}),
    does: `takes back ${named(ours.slot)}`,
  };
};

function keptBecause(ours: Ours, ground: ReleaseGround): string | undefined {
  const key = slotKey(ours.slot);
  const now = ground.live.get(key);
  if (isFinal(ours.slot)) return "what was stopped cannot be started again";
  if (now === undefined) return "it could not be read";
  if (sameValue(now, ours.before)) return "done";
  if (!sameValue(now, ours.after)) return "somebody else has changed it since; theirs is kept";
  const other = ground.wanted.get(key);
  if (other !== undefined) return `case ${other} wants it as it is`;
  if (ground.kind === "compromised" && ground.credentials === "replaced" && credentials.has(ours.slot.kind))
    return "a credential of somebody who was compromised is replaced, not switched on again";
  return undefined;
}

/** Who loses what by the release itself, and for how long. */
function cuts(
  { kind, blast }: ReleaseGround,
  revokes: readonly { readonly holder: Holder; readonly hours: number }[],
): readonly string[] {
  if (kind === "benign")
    return ["cuts nobody: whoever holds credentials of it goes on with them, also whoever stole some"];
  if (revokes.length === 0) return ["cuts nobody: no user or role was contained, and a thing has no sessions"];
  return [
    `cuts every session from before then (${blast.sessions} seen in 24 hours), each until it has new credentials`,
    ...(blast.instances > 0 ? [`${blast.instances} instances may hold old credentials for up to 6 hours`] : []),
    ...(blast.functions > 0
      ? [`${blast.functions} functions hold old credentials until their environments are renewed`]
      : []),
    ...revokes.map(
      ({ holder, hours }) => `no session of ${holder.arn} from before then works again; the Deny stays ${hours} hours`,
    ),
  ];
}

const goesOnBenign = ["sessions from before keep all the rights that they had"];
const goesOnCompromised = [
  "a long-term key is not a session: it is held back by its own status only",
  "sessions of other roles that were begun with the old ones go on until they expire",
];

/** A slot in words. */
export function named(slot: Slot): string {
  if (slot.kind === "attached-policy") return `${slot.policy} on ${slot.holder.arn}`;
  if (slot.kind === "inline-policy") return `the policy ${slot.name} of ${slot.holder.arn}`;
  if (slot.kind === "tag") return `the tag ${slot.key} of ${slot.holder.arn}`;
  const { kind, ...where } = slot;
  const what = Object.values(where).map((one) => (typeof one === "string" ? one : one.arn));
  return `${kind.replaceAll("-", " ")} of ${what.join(" ")}`;
}
