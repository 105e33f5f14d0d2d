import type { ApiName } from "../identifiers.ts";

/** How one path shows in CloudTrail, and who reports it. */
export interface Showing {
  /** The detector that reports it; absent where no management event shows it. */
  readonly detector?: string;
  /** In the order in which somebody who goes the path makes them. */
  readonly steps: readonly ShownStep[];
  /** Of a sequence: how long it may take from the first step to the last. */
  readonly withinMinutes?: number;
  /** Of a sequence: `any-order`, its last step apart; `actor`: its steps name different things, and one signer makes them all. */
  readonly join?: "any-order" | "actor";
  /** So many different things make it a finding. */
  readonly many?: number;
  /** How grave it is where no manifest names anybody in it; `low` where the table does not say. */
  readonly undeclared?: "info" | "low" | "medium" | "high";
  /** The same where an IAM user signed with a long-term key: no pipeline that issues credentials for a while works so. */
  readonly byLongTermKey?: "medium";
  /** Why no management event shows it. */
  readonly because?: string;
}

/** One step: any of these calls. Event names as CloudTrail has them, which are not always the actions. */
export interface ShownStep {
  readonly calls: readonly ApiName[];
  /** `read`: an event that is no write, of the kinds EventBridge delivers all the same; `data`: only where a trail logs data events. */
  readonly trail: "write" | "read" | "data";
  /** Hands over the role that the path's `passed.role` names. */
  readonly passes: boolean;
  /** Where a role stands that is handed over on the way, or that what is changed already has. */
  readonly role: readonly string[];
  /** What it works on: what joins the steps of a sequence. */
  readonly subject: readonly string[];
  /** What must hold of the request, all of it. */
  readonly with: readonly Holds[];
  /** The request gives rights: by a policy's text, by its ARN, or as a new version. */
  readonly grants?: (typeof givings)[number];
  /** Seen or not, the sequence is one. */
  readonly optional: boolean;
}

/**
 * What holds at one of these places. `another`: a user that is not the caller; `outside`: a trust that lets strangers in;
 * `runs-code`: a document that runs what the caller writes.
 */
export type Holds =
  | { readonly at: readonly string[]; readonly is: (typeof holdings)[number] }
  | { readonly at: readonly string[]; readonly in: readonly (string | boolean)[] };

/** A showing as JSON imports type it. */
export interface ShowingSource {
  readonly detector?: string;
  readonly steps: readonly {
    readonly calls: readonly string[];
    readonly trail?: string;
    readonly passes?: boolean;
    readonly role?: readonly string[];
    readonly subject?: readonly string[];
    readonly with?: readonly {
      readonly at: readonly string[];
      readonly is?: string;
      readonly in?: readonly (string | boolean)[];
    }[];
    readonly grants?: string;
    readonly optional?: boolean;
  }[];
  readonly withinMinutes?: number;
  readonly join?: string;
  readonly many?: number;
  readonly undeclared?: string;
  readonly byLongTermKey?: string;
  readonly because?: string;
}

const trails = ["write", "read", "data"] as const;
const givings = ["inline", "attached", "version"] as const;
const holdings = ["present", "another", "outside", "user-data", "runs-code", "not-true"] as const;
const joins = ["any-order", "actor"] as const;
const severities = ["info", "low", "medium", "high"] as const;

/** Checks a showing's words. Throws on a word that the table may not have: the file is ours. */
export const showingOf = ({ steps, join, undeclared, byLongTermKey, ...rest }: ShowingSource): Showing => ({
  ...rest,
  steps: steps.map(stepOf),
  ...(join === undefined ? {} : { join: oneOf(joins, join) }),
  ...(undeclared === undefined ? {} : { undeclared: oneOf(severities, undeclared) }),
  ...(byLongTermKey === undefined ? {} : { byLongTermKey: oneOf(["medium"] as const, byLongTermKey) }),
});

const stepOf = (step: ShowingSource["steps"][number]): ShownStep => ({
  calls: step.calls.map(apiOf),
  trail: oneOf(trails, step.trail ?? "write"),
  passes: step.passes === true,
  role: step.role ?? [],
  subject: step.subject ?? [],
  with: (step.with ?? []).map((one) =>
    one.in === undefined ? { at: one.at, is: oneOf(holdings, one.is ?? "present") } : { at: one.at, in: one.in },
  ),
  ...(step.grants === undefined ? {} : { grants: oneOf(givings, step.grants) }),
  optional: step.optional === true,
});

function apiOf(name: string): ApiName {
  const [service, call] = name.split(":");
  if (!service || !call) throw new TypeError(`the escalation table says ${name}; a call is <service>:<Name>`);
  return `${service}:${call}`;
}

/** The word, when it is one of those that the table may have. */
export function oneOf<const Word extends string>(words: readonly Word[], given: string): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new TypeError(`the escalation table says ${given}; it may say ${words.join(", ")}`);
  return found;
}
