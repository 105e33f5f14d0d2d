import { instant } from "../../event/instant.ts";
import {
  type AccountHistory,
  accountHistory,
  type InitialState,
  type KnownHistory,
  type Origin,
} from "../../iam/account/account-history.ts";
import type { IamWrite } from "../../iam/account/iam-change.ts";
import type { WriteKey } from "../../iam/account/write-key.ts";
import type { WriteStore } from "../../iam/account/write-log.ts";
import { type Fact, type FactAnswer, type FactSource, factKey } from "./fact.ts";

/** Answers one question from IAM's history. */
export function answerFrom(history: AccountHistory, fact: Fact): FactAnswer {
  switch (fact.kind) {
    case "managed-policy": {
      // A write of the same second counts, whatever its id.
      const said = history.contentBefore(fact.policy, { at: instant(fact.at + 1), id: "" });
      if (said.kind === "gone") return unknown(`${fact.policy} was deleted before`);
      return said.kind === "there" && said.document !== undefined
        ? { kind: "managed-policy", document: said.document, because: "the default version of the policy at that time" }
        : unknown(`the content of ${fact.policy} is not known here`);
    }
    case "identity":
      return identityAnswer(fact.arn, history.identityBefore(fact.arn, fact.before));
    case "holders": {
      const { holders, more } = history.holdersBefore(fact.policy, fact.before);
      return holders.length === 0
        ? unknown(`nobody is known to have had ${fact.policy}`)
        : { kind: "holders", holders, more, because: "attachments that are known by that time" };
    }
    case "instance-profile": {
      const found = history.profileBefore(fact.arn, fact.before);
      if (found.kind === "unseen") return unknown(`nothing is known of ${fact.arn}`);
      const role = found.role === undefined ? {} : { role: found.role };
      return { kind: "instance-profile", ...role, because: "as last written in these records" };
    }
    case "controls": {
      const found = history.controlsBefore(fact.account, fact.before);
      if (found === undefined) return unknown(`no organization state says where account ${fact.account} stands`);
      const { service, resource, missing } = found;
      const short = missing.length === 0 ? "" : `; the text of ${missing.join(", ")} is not known`;
      return { kind: "controls", service, resource, because: `the organization state and what changed it${short}` };
    }
    case "resource-policy": {
      const found = history.onResourceBefore(fact.resource, fact.before);
      if (found.kind === "unseen") return unknown(`no policy of ${fact.resource} was seen before`);
      if (found.kind === "unreadable")
        return unknown(`the policy of ${fact.resource} is not readable: ${found.because}`);
      const document = found.document === undefined ? {} : { document: found.document };
      const because = found.extent === "whole" ? "as last written" : "only the statements that these records added";
      return { kind: "resource-policy", ...document, because };
    }
    case "started-from":
      return unknown("IAM's history does not tell of capacity");
    case "works-as":
      return unknown("IAM's history does not tell what works as a role");
    case "configuration":
      return unknown("IAM's history does not tell of configurations");
  }
}

function identityAnswer(arn: string, found: KnownHistory): FactAnswer {
  if (found.kind === "unseen") return unknown(`nothing is known of ${arn} by that time`);
  if (found.kind === "gone") return unknown(`${arn} was deleted before`);
  return { kind: "identity", identity: found.identity, because: origins[found.from] };
}

const origins: Readonly<Record<Origin, string>> = {
  "account-state": "from the account state",
  "account-state-and-writes": "from the account state and the writes in these records",
  creation: "from its creation in these records and the writes since",
  writes: "only from the writes that these records show",
};

const unknown = (because: string): FactAnswer => ({ kind: "unknown", because });

/** A fact source over a history that is all at hand. */
export const historyFacts = (history: AccountHistory): FactSource => ({
  answer: async (facts) => new Map(facts.map((fact) => [factKey(fact), answerFrom(history, fact)])),
});

/** An answer leads from an identity to its groups and policies and no further; more rounds are a bug. */
const mostRounds = 8;

/**
 * A fact source over stored writes: it asks for the logs that an answer turns out to need, a round at a time, until an
 * answer needs none that was not read.
 */
export function storedFacts(store: WriteStore, initial: InitialState): FactSource {
  return {
    async answer(facts) {
      const read = new Map<WriteKey, readonly IamWrite[]>();
      for (let round = 0; round < mostRounds; round++) {
        const open = new Set<WriteKey>();
        const history = accountHistory(initial, (key) => {
          const known = read.get(key);
          if (known === undefined) open.add(key);
          return known ?? [];
        });
        const answers = new Map(facts.map((fact) => [factKey(fact), answerFrom(history, fact)]));
        if (open.size === 0) return answers;
        for (const [key, log] of await store.read([...open])) read.set(key, log);
      }
      throw new Error("an answer asks for ever more logs");
    },
  };
}
