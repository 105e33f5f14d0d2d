import type { AuditEvent, SecurityFinding } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { Cause, Subject } from "../identity/lineage/cause.ts";
import {
  attributedTo,
  causeNotSeen,
  poolCause,
  ruleOrCall,
  severalCauses,
  unexplained,
} from "../identity/lineage/caused.ts";
import { questionOf, type Sought } from "../identity/lineage/sought.ts";
import { type Causes, causesIn, type KeptCause } from "./causes.ts";
import type { State } from "./state.ts";

/** Answers who is behind an event without a caller: whoever made the call that caused it, by the same attribution. */
export function explainer(
  state: State,
  callerOf: (principal: number) => Attribution,
  reported: (event: SecurityFinding) => Attribution,
): (event: AuditEvent) => Attribution {
  const causes = causesIn(state);
  const known: Known = { causes, callerOf: ({ number }) => callerOf(state.kept.principal(number)) };
  return (event) => {
    switch (event.kind) {
      case "scaling": {
        const question = questionOf(event);
        return question.kind === "silent" ? unexplained(question.because) : answerTo(question.sought, known, beginning);
      }
      case "security-finding":
        return reported(event);
      case "tick":
        return unexplained("a schedule fired: it names no caller");
      case "api-call":
        return unexplained("the record names no caller");
    }
  };
}

interface Known {
  readonly causes: Causes;
  readonly callerOf: (found: KeptCause) => Attribution;
}

/** What tells two answers apart. */
function identityIn(answer: Attribution): string {
  if (answer.kind === "contested") return JSON.stringify(answer.claims);
  return JSON.stringify([answer.kind, answer.id ?? answer.hops[0]?.principal ?? answer.because]);
}

/** How a question came up: which services carried it out, and how much the joins so far can prove. */
interface Way {
  readonly through: readonly string[];
  readonly proof: Subject["proof"];
}

const beginning: Way = { through: [], proof: "answered" };

function answerTo(sought: Sought, known: Known, way: Way): Attribution {
  const found = newest(sought, known);
  if (found === "open") return ruleOrCall;
  return found === undefined ? causeNotSeen : answerFrom(found, known, way);
}

/** A request that is dated so shortly before the event is what it speaks of, whatever rules are in place. */
const prompt = 300_000;

/** How many causes of one key are looked at for one that fits. */
const most = 64;

function firstOf(found: Iterable<KeptCause>, fits: (one: KeptCause) => boolean): KeptCause | undefined {
  let looked = 0;
  for (const one of found) {
    if (fits(one)) return one;
    if (++looked === most) return undefined;
  }
  return undefined;
}

function newest({ keys, kinds, apis, since, until, doubt }: Sought, { causes }: Known): KeptCause | "open" | undefined {
  const span = { kinds, until, ...(since === undefined ? {} : { since }) };
  for (const key of keys) {
    const found = firstOf(causes.under(key, span), ({ cause }) => apis === undefined || apis.includes(cause.api));
    const recent = found !== undefined && found.cause.at >= until - prompt;
    if (
      doubt === "rule-in-place" &&
      !recent &&
      causes.under(key, { kinds: ["set-policy"], until }).next().done === false
    )
      return "open";
    if (found !== undefined) return doubt === "ended-before" && found.cause.kind === "ended" ? undefined : found;
  }
  return undefined;
}

function answerFrom(found: KeptCause, known: Known, way: Way): Attribution {
  const { cause, subject } = found;
  const caller = known.callerOf(found);
  const proof = way.proof === "answered" ? subject.proof : "named";
  const pool = poolOf(found, caller, known);
  // Karpenter is no person, and the tag that names a NodePool is chosen by whoever launches.
  if (pool !== undefined && caller.kind !== "person" && caller.kind !== "external")
    return poolCause({ ...cause, pool });
  if (caller.kind === "service") {
    const asked = askedFor(found, caller.id, known, { through: [...way.through, caller.id], proof });
    if (asked !== undefined) return asked;
  }
  const template = templateOf(cause, known);
  return attributedTo(caller, { cause, proof, through: way.through, ...(template === undefined ? {} : { template }) });
}

/**
 * Who stands behind a call that a service made by itself: a rule it follows, or whoever set what it keeps up. The way goes
 * from an instance to its group or fleet and from there to a node group, and never back.
 */
function askedFor(found: KeptCause, service: string, known: Known, way: Way): Attribution | undefined {
  const { cause, subject } = found;
  const until = cause.at;
  if (service.includes("application-autoscaling")) {
    return ruleSetter(known.causes.under(subject.key, { kinds: ["set-policy"], until }), known, way);
  }
  const within =
    cause.within.length > 0
      ? cause.within
      : (earlier(found, until, known, (one) => one.within.length > 0)?.cause.within ?? []);
  if (within.length === 0) return undefined;
  return answerTo({ keys: within, kinds: ["launched", "set-capacity"], until, doubt: "rule-in-place" }, known, way);
}

/** Which of several rules acted is not recorded: their setter is known when one identity set them all. */
function ruleSetter(rules: Iterable<KeptCause>, known: Known, way: Way): Attribution {
  let setter: Attribution | undefined;
  let looked = 0;
  for (const rule of rules) {
    if (++looked > most) break;
    const { cause } = rule;
    const answer = attributedTo(known.callerOf(rule), { cause, proof: "named", through: way.through });
    setter ??= answer;
    if (identityIn(answer) !== identityIn(setter)) return severalCauses;
  }
  return setter ?? causeNotSeen;
}

/** The pool of the launch; a node that the same caller ends later is still the pool's. */
function poolOf(found: KeptCause, caller: Attribution, known: Known): string | undefined {
  const { cause } = found;
  if (cause.pool !== undefined || cause.kind !== "ended") return cause.pool;
  const launch = earlier(found, cause.at, known, (one) => one.pool !== undefined);
  return launch !== undefined && identityIn(known.callerOf(launch)) === identityIn(caller)
    ? launch.cause.pool
    : undefined;
}

/** The last cause of the same subject before this one that says more. */
const earlier = (
  { subject }: KeptCause,
  until: Instant,
  { causes }: Known,
  says: (cause: Cause) => boolean,
): KeptCause | undefined =>
  firstOf(causes.under(subject.key, { kinds: ["launched", "set-capacity"], until }), ({ cause }) => says(cause));

function templateOf({ template, at }: Cause, { causes }: Known): Cause | undefined {
  if (template === undefined) return undefined;
  const made = causes.under(template, { kinds: ["made-template"], until: at }).next();
  return made.done === true ? undefined : made.value.cause;
}
