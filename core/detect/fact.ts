import type { Instant } from "../event/instant.ts";
import type { PolicyArn } from "../iam/arn.ts";
import type { PolicyDocument } from "../iam/policy.ts";

/** One question about state that is not in the event. A detector asks; the runner answers all questions in one batch. */
export type Fact = { readonly kind: "managed-policy"; readonly policy: PolicyArn; readonly at: Instant };

/** An answer, or the reason why there is none: the case then names the blind spot. */
export type FactAnswer =
  | { readonly kind: "managed-policy"; readonly document: PolicyDocument; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** A fact's key: equal questions are asked once. */
export const factKey = (fact: Fact): string => `${fact.kind} ${fact.policy} ${fact.at}`;

/** Answers by fact key. A question that was not asked is unknown. */
export type Facts = ReadonlyMap<string, FactAnswer>;

/** Where facts come from: IAM state built from the records, or IAM itself. */
export interface FactSource {
  /** Answers every question. Throws Fault when the source cannot be reached at all. */
  answer(facts: readonly Fact[]): Promise<Facts>;
}
