import type { ApiName } from "../iam/identifiers.ts";

/**
 * What wakes a part of the line, as data. EventBridge patterns and rights are computed from these lists, so a list
 * that is too short shows as a detector that never wakes, and one that is too long as cost.
 */
export type Watch =
  /**
   * CloudTrail records of these calls, whatever their outcome. Those from the trail's files have no pattern: workloads make
   * them all day, and a deployment reads them minutes later rather than pay for each on the bus.
   */
  | { readonly kind: "calls"; readonly apis: readonly [ApiName, ...ApiName[]]; readonly from?: "trail-files" }
  /** CloudTrail records of these calls in sessions named as AgentCore names them; for calls that everybody makes all day. */
  | { readonly kind: "agent-calls"; readonly apis: readonly [ApiName, ...ApiName[]] }
  /** Envelopes that a service sends itself, without CloudTrail. */
  | { readonly kind: "envelopes"; readonly source: string; readonly detailTypes: readonly [string, ...string[]] }
  /** Every call of the roles that the registry names. */
  | { readonly kind: "declared-identities" };

export const calls = (...apis: readonly [ApiName, ...ApiName[]]): Watch => ({ kind: "calls", apis });

/** Calls that are read from the trail's files. */
export const trailCalls = (...apis: readonly [ApiName, ...ApiName[]]): Watch => ({
  kind: "calls",
  apis,
  from: "trail-files",
});
