import { canonical } from "../event/canonical.ts";
import type { Json } from "../event/json.ts";

/** A user or role whose rights are changed, by its ARN as IAM has it, path included. */
export interface Holder {
  readonly kind: "role" | "user";
  readonly arn: string;
}

/**
 * One piece of an account's state that a plan may set: what it is, not what it holds. Reading a slot gives a value, and
 * every change sets one slot from a value to another, so that "already so", undo and "only what we wrote" are one
 * comparison for all of them.
 */
export type Slot =
  /** `"attached"`, or null. */
  | { readonly kind: "attached-policy"; readonly holder: Holder; readonly policy: string }
  /** The bounding policy's ARN, or null. */
  | { readonly kind: "boundary"; readonly holder: Holder }
  /** The document, or null. */
  | { readonly kind: "inline-policy"; readonly holder: Holder; readonly name: string }
  /** The document. */
  | { readonly kind: "trust"; readonly role: string }
  /** The value, or null. */
  | { readonly kind: "tag"; readonly holder: Holder; readonly key: string }
  /** `"Active"` or `"Inactive"`; null when the key is gone. */
  | { readonly kind: "access-key"; readonly user: string; readonly accessKeyId: string }
  | { readonly kind: "service-credential"; readonly user: string; readonly credentialId: string }
  | { readonly kind: "ssh-key"; readonly user: string; readonly keyId: string }
  | { readonly kind: "signing-certificate"; readonly user: string; readonly certificateId: string }
  /** The reserved concurrency, or null for none: null is not 0. */
  | { readonly kind: "function-concurrency"; readonly functionArn: string }
  /** The associated instance profile's ARN, or null. */
  | { readonly kind: "instance-profile"; readonly instance: string; readonly account: string; readonly region: string }
  /** The suspended processes, sorted. */
  | { readonly kind: "scaling-processes"; readonly group: string }
  /** `{min, max, desired}`. */
  | { readonly kind: "scaling-size"; readonly group: string }
  /** Digest of the canonical document that is the policy's default version, or null. Read, never set. */
  | { readonly kind: "policy-document"; readonly policy: string }
  /** The access entry with its policies, or null. */
  | { readonly kind: "cluster-access"; readonly cluster: string; readonly principal: string }
  /** The Pod Identity association as `{role, disableSessionTags, targetRole?}`, or null. */
  | {
      readonly kind: "pod-identity";
      readonly cluster: string;
      readonly namespace: string;
      readonly serviceAccount: string;
    }
  /** `"ENABLED"` or `"DISABLED"`. */
  | { readonly kind: "compute-environment"; readonly arn: string }
  /** `"running"` or `"stopped"`; a stopped run cannot be started again. */
  | {
      readonly kind: "run";
      readonly service: "agentcore" | "sagemaker" | "batch";
      readonly arn: string;
      readonly session?: string;
    }
  /** `{aliasInvocationState, routingConfiguration}` of an agent's alias, as Bedrock has it. */
  | { readonly kind: "agent-alias"; readonly arn: string }
  /** The target's configuration, or null. */
  | { readonly kind: "gateway-target"; readonly gateway: string; readonly target: string }
  /** The provider's configuration without its secrets, or null. */
  | { readonly kind: "credential-provider"; readonly arn: string };

/** What a slot holds; null is nothing. */
export type Value = Json;

/** True for what cannot be set back: a stopped run stays stopped. */
export const isFinal = ({ kind }: Slot): boolean => kind === "run";

/** A slot as one text, for maps. */
export const slotKey = (slot: Slot): string => canonical(slot);

/** Equal values, whatever the order of their keys. */
export const sameValue = (a: Value, b: Value): boolean => canonical(a) === canonical(b);
