import { parseArn } from "../iam/arn.ts";
import { inlineDeny } from "./inline-deny.ts";
import type { PlanStep } from "./plan.ts";
import type { PlanRequest, Refusal } from "./planned.ts";
import { trustDeny } from "./trust-deny.ts";

/** Whom an outside issuer vouches for. */
export interface Subject {
  /** Without its scheme, as IAM names the provider. */
  readonly issuer: string;
  /** Exactly as the token says it. */
  readonly subject: string;
  readonly who: string;
}

/**
 * Two steps: no new session for the subject, and nothing for the sessions that it has. `<issuer>:sub` is known at both
 * moments (IAM User Guide, "Available keys for AWS OIDC federation").
 */
export function subjectSteps(request: PlanRequest, { issuer, subject, who }: Subject): readonly PlanStep[] | Refusal {
  const { arn, account } = request.snapshot.target;
  const provider = `arn:${parseArn(arn)?.partition ?? "aws"}:iam::${account}:oidc-provider/${issuer}`;
  const condition = { StringEquals: { [`${issuer}:sub`]: subject } };
  const door = trustDeny(request, {
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principal: { Federated: provider },
    condition,
    does: `lets ${who} into no new session`,
  });
  if (!("change" in door)) return door;
  const inside = inlineDeny(request, {
    name: "subject",
    actions: "*",
    condition,
    does: `denies everything to the sessions of ${who}`,
  });
  return "change" in inside ? [door, inside] : inside;
}
