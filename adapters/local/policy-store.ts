import { factKey } from "../../core/detect/fact.ts";
import { answerFrom, onlyPolicies, type PolicyFacts, type PolicyWrite } from "../memory/facts.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Policy documents on disk, by event time of their writes. */
export function sqliteFacts(store: Store): PolicyFacts {
  const { put, latest } = prepared(store, {
    put: "INSERT INTO policies (policy, at, event, schema, item) VALUES (?, ?, ?, 1, ?) ON CONFLICT DO NOTHING",
    latest: "SELECT schema, item FROM policies WHERE policy = ? AND at <= ? ORDER BY at DESC, event DESC LIMIT 1",
  });
  return {
    async learn(writes) {
      inTransaction(store, () => {
        for (const write of writes) put.run(write.policy, write.at, write.eventID, JSON.stringify(write));
      });
    },
    async answer(facts) {
      return new Map(
        facts.map((fact) => {
          if (fact.kind !== "managed-policy") return [factKey(fact), onlyPolicies];
          const row = reading(store, () => latest.get(fact.policy, fact.at));
          const write = row && itemIn(row, 1, `a write of ${fact.policy}`, (json): PolicyWrite => JSON.parse(json));
          return [factKey(fact), answerFrom(write)];
        }),
      );
    },
  };
}
