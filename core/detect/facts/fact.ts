import type { EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { ConfiguredSecret } from "../../event/secret-scan/configured.ts";
import type { KnownIdentity } from "../../iam/account/known-identity.ts";
import type { PolicyArn } from "../../iam/arn.ts";
import type { PolicyDocument } from "../../iam/policy.ts";

/** One question about state that is not in the event. A detector asks; the runner answers all questions in one batch. */
export type Fact =
  /** What a managed policy said by then; a write of the same second counts. */
  | { readonly kind: "managed-policy"; readonly policy: PolicyArn; readonly at: Instant }
  /** A role, user or group as it was just before an event. */
  | { readonly kind: "identity"; readonly arn: string; readonly before: Moment }
  /** Who had a managed policy attached just before an event, boundaries included. */
  | { readonly kind: "holders"; readonly policy: string; readonly before: Moment }
  /** Which role an instance profile handed out just before an event. */
  | { readonly kind: "instance-profile"; readonly arn: string; readonly before: Moment }
  /** The organization's policies over an account just before an event. */
  | { readonly kind: "controls"; readonly account: string; readonly before: Moment }
  /** The policy that a resource (a bucket, key, secret, function, queue…) had just before an event. */
  | { readonly kind: "resource-policy"; readonly resource: string; readonly before: Moment }
  /** Which machines a launch template, group, fleet, endpoint configuration, notebook or instance is made of, by its cause key. */
  | { readonly kind: "started-from"; readonly thing: string; readonly before: Moment }
  /** As which role something works (a notebook, a Studio profile, an agent's runtime), by its ARN. */
  | { readonly kind: "works-as"; readonly thing: string; readonly before: Moment }
  /** The secrets in a configuration as it is once an event has changed it, by the ARN of what is configured. */
  | { readonly kind: "configuration"; readonly thing: string; readonly at: Instant };

/** A place in the order of events: by time, then by id. */
export interface Moment {
  readonly at: Instant;
  readonly id: EventId;
}

/** An answer, or the reason why there is none: the case then names the blind spot. */
export type FactAnswer = Answered | { readonly kind: "unknown"; readonly because: string };

type Answered = Told & {
  /** Where the answer is from. */
  readonly because: string;
  /** When IAM itself was read; absent where records or an account state told it. What IAM says may be younger than the event. */
  readonly readAt?: Instant;
};

type Told =
  | { readonly kind: "managed-policy"; readonly document: PolicyDocument }
  | { readonly kind: "identity"; readonly identity: KnownIdentity }
  /** `more`: holders that are known and left out because there are too many. */
  | { readonly kind: "holders"; readonly holders: readonly KnownIdentity[]; readonly more: number }
  /** Without a role: it is known to hold none. */
  | { readonly kind: "instance-profile"; readonly role?: string }
  /** Service control policies, a set for each level from the root down; `resource`: resource control policies likewise. */
  | { readonly kind: "controls"; readonly service: Levels; readonly resource: Levels }
  /** Without a document: it is known to have none. */
  | { readonly kind: "resource-policy"; readonly document?: PolicyDocument }
  /** Types as they were written down, alternatives included; `untyped`: accelerators by requirement. */
  | { readonly kind: "started-from"; readonly types: readonly StartedType[]; readonly untyped: boolean }
  /** Without an identity: the role is known by its ARN only. */
  | { readonly kind: "works-as"; readonly role: string; readonly identity?: KnownIdentity }
  /** Places, kinds and fingerprints; no value was kept where it was read. */
  | { readonly kind: "configuration"; readonly secrets: readonly ConfiguredSecret[] };

/** A type of machine, and how many where that was written beside it. */
export interface StartedType {
  readonly type: string;
  readonly count?: number;
}

type Levels = readonly (readonly PolicyDocument[])[];

/** What a question is about: the ARN of the policy, identity, profile or resource, an account, or the key of a capacity. */
export function aboutOf(fact: Fact): string {
  switch (fact.kind) {
    case "managed-policy":
    case "holders":
      return fact.policy;
    case "identity":
    case "instance-profile":
      return fact.arn;
    case "controls":
      return fact.account;
    case "resource-policy":
      return fact.resource;
    case "started-from":
    case "works-as":
    case "configuration":
      return fact.thing;
  }
}

/** A fact's key: equal questions are asked once. */
export const factKey = (fact: Fact): string => `${fact.kind} ${aboutOf(fact)} ${momentOf(fact)}`;

const momentOf = (fact: Fact): string =>
  fact.kind === "managed-policy" || fact.kind === "configuration"
    ? `${fact.at}`
    : `${fact.before.at} ${fact.before.id}`;

/** Answers by fact key. A question that was not asked is unknown. */
export type Facts = ReadonlyMap<string, FactAnswer>;

/** Where facts come from: IAM state built from the records, or IAM itself. */
export interface FactSource {
  /** Answers every question. Throws Fault when the source cannot be reached at all. */
  answer(facts: readonly Fact[]): Promise<Facts>;
}
