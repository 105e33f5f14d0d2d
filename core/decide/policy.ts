import type { Severity } from "../detect/finding.ts";
import type { Instant } from "../event/instant.ts";
import type { Registry } from "../identity/workload.ts";
import type { Mode } from "./decision.ts";

/** What a deployment allows. Without manifests every principal is undeclared; without exceptions nothing is expected. */
export interface ResponsePolicy {
  readonly mode: Mode;
  /** What may happen to principals that no manifest names and to static keys; `approval` when not said. */
  readonly undeclared?: "contain" | "approval" | "never";
  /** Whose manifests speak for the principals that would be contained. */
  readonly registry?: Registry;
  readonly exceptions?: readonly Expected[];
  /** ARNs, exact or with a trailing `*`, that a person must approve. */
  readonly protected?: readonly string[];
  /** Role ARNs that nothing may touch, not even on approval: break-glass roles and the product's own. */
  readonly untouchable?: readonly string[];
  /** Role ARNs of this product: what they did is never a reason to act. */
  readonly own?: readonly string[];
  /** The red gates of a workload (`readiness.ts`), where that is known: with one, `contain: automatic` counts as `approval`. */
  readonly redGates?: (workload: string) => readonly string[];
}

/** What a person decided to expect, for a while; an Exception document. */
export interface Expected {
  readonly name: string;
  readonly detector: string;
  readonly workload?: string;
  readonly principal?: string;
  readonly resource?: string;
  /** The highest severity it speaks of; `medium` when not said. */
  readonly upTo?: Severity;
  readonly from: Instant;
  readonly until: Instant;
}

/** Exact, or up to a trailing `*`. */
export const named = (patterns: readonly string[], name: string): boolean =>
  patterns.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
