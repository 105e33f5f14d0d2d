import { allowanceFor, type Budget, type Spend } from "../../core/decide/budget.ts";
import { inTransaction, prepared, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Breakers' counts on disk: one transaction reads, decides and counts, so that two workers never share the last place. */
export function sqliteBudget(store: Store): Budget {
  const { near, put } = prepared(store, {
    near: "SELECT schema, item FROM spends WHERE account = ? AND at BETWEEN ? AND ?",
    put: "INSERT INTO spends (run, schema, account, at, item) VALUES (?, 1, ?, ?, ?) ON CONFLICT DO NOTHING",
  });
  return {
    async take(spend) {
      return inTransaction(store, () => {
        const before = near
          .all(spend.account, spend.at - day, spend.at + day)
          .map((row) => itemIn(row, 1, "a counted containment", (json): Spend => JSON.parse(json)));
        const allowed = allowanceFor(spend, before);
        if (allowed.kind === "taken") put.run(spend.run, spend.account, spend.at, JSON.stringify(spend));
        return allowed;
      });
    },
  };
}

const day = 86_400_000;
