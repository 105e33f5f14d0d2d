import { type Instant, parseInstant } from "../../event/instant.ts";
import type { ApiName } from "../../iam/identifiers.ts";

/** What Auto Scaling says made it act. */
export type Trigger =
  /** A call, made at about this time. */
  | { readonly kind: "request"; readonly at: Instant; readonly apis: readonly ApiName[] }
  | { readonly kind: "policy" | "schedule"; readonly at: Instant; readonly name: string }
  | { readonly kind: "refresh"; readonly at: Instant }
  /** Auto Scaling keeps the capacity that is set: something failed, or Spot capacity was taken back. */
  | { readonly kind: "replacement" }
  /** The text tells of no trigger. */
  | { readonly kind: "none" }
  /** The text can be read in more than one way. */
  | { readonly kind: "unclear" };

const unclear: Trigger = { kind: "unclear" };
const none: Trigger = { kind: "none" };

const longest = 8_192;

/**
 * The one trigger in a `Cause` of EC2 Auto Scaling ("Verify a scaling activity", user guide; re:Post, "Why did my Auto Scaling
 * group scale down?"). Names of alarms, policies and schedules stand in the text as somebody chose them, and may hold whole
 * sentences. So every sentence must be clear, and only one may be a trigger: what a name adds is then one too many.
 */
export function triggerOf(cause: string): Trigger {
  if (cause.length > longest) return unclear;
  const found = cause
    .trim()
    .split(/\.\s+(?=At \d{4}-\d\d-\d\dT)/)
    .map(sentenceOf)
    .filter((one) => one !== none);
  // What a schedule does is told in two sentences; the second has its name.
  const begun = found.indexOf(scheduleBegun);
  const rest = begun < 0 ? found : found.toSpliced(begun, 1);
  const [trigger = none, ...others] = rest;
  if (begun >= 0 && trigger.kind !== "schedule") return unclear;
  return others.length > 0 ? unclear : trigger;
}

const scheduleBegun: Trigger = { kind: "unclear" };

function sentenceOf(sentence: string): Trigger {
  const [, time = "", said = ""] = /^At (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (.*)$/s.exec(sentence) ?? [];
  const at = parseInstant(time);
  return at === undefined ? unknownWords(sentence) : triggerIn(said.trim().replace(/\.$/, ""), at);
}

/** How a sentence begins that speaks of a call. */
const requests: readonly (readonly [begin: string, api: ApiName])[] = [
  ["a user request explicitly set group desired capacity", "autoscaling:SetDesiredCapacity"],
  ["a user request update of AutoScalingGroup constraints", "autoscaling:UpdateAutoScalingGroup"],
  ["a user request created an AutoScalingGroup", "autoscaling:CreateAutoScalingGroup"],
  ["a user request executed policy ", "autoscaling:ExecutePolicy"],
];

/** Words that only a trigger has; elsewhere they come from a name. */
const telling = [
  "executed",
  "user request",
  "monitor alarm",
  "triggered policy",
  "scheduled action",
  "changing the desired capacity",
];

function triggerIn(said: string, at: Instant): Trigger {
  for (const [begin, api] of requests)
    if (said.startsWith(begin)) return plain(said.slice(begin.length)) ? { kind: "request", at, apis: [api] } : unclear;
  if (said.startsWith("a monitor alarm ")) return policyIn(said, at);
  if (said.startsWith("a scheduled action update")) return plain(said.slice(25)) ? scheduleBegun : unclear;
  if (said.startsWith("the scheduled action ")) return scheduleIn(said, at);
  if (/^(?:an instance|instance i-[0-9a-f]+) /.test(said)) return instanceIn(said, at);
  return unknownWords(said);
}

const changed = " changing the desired capacity from ";

/** Nothing but the change of the capacity may follow what was read so far. */
function plain(rest: string): boolean {
  const [before = "", ...after] = rest.split(changed);
  return after.length <= 1 && !telling.some((word) => before.includes(word)) && capacities(after[0] ?? "0 to 0");
}

const capacities = (text: string): boolean => /^\d{1,9} to \d{1,9}$/.test(text);

/** `a monitor alarm A in state ALARM triggered policy P changing the desired capacity from N to M`. */
function policyIn(said: string, at: Instant): Trigger {
  const [alarm = "", rest, ...more] = said.slice(16).split(" triggered policy ");
  if (rest === undefined || more.length > 0) return unclear;
  const [name = "", amount, ...others] = rest.split(changed);
  const clear =
    others.length === 0 &&
    // AWS always says what changed; without it, a name could go on as a sentence of its own.
    amount !== undefined &&
    capacities(amount) &&
    ![alarm, name].some((one) => telling.some((word) => one.includes(word)));
  return clear && name ? { kind: "policy", at, name } : unclear;
}

/** `the scheduled action S executed. Setting …`. */
function scheduleIn(said: string, at: Instant): Trigger {
  const [name = "", rest, ...more] = said.slice(21).split(" executed");
  const clear =
    rest !== undefined && more.length === 0 && ![name, rest].some((one) => telling.some((word) => one.includes(word)));
  return clear && name ? { kind: "schedule", at, name } : unclear;
}

/** `an instance was started in response to …`: AWS's own words, without a name that somebody chose. */
function instanceIn(said: string, at: Instant): Trigger {
  const [before = "", because = ""] = said.split(" in response to ");
  if (because === "a user request" || because.startsWith("a user request,"))
    return telling.some((word) => before.includes(word) || because.slice(14).includes(word))
      ? unclear
      : { kind: "request", at, apis: removals };
  if (telling.some((word) => said.includes(word))) return unclear;
  if (because.includes("instance refresh")) return { kind: "refresh", at };
  return /health|rebalanc|interrupt/i.test(because) ? { kind: "replacement" } : none;
}

const removals: readonly ApiName[] = ["autoscaling:TerminateInstanceInAutoScalingGroup", "autoscaling:DetachInstances"];

const unknownWords = (said: string): Trigger => (telling.some((word) => said.includes(word)) ? unclear : none);
