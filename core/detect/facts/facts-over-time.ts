import { identityAt } from "../../iam/account/identity-at.ts";
import { identityKey } from "../../iam/account/write-key.ts";
import type { WriteStore } from "../../iam/account/write-log.ts";
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
  if (then === undefined) return { kind: "unknown", because: `${fact.arn} was not there at that time` };
  const because = then.between === 0 ? answer.because : minding(answer.because, then);
  return { ...answer, identity: then.identity, because };
}

const minding = (because: string, { between, identity }: Then): string =>
  `${because}, minding ${between === 1 ? "the write" : `${between} writes`} between${
    identity.extent === "part" ? "; what was there at the time is not fully known" : ""
  }`;

type Then = NonNullable<ReturnType<typeof identityAt>>;
