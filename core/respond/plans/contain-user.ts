import { gradeSays } from "../deny-policies.ts";
import { denyStep, gradeReads, isMild, mildGradeOf } from "../deny-steps.ts";
import type { PlanStep } from "../plan.ts";
import { type PlanRequest, refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Holder, Slot } from "../slot.ts";
import { markers } from "./markers.ts";

const remaining = [
  "sessions of roles that the user has assumed already go on until they expire, an hour at most each",
  "tokens that were handed out (database tokens, tokens for outside services) stay valid until they expire",
  "resources that are open to everyone stay open",
  "what was copied is copied",
];

/**
 * Denies everything, or a grade less, to an IAM user. The deny comes first: a key that is switched off leaves the tokens
 * that were made with it alive for up to 36 hours, the deny does not.
 */
export const containUser = definePlanner({
  id: "contain-user",
  title: "Deny everything to an IAM user and switch its keys off, or deny a grade less",
  target: "a user's ARN",
  sets: [
    {
      slot: "attached-policy",
      to: ["AWSDenyAll", "CordonDenySpend", "CordonDenySecrets", "CordonDenyEscalation"],
      tier: 1,
    },
    { slot: "boundary", to: ["AWSDenyAll"], tier: 1 },
    { slot: "access-key", to: ["Inactive"], tier: 1 },
    { slot: "service-credential", to: ["Inactive"], tier: 1 },
    { slot: "tag", to: ["quarantine:*"], tier: 1 },
  ],
  sideEffects: [
    "whoever and whatever signs in or signs calls as this user stops: console, keys, Bedrock API keys, tokens made with them",
  ],
  notStopped: remaining,
  undo: "the deny and the tags are taken off; keys become active again only when the owner says that rotating them is impossible",
  reads: gradeReads,
  draft(request) {
    const { arn } = request.snapshot.target;
    if (!arn.includes(":user/")) return refused("it is no IAM user");
    const holder: Holder = { kind: "user", arn };
    const deny = denyStep(request, holder);
    const grade = mildGradeOf(request.action);
    if (grade === undefined || !isMild(deny))
      return drafted(deny, ...switchedOff(request), ...markers(request, holder));
    return {
      ...drafted(deny, ...markers(request, holder)),
      sideEffects: [`whoever uses this user can do no more of this: ${gradeSays[grade].denies}`],
      notStopped: [gradeSays[grade].leaves, "its keys stay active", ...remaining],
    };
  },
});

/** Every key and every credential of a service that is active; long-term Bedrock API keys are among the latter. */
const switchedOff = (request: PlanRequest): readonly PlanStep[] =>
  request.snapshot.held.flatMap(({ slot, value }) =>
    value === "Active" && (slot.kind === "access-key" || slot.kind === "service-credential")
      ? [{ change: setting(request, slot, "Inactive"), tier: 1 as const, does: `switches off ${named(slot)}` }]
      : [],
  );

function named(slot: Extract<Slot, { readonly kind: "access-key" | "service-credential" }>): string {
  return slot.kind === "access-key"
    ? `the access key ${slot.accessKeyId}`
    : `the service-specific credential ${slot.credentialId}`;
}
