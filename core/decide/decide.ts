import { caseIdOf } from "../detect/case.ts";
import { atLeast, type Finding } from "../detect/finding.ts";
import type { Instant } from "../event/instant.ts";
import { type Action, type Decision, decisionId, type Mode, type Reason } from "./decision.ts";
import { type Candidate, guards, ownerOf } from "./guards.ts";
import { playFor } from "./playbook.ts";
import { type Expected, named, type ResponsePolicy } from "./policy.ts";

/** At most so many automatic containments in so many minutes of event time; the next ones wait for a person. */
export const breaker = { limit: 5, minutes: 10 } as const;

const day = 86_400_000;

/**
 * One decision for each finding, sorted by (time of the finding, id of the decision), whatever order they came in. Each is decided as if its event had
 * just arrived: what counts over many findings counts those that were earlier by event time.
 */
export function decide(findings: readonly Finding[], policy: ResponsePolicy): readonly Decision[] {
  const done: Contained = { times: [], lastOf: new Map() };
  const once = [...new Map(findings.map((one) => [one.id, one])).values()];
  const decided = once.sort(byTime).map((finding) => {
    const verdict = counted(judged(finding, policy), finding.at, done);
    const [action] = verdict.actions;
    if (verdict.would === "contain" && action !== undefined) {
      done.times.push(finding.at);
      done.lastOf.set(action.target, finding.at);
    }
    return { at: finding.at, decision: completed(finding, policy.mode, verdict) };
  });
  return decided
    .sort((a, b) => a.at - b.at || (a.decision.id < b.decision.id ? -1 : 1))
    .map(({ decision }) => decision);
}

interface Verdict {
  readonly would: Decision["would"];
  readonly actions: readonly Action[];
  readonly because: readonly [Reason, ...Reason[]];
}

/** The automatic containments so far, oldest first, and the last one of each principal. */
interface Contained {
  readonly times: Instant[];
  readonly lastOf: Map<string, Instant>;
}

/** What one finding deserves by itself. */
function judged(finding: Finding, policy: ResponsePolicy): Verdict {
  const dismissed = dismissal(finding, policy);
  if (dismissed !== undefined) return { would: "dismiss", actions: [], because: [dismissed] };
  const { severity, detector } = finding;
  if (!atLeast(severity, "high")) return ticket({ rule: "severity", severity });
  const play = playFor(finding);
  switch (play.kind) {
    case "no-playbook":
      return ticket({ rule: "no-playbook", detector });
    case "no-target":
      return ticket({ rule: "playbook", detector }, { rule: "no-target" });
    case "act":
      return guarded(candidateFor(finding, play, policy));
  }
}

const ticket = (...because: readonly [Reason, ...Reason[]]): Verdict => ({ would: "ticket", actions: [], because });

/** By exception, maturity or severity; never by mode. */
function dismissal(finding: Finding, policy: ResponsePolicy): Reason | undefined {
  const expected = (policy.exceptions ?? []).find((one) => speaksOf(one, finding));
  if (expected !== undefined) return { rule: "exception", exception: expected.name };
  const { maturity, severity } = finding;
  if (maturity === "sandbox" || maturity === "deprecated") return { rule: "maturity", maturity };
  return severity === "info" ? { rule: "severity", severity } : undefined;
}

/** In its time, up to its severity, and about everything it names; one that names nothing speaks of nothing. */
function speaksOf(one: Expected, { detector, severity, at, workload, principal, resource }: Finding): boolean {
  if (one.detector !== detector || at < one.from || at >= one.until || !atLeast(one.upTo ?? "medium", severity))
    return false;
  const asked = [
    [one.workload, workload],
    [one.principal, principal],
    [one.resource, resource],
  ] as const;
  return (
    asked.some(([wanted]) => wanted !== undefined) &&
    asked.every(([wanted, found]) => wanted === undefined || (found !== undefined && named([wanted], found)))
  );
}

function candidateFor(
  finding: Finding,
  { action, about }: Pick<Candidate, "action" | "about">,
  policy: ResponsePolicy,
): Candidate {
  const actor = finding.workload === undefined ? undefined : policy.registry?.named(finding.workload);
  const principal = action.kind === "deactivate-key" ? (finding.resource ?? "") : action.target;
  const owner =
    (about === "actor" ? actor : undefined) ??
    ownerOf(principal, policy.registry) ??
    ownerOf(action.target, policy.registry);
  return {
    finding,
    action,
    about,
    ...(actor === undefined ? {} : { actor }),
    ...(owner === undefined ? {} : { owner }),
    policy,
  };
}

/** The strictest guard decides; every guard that spoke is named. */
function guarded(candidate: Candidate): Verdict {
  const objections = guards.flatMap((guard) => guard(candidate) ?? []);
  const would = objections.some(({ most }) => most === "ticket")
    ? "ticket"
    : objections.some(({ most }) => most === "approve")
      ? "approve"
      : "contain";
  return {
    would,
    actions: would === "ticket" ? [] : [candidate.action],
    because: [{ rule: "playbook", detector: candidate.finding.detector }, ...objections.map(({ reason }) => reason)],
  };
}

/** What a containment may not be: the second on one principal within a day, or one too many in a short time. */
function counted(verdict: Verdict, at: Instant, { times, lastOf }: Contained): Verdict {
  if (verdict.would !== "contain") return verdict;
  const target = verdict.actions[0]?.target ?? "";
  const [last, oldest] = [lastOf.get(target), times.at(-breaker.limit)];
  const reasons: Reason[] = [];
  if (last !== undefined && last > at - day) reasons.push({ rule: "second-action", target });
  if (oldest !== undefined && oldest > at - breaker.minutes * 60_000) reasons.push({ rule: "breaker", ...breaker });
  return reasons.length === 0
    ? verdict
    : { would: "approve", actions: verdict.actions, because: [...verdict.because, ...reasons] };
}

function completed(finding: Finding, mode: Mode, { would, actions, because }: Verdict): Decision {
  const kind = cut(would, mode);
  const content = {
    findingId: finding.id,
    caseId: caseIdOf(finding),
    mode,
    kind,
    would,
    actions,
    because: kind === would ? because : ([...because, { rule: "mode", mode }] satisfies Decision["because"]),
  };
  return { id: decisionId(content), ...content };
}

/** What a mode leaves of a decision; a dismissal is the same in all of them. */
function cut(would: Decision["would"], mode: Mode): Decision["kind"] {
  if (would === "dismiss") return "dismiss";
  switch (mode) {
    case "observe":
      return "observe";
    case "ticket":
      return "ticket";
    case "contain":
      return would;
  }
}

const byTime = (a: Finding, b: Finding): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
