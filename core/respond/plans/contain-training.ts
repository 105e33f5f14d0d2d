import { denyStep } from "../deny-steps.ts";
import { inlineDeny } from "../inline-deny.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import type { Holder } from "../slot.ts";
import { stillGoing } from "../still-going.ts";
import { markers } from "./markers.ts";

/** What a training job needs not: it goes on writing its checkpoints and logs, in its own account. */
const beyondTraining = [
  "iam:*",
  "sts:Assume*",
  "sts:GetFederationToken",
  "sts:GetSessionToken",
  "secretsmanager:*",
  "ssm:*",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "bedrock:*",
  "sagemaker:Create*",
  "sagemaker:Start*",
  "sagemaker:Update*",
  "ec2:Run*",
  "lambda:*",
];

/**
 * Contains the execution role of SageMaker work: lite, unless the action says `deny-all`, so that running jobs keep their
 * bucket and their logs. Denying everything in the middle of a training run loses what is not in a checkpoint yet.
 */
export const containTraining = definePlanner({
  id: "contain-training",
  title: "Contain a SageMaker execution role, lite or in full",
  target: "the execution role's ARN; in full with the grade `deny-all`, otherwise lite",
  classes: ["training", "model-serving", "pipeline"],
  sets: [
    { slot: "inline-policy", to: ["a Deny of all but training's own work"], tier: 2 },
    { slot: "attached-policy", to: ["AWSDenyAll"], tier: 2 },
    { slot: "boundary", to: ["AWSDenyAll"], tier: 2 },
    { slot: "tag", to: ["quarantine:*"], tier: 1 },
  ],
  sideEffects: [
    "lite: jobs and endpoints of the role can assume no role, read no secret, start nothing and reach no bucket of another account",
    "in full: running jobs lose what is not in a checkpoint, endpoints go on serving but cannot scale or pull",
  ],
  notStopped: [
    "running jobs, endpoints and notebooks go on running and costing; StopTrainingJob leaves a job its credentials for 120 seconds",
    "lite: whatever the role may do with the buckets and logs of its own account",
    ...stillGoing,
  ],
  undo: "the policy that was written is deleted, or the deny detached, and the tags are taken off; a job that died is not resumed",
  draft(request) {
    const { arn, account } = request.snapshot.target;
    if (!arn.includes(":role/")) return refused("it is no role");
    const holder: Holder = { kind: "role", arn };
    if (request.action.grade === "deny-all")
      return drafted({ ...denyStep(request, holder), tier: 2 }, ...markers(request, holder));
    const lite = inlineDeny(request, {
      name: "training",
      actions: beyondTraining,
      and: { actions: ["s3:*"], condition: { StringNotEquals: { "aws:ResourceAccount": account } } },
      does: "denies what is not training's own work: IAM, roles, secrets, grants, models, launches, buckets of other accounts",
    });
    return "change" in lite ? drafted(lite, ...markers(request, holder)) : lite;
  },
});
