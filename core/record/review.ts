import type { Severity } from "../detect/finding.ts";

/** One thing that a reviewer of a change should know, told the same way in every format. */
export interface ReviewItem {
  /** What kind of thing it is; a short name that does not change. */
  readonly rule: string;
  /** What the rule is about, as a sentence of ours. */
  readonly about: string;
  readonly severity: Severity;
  /** One sentence. Names of things in it are foreign text. */
  readonly message: string;
  readonly details: readonly string[];
  /** The workload, role or resource it is about; foreign text. */
  readonly subject: string;
  /** How often and when it was seen, where it was. */
  readonly seen?: string;
  readonly place: ReviewPlace;
}

/** A file as the person named it, and a line from 1. */
export interface ReviewPlace {
  readonly file: string;
  readonly line: number;
}

/** Everything that a review says. */
export interface Review {
  readonly items: readonly ReviewItem[];
  /** What was looked at and what came of it, a sentence each. */
  readonly summary: readonly string[];
  /** What the input cannot show, so that silence about it says nothing; a sentence each. */
  readonly blind: readonly string[];
}
