import { type Instant, parseInstant } from "../event/instant.ts";
import type { ApiName } from "../iam/identifiers.ts";

/** What Auto Scaling says made it act, one sentence of its `Cause`. */
export type Trigger =
  /** A call, made at about this time. */
  | { readonly kind: "request"; readonly at: Instant; readonly apis: readonly ApiName[] }
  | { readonly kind: "policy" | "schedule"; readonly at: Instant; readonly name: string }
  | { readonly kind: "refresh"; readonly at: Instant }
  /** Auto Scaling keeps the capacity that is set: something failed, or Spot capacity was taken back. */
  | { readonly kind: "replacement"; readonly at: Instant };

const longest = 8_192;

/**
 * The triggers in a `Cause` of EC2 Auto Scaling, in their order ("Verify a scaling activity", user guide; re:Post, "Why did
 * my Auto Scaling group scale down?"). Names of alarms, policies and schedules stand in the text as somebody chose them,
 * so a sentence that can be read in two ways makes the whole text unreadable: `undefined`.
 */
export function triggersIn(cause: string): readonly Trigger[] | undefined {
  if (cause.length > longest) return undefined;
  const triggers: Trigger[] = [];
  for (const sentence of cause.trim().split(/\.\s+(?=At \d{4}-\d\d-\d\dT)/)) {
    const [, time = "", said = ""] = /^At (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (.*)$/s.exec(sentence) ?? [];
    const at = parseInstant(time);
    const read = at === undefined ? unknownWords(sentence) : triggerIn(said.trim().replace(/\.$/, ""), at);
    if (read === "unreadable") return undefined;
    if (read !== "none") triggers.push(read);
  }
  return triggers;
}

type Read = Trigger | "none" | "unreadable";

/** How a sentence begins that speaks of a call. */
const requests: readonly (readonly [begin: string, api: ApiName])[] = [
  ["a user request explicitly set group desired capacity", "autoscaling:SetDesiredCapacity"],
  ["a user request update of AutoScalingGroup constraints", "autoscaling:UpdateAutoScalingGroup"],
  ["a user request created an AutoScalingGroup", "autoscaling:CreateAutoScalingGroup"],
  ["a user request executed policy ", "autoscaling:ExecutePolicy"],
];

/** Words that only a trigger has; elsewhere they come from a name. */
const telling = [
  "user request",
  "monitor alarm",
  "triggered policy",
  "scheduled action",
  "changing the desired capacity",
];

function triggerIn(said: string, at: Instant): Read {
  for (const [begin, api] of requests)
    if (said.startsWith(begin))
      return plain(said.slice(begin.length)) ? { kind: "request", at, apis: [api] } : "unreadable";
  if (said.startsWith("a monitor alarm ")) return policyIn(said, at);
  if (said.startsWith("a scheduled action update")) return plain(said.slice(25)) ? "none" : "unreadable";
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
function policyIn(said: string, at: Instant): Read {
  const [alarm = "", rest, ...more] = said.slice(16).split(" triggered policy ");
  if (rest === undefined || more.length > 0) return "unreadable";
  const [name = "", amount, ...others] = rest.split(changed);
  const clear =
    others.length === 0 &&
    (amount === undefined || capacities(amount)) &&
    ![alarm, name].some((one) => telling.some((word) => one.includes(word)));
  return clear && name ? { kind: "policy", at, name } : "unreadable";
}

/** `the scheduled action S executed. Setting …`. */
function scheduleIn(said: string, at: Instant): Read {
  const [name = "", rest, ...more] = said.slice(21).split(" executed");
  const clear =
    rest !== undefined && more.length === 0 && ![name, rest].some((one) => telling.some((word) => one.includes(word)));
  return clear && name ? { kind: "schedule", at, name } : "unreadable";
}

/** `an instance was started in response to …`: AWS's own words, without a name that somebody chose. */
function instanceIn(said: string, at: Instant): Read {
  const because = said.split(" in response to ")[1] ?? "";
  if (because.startsWith("a user request"))
    return {
      kind: "request",
      at,
      apis: ["autoscaling:TerminateInstanceInAutoScalingGroup", "autoscaling:DetachInstances"],
    };
  if (because.includes("instance refresh")) return { kind: "refresh", at };
  return /health|unhealthy|rebalanc|interrupt/i.test(because) ? { kind: "replacement", at } : "none";
}

const unknownWords = (said: string): Read => (telling.some((word) => said.includes(word)) ? "unreadable" : "none");
