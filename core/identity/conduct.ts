import type { Outcome } from "../event/event.ts";
import type { Check } from "../iam/authorisation.ts";
import type { ApiName, Partition } from "../iam/identifiers.ts";

/**
 * What one call did, reduced to what an envelope, a baseline or a policy can judge: equal calls of one signer have equal
 * conduct, however often they are made. No text of it is the caller's own choice but for names of things.
 */
export interface Conduct {
  readonly api: ApiName;
  readonly partition: Partition;
  readonly region: string;
  readonly account: string;
  /** What AWS checks for the call; absent where that is not known: never drift, only counted. */
  readonly checks?: readonly Check[];
  readonly outcome: Outcome;
  readonly errorCode?: string;
  /** The model, endpoint or inference profile that is asked, as the request names it. */
  readonly model?: string;
  /** The bucket by ARN that a call to S3 names; of its objects the checks say nothing. */
  readonly bucket?: string;
  /** ARNs of secrets and decrypted parameters that the call reads, without Secrets Manager's random end. */
  readonly secrets?: readonly string[];
  readonly origin?: Origin;
  /** Seconds of validity that a call which issues credentials asks for. */
  readonly sessionSeconds?: number;
}

/** Where a call came from, as AWS wrote it. */
export type Origin =
  | { readonly kind: "vpc-endpoint"; readonly id: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "service"; readonly name: string };
