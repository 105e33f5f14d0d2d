import { identityAt } from "../iam/identity-at.ts";
import { identityKey } from "../iam/write-key.ts";
import type { WriteStore } from "../iam/write-log.ts";
import { type Fact, type FactAnswer, type FactSource, type Facts, factKey } from "./fact.ts";

/**
 * Asks `beyond` for what the history does not tell, or tells in part only. What IAM says is younger than the event: writes
 * that are known since are taken back; what cannot be taken back makes the answer partial, and it says so.
 */
export function factsOverTime(
  history: FactSource,
  read: WriteStore["read"],
  beyond: FactSource | undefined,
): FactSource {
  if (beyond === undefined) return history;
  return {
    async answer(facts) {
      const known = new Map(await history.answer(facts));
      const open = facts.filter((fact) => isOpen(known.get(factKey(fact))));
      if (open.length === 0) return known;
      const told = await beyond.answer(open);
      for (const fact of open) {
        const answer = await atItsTime(fact, told, read);
        if (answer !== undefined && answer.kind !== "unknown") known.set(factKey(fact), answer);
        else if (answer !== undefined && known.get(factKey(fact))?.kind === "unknown") known.set(factKey(fact), answer);
      }
      return known;
    },
  };
}

const isOpen = (answer: FactAnswer | undefined): boolean =>
  answer === undefined ||
  answer.kind === "unknown" ||
  (answer.kind === "identity" && answer.identity.extent === "part");

async function atItsTime(fact: Fact, told: Facts, read: WriteStore["read"]): Promise<FactAnswer | undefined> {
  const answer = told.get(factKey(fact));
  if (fact.kind !== "identity" || answer?.kind !== "identity" || answer.readAt === undefined) return answer;
  const key = identityKey(fact.arn);
  const log = (await read([key])).get(key) ?? [];
  const then = identityAt(answer.identity, { log, moment: fact.before, readAt: answer.readAt });
  if (then === undefined) return { kind: "unknown", because: `${fact.arn} was made after that, says IAM` };
  return {
    ...answer,
    identity: then.identity,
    because: then.undone === 0 ? answer.because : takenBack(answer.because, then),
  };
}

const takenBack = (because: string, { undone, identity }: { undone: number; identity: { extent: string } }): string =>
  `${because}, less ${undone === 1 ? "the write" : `${undone} writes`} since${
    identity.extent === "part" ? "; what was there before is not fully known" : ""
  }`;
