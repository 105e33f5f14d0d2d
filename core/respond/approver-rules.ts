import { ownerOf } from "../decide/guards.ts";
import type { Approver } from "../identity/manifest/manifest-governance.ts";
import type { Registry } from "../identity/workload.ts";
import type { Approval } from "./approval.ts";
import type { ApproverRules } from "./approved.ts";
import type { Plan } from "./plan.ts";

/** What the rules are made from. */
export interface ApprovalGround {
  readonly registry: Registry;
  readonly approvers: readonly Approver[];
  /** Whom a case is about and who wrote the manifest or rule behind it, as the identity provider names them. */
  readonly concerned: (caseId: string) => readonly Person[];
  /** For a store on this machine only: `local:<os user>` may decide there. */
  readonly local: "counts" | "never";
}

type Person = Pick<Approval["by"], "issuer" | "subject">;

/**
 * Who may approve: the Approver documents that the target's manifest names, else all of them. Never whoever the case is
 * about or whose rule fired. Two people where the manifest says critical or protected.
 */
export function approverRules({ registry, approvers, concerned, local }: ApprovalGround): ApproverRules {
  const manifestOf = (plan: Plan) => ownerOf(plan.target.arn, registry);
  return {
    acceptsLocal: local === "counts",
    needed: (plan) => {
      const manifest = manifestOf(plan);
      return manifest?.tier === "critical" || manifest?.protected === true ? 2 : 1;
    },
    mayApprove(by, plan) {
      if (by.issuer === localIssuer) return local === "counts";
      const named = manifestOf(plan)?.response.approvers;
      const able = named === undefined ? approvers : approvers.filter((one) => named.includes(one.name));
      return able.some(({ identities }) => identities.some((one) => isSame(one, by)));
    },
    isConcerned: (by, plan) => concerned(plan.caseId).some((one) => isSame(one, by)),
  };
}

/** The issuer of decisions that a person on this machine makes. */
export const localIssuer = "local";

const isSame = (a: Person, b: Person): boolean => a.issuer === b.issuer && a.subject === b.subject;
