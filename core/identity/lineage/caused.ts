import { excerpt } from "../../event/excerpt.ts";
import type { Attribution, ClaimClass, Confidence } from "../attribution.ts";
import type { Cause, CauseKind, Subject } from "./cause.ts";

/** A call that explains a change of capacity, and how it was joined to it. */
export interface Explained {
  readonly cause: Cause;
  readonly proof: Subject["proof"];
  /** The call that wrote down what was started, where it was seen. */
  readonly template?: Cause;
  /** AWS services that carried it out on the way. */
  readonly through: readonly string[];
}

/** Why an event without a caller is nobody's; the few reasons can be counted. */
export const unexplained = (because: string): Attribution => ({
  kind: "unattributed",
  confidence: "low",
  root: { kind: "unknown", id: "" },
  hops: [],
  because,
});

export const causeNotSeen = unexplained("the call that changed it is not in these records");

export const ruleOrCall = unexplained("a call or a rule may have changed it: the event does not say which");

export const severalCauses = unexplained("several identities may have changed it: the event does not say which");

/**
 * Karpenter starts nodes because pods are pending, and who made them pending is not in CloudTrail. The controller carried
 * it out; it is not who wanted it.
 */
export const poolCause = ({ pool = "", api, eventID }: Cause): Attribution =>
  unexplained(
    `cause not visible: why pods were pending is not in CloudTrail; NodePool ${excerpt(pool)} by ${api} (event ${eventID})`,
  );

/**
 * Who made the call that explains the change, as an attribution of the change. A join never proves more than it can: an id
 * that the call's answer made up links it, a name at a time only indexes it.
 */
export function attributedTo(caller: Attribution, explained: Explained): Attribution {
  const because = [caller.because, ...circumstances(explained)].join("; ");
  if (caller.kind === "contested" || caller.kind === "unattributed") return { ...caller, because };
  const cap: ClaimClass = explained.proof === "answered" ? "linked" : "indexed";
  return {
    ...caller,
    class: weaker(caller.class, cap),
    confidence: lower(caller.confidence, cap === "linked" ? "high" : "medium"),
    because,
  };
}

const did: Readonly<Record<CauseKind, string>> = {
  launched: "started it",
  "set-capacity": "set its capacity",
  "set-policy": "set the rule that acted by itself",
  ended: "ended it",
  "made-template": "wrote down what it starts",
};

const circumstances = ({ cause, template, through }: Explained): readonly string[] => [
  `${cause.api} (event ${cause.eventID}) ${did[cause.kind]}`,
  ...(through.length === 0 ? [] : [`carried out by ${through.join(", ")}`]),
  ...(template === undefined ? [] : [`what it starts was written by ${template.api} (event ${template.eventID})`]),
];

const classes: readonly ClaimClass[] = ["asserted", "linked", "indexed", "inferred"];
const confidences: readonly Confidence[] = ["high", "medium", "low"];

const weaker = (one: ClaimClass, other: ClaimClass): ClaimClass =>
  classes[Math.max(classes.indexOf(one), classes.indexOf(other))] ?? "inferred";

const lower = (one: Confidence, other: Confidence): Confidence =>
  confidences[Math.max(confidences.indexOf(one), confidences.indexOf(other))] ?? "low";
