import { allowanceFor, type Budget, type Spend } from "../../core/decide/budget.ts";

/** Breakers' counts that live as long as their process. */
export function memoryBudget(): Budget {
  const spent: Spend[] = [];
  return {
    async take(spend) {
      const allowed = allowanceFor(spend, spent);
      if (allowed.kind === "taken") spent.push(spend);
      return allowed;
    },
  };
}
