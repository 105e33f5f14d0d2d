import type { Glob } from "./glob.ts";
import type { Network } from "./network.ts";

/** An EventBridge pattern, compiled once: it matches when one of its alternatives (the `$or` branches, multiplied out) does. */
export interface Pattern {
  readonly alternatives: readonly Branch[];
  /** Characters of the pattern as compact JSON, which is what AWS counts when it is deployed that way. */
  readonly length: number;
}

/** An inner node: what the pattern asks of the fields below one place in the event. */
export interface Branch {
  readonly steps: readonly Step[];
  /** Every field asked for below here, for events that spell a path with dots inside one key. */
  readonly leaves: readonly Leaf[];
  /** The dotted keys that such an event would use here, such as `state.status`. */
  readonly dottedKeys: readonly string[];
  /** True when nothing below here has to be present: every leaf also accepts absence. */
  readonly optional: boolean;
  /** How the branch is judged inside a list, where it differs from how it is judged in an object. */
  readonly inList?: { readonly apart: readonly Branch[]; readonly together: Branch };
}

/** What the pattern asks of one key: a value, or more fields below it. */
export type Step =
  | { readonly kind: "leaf"; readonly key: string; readonly leaf: Leaf }
  | { readonly kind: "branch"; readonly key: string; readonly branch: Branch };

/** One field of the pattern. Any one of its tests is enough. */
export interface Leaf {
  readonly path: readonly string[];
  readonly tests: readonly Test[];
  /** True when one of the tests is `{"exists": false}`. */
  readonly optional: boolean;
}

/** One comparison with one scalar of the event. */
export type Test =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "constant"; readonly value: boolean | null }
  | { readonly kind: "prefix"; readonly value: string }
  | { readonly kind: "suffix"; readonly value: string }
  | { readonly kind: "ignoring-case"; readonly part: "whole" | "start" | "end"; readonly text: CaselessText }
  | { readonly kind: "wildcard"; readonly glob: Glob }
  | { readonly kind: "range"; readonly range: Range }
  | { readonly kind: "network"; readonly network: Network }
  | { readonly kind: "present" }
  | { readonly kind: "absent" }
  | { readonly kind: "anything-but"; readonly tests: readonly Test[] };

/** A text in both spellings, unit by unit: a unit of the event has to equal one of the two. */
export interface CaselessText {
  readonly lower: string;
  readonly upper: string;
}

/** Numbers in millionths, as EventBridge compares them. A bound that is open is not itself in the range. */
export interface Range {
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}
