import { type FactAnswer, type FactSource, factKey } from "../../core/detect/fact.ts";
import type { Instant } from "../../core/event/instant.ts";
import type { JsonObject } from "../../core/event/json.ts";
import type { PolicyArn } from "../../core/iam/arn.ts";
import { parsePolicy } from "../../core/iam/policy.ts";

/** One write of a managed policy's default version, by event time; no document means that the policy was deleted. */
export interface PolicyWrite {
  readonly schema: 1;
  readonly policy: PolicyArn;
  readonly at: Instant;
  readonly eventID: string;
  /** As recorded, unparsed. */
  readonly document?: JsonObject | string;
}

/** A fact source that is taught by the writes it is shown. Commutative and idempotent. */
export interface PolicyFacts extends FactSource {
  learn(writes: readonly PolicyWrite[]): Promise<void>;
}

/** Policy documents that live as long as their process. */
export function memoryFacts(): PolicyFacts {
  const writes = new Map<string, PolicyWrite>();
  return {
    async learn(seen) {
      for (const write of seen) writes.set(JSON.stringify([write.policy, write.at, write.eventID]), write);
    },
    async answer(facts) {
      const ordered = [...writes.values()].sort((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1));
      return new Map(
        facts.map((fact) => {
          if (fact.kind !== "managed-policy") return [factKey(fact), onlyPolicies];
          const latest = ordered.findLast(({ policy, at }) => policy === fact.policy && at <= fact.at);
          return [factKey(fact), answerFrom(latest)];
        }),
      );
    },
  };
}

/** What a store of managed policies answers about anything else. */
export const onlyPolicies: FactAnswer = { kind: "unknown", because: "only managed policies are known here" };

/** What the last write at or before the asked time says; with none, the answer is that nobody knows. */
export function answerFrom(write: PolicyWrite | undefined): FactAnswer {
  if (write === undefined) return { kind: "unknown", because: "no write of this policy was seen before that time" };
  if (write.document === undefined)
    return { kind: "unknown", because: `the policy was deleted by event ${write.eventID}` };
  const parsed = parsePolicy(write.document);
  return parsed.ok
    ? { kind: "managed-policy", document: parsed.document, because: `written by event ${write.eventID}` }
    : { kind: "unknown", because: `the document written by event ${write.eventID} is not readable: ${parsed.because}` };
}
