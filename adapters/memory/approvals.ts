import type { Approval, Approvals } from "../../core/respond/approval.ts";

/** Approvals that live as long as their process. */
export function memoryApprovals(): Approvals {
  const given = new Map<string, Approval>();
  const used = new Map<string, string>();
  return {
    async give(approval) {
      if (given.has(approval.id)) return "known";
      given.set(approval.id, approval);
      return "written";
    },
    of: async (caseId, plan) =>
      [...given.values()]
        .filter((one) => one.caseId === caseId && one.plan === plan)
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    async consume(ids, run) {
      if (ids.length === 0 || ids.some((id) => !given.has(id) || (used.get(id) ?? run) !== run)) return false;
      for (const id of ids) used.set(id, run);
      return true;
    },
  };
}
