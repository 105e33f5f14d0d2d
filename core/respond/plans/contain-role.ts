import { accountOf, parseArn } from "../../iam/arn.ts";
import type { Change } from "../change.ts";
import { type PlanStep, tierOf } from "../plan.ts";
import { definePlanner, type PlanRequest } from "../planner.ts";
import { type Holder, type Slot, sameValue } from "../slot.ts";
import { heldIn, snapshotDigest } from "../snapshot.ts";
import { markers } from "./markers.ts";

/** AWS's own policy of one statement, deny everything on everything: nobody in the account can edit it. */
export const denyAllArn = (partition: string): string => `arn:${partition}:iam::aws:policy/AWSDenyAll`;

/** Denies everything to a role: all its sessions, old and new. The boundary's slot serves where no attachment is free. */
export const containRole = definePlanner({
  id: "contain-role",
  action: "contain-role",
  title: "Deny everything to a role",
  sets: [
    { slot: "attached-policy", to: ["AWSDenyAll"], tier: 1 },
    { slot: "boundary", to: ["AWSDenyAll"], tier: 1 },
    { slot: "tag", to: ["quarantine:*"], tier: 1 },
  ],
  plan(request) {
    const { snapshot } = request;
    const { arn } = snapshot.target;
    const refusal = refusalFor(arn);
    if (refusal !== undefined) return refusal;
    const holder: Holder = { kind: "role", arn };
    const policy = denyAllArn(parseArn(arn)?.partition ?? "aws");
    const attach = setting(request, { kind: "attached-policy", holder, policy }, "attached");
    const bound = setting(request, { kind: "boundary", holder }, policy);
    const deny: PlanStep = isFull(request)
      ? { change: bound, tier: 1, does: "denies everything to the role by its boundary, since no attachment is free" }
      : { change: attach, instead: bound, tier: 1, does: "denies everything to the role" };
    const steps = [deny, ...markers(request, holder)] as const;
    return {
      kind: "plan",
      plan: {
        schema: 1,
        planner: "contain-role",
        caseId: request.caseId,
        target: snapshot.target,
        steps,
        tier: tierOf(steps),
        notStopped: stillGoing,
        sideEffects: ["every workload that uses this role stops at its next call to AWS"],
        blast: request.blast,
        snapshot: snapshotDigest(snapshot),
      },
    };
  },
});

/** What deny-all leaves (design D.1): said in every notice. */
const stillGoing = [
  "sessions of other roles that this role has assumed already go on until they expire, an hour at most each",
  "jobs, instances, functions and pods that run go on running, without AWS calls",
  "open SSM, SSH and Studio sessions stay open",
  "tokens that were handed out (ECR logins, database tokens, tokens for outside services) stay valid until they expire",
  "a login to an EKS cluster may still work until the role's access entry is removed",
  "resources that are open to everyone stay open",
  "what was copied is copied",
];

function refusalFor(arn: string) {
  const resource = parseArn(arn)?.resource ?? "";
  if (resource.startsWith("role/aws-service-role/"))
    return {
      kind: "ticket",
      because: "a service-linked role cannot be changed in IAM",
      steps: [
        "stop the work in the service that owns the role",
        `look up what ${resource} did since the first bad call`,
      ],
    } as const;
  if (resource.startsWith("role/aws-reserved/"))
    return {
      kind: "ticket",
      because: "a role of IAM Identity Center cannot be changed in IAM",
      steps: [
        "remove the person's account assignment in IAM Identity Center",
        "disable the person at the identity provider",
      ],
    } as const;
  return accountOf(arn) === undefined
    ? ({ kind: "refused", because: "it is no role of an account" } as const)
    : undefined;
}

const setting = ({ snapshot }: PlanRequest, slot: Slot, after: Change["after"]): Change => ({
  slot,
  before: heldIn(snapshot, slot) ?? null,
  after,
});

/** Ten policies unless the account has a higher quota (IAM User Guide, "IAM and AWS STS quotas"). */
function isFull({ snapshot }: PlanRequest): boolean {
  const attached = snapshot.held.filter(
    ({ slot, value }) => slot.kind === "attached-policy" && !sameValue(value, null),
  );
  return attached.length >= (snapshot.quotas["AttachedPoliciesPerRoleQuota"] ?? 10);
}
