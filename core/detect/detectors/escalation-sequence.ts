import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { IamTables } from "../../iam/tables.ts";
import { actingAs, bareRole, subjectNamed } from "../escalation/acting.ts";
import { textsAt } from "../escalation/parameters.ts";
import { completing, type Made, madeIn } from "../escalation/sequence-match.ts";
import { beginningKeys, type Sequence, sequencesOf, stepKey, taking } from "../escalation/sequence-steps.ts";
import { standingJudge } from "../escalation/standing.ts";
import { giftFacts, giftOf, holdersOf } from "../escalation/step-gift.ts";
import { holds } from "../escalation/step-holds.ts";
import { byCall, type PathStep, stepsOf, watched } from "../escalation/step-index.ts";
import { stepMark, stepMarkOf } from "../escalation/step-mark.ts";
import type { Facts } from "../facts/fact.ts";
import { atLeast, type Evidence, type Severity, severities } from "../finding.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

const id = "escalation-sequence";
const hour = 3_600_000;

/** Finds a known way to more rights that takes several calls: each may be ordinary, all of them by one signer on one thing are not. */
export function escalationSequence(tables: IamTables): WindowDetector {
  const steps = stepsOf(tables.paths, id);
  const writes = steps.filter(({ step }) => !step.calls.includes(taking));
  const index = byCall(writes);
  const sequences = sequencesOf(steps);
  const beginnings = beginningKeys(sequences);
  const standingOf = standingJudge(tables);
  const takingKey = [...new Set(steps.filter((one) => !writes.includes(one)).map(({ step }) => stepKey(step)))];
  const stepsIn = (call: ApiCall): readonly PathStep[] => {
    const found = (index.get(call.api) ?? []).filter(({ step }) => holds(call, step));
    // Equal steps of several paths are one; where one path is joined by its signer only, both ways to join count.
    return [...new Map(found.map((one) => [`${stepKey(one.step)} ${one.showing.join}`, one])).values()];
  };
  return defineWindowDetector({
    id,
    version: "1",
    title: "A known way to more rights was gone step by step",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1098.003", "T1548.005", "T1651"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI03", "ASI10"],
      nistCsf: ["PR.AA-05", "DE.AE-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [{ kind: "calls", apis: watched(writes) }],
    falsePositives: [
      "A deployment that no manifest declares sets up a role and then works as that role",
      "Infrastructure as code replaces the user data of a machine that it stopped for that",
    ],
    triage: [
      "Read the calls in their order and ask the owner of the acting identity why one identity made all of them",
      "Look at what was done with the role, user, machine or notebook after the last step",
      "If nobody planned it, contain who did it, and undo the first step so that the last cannot be repeated",
    ],
    references: [
      "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.execution.ec2-user-data/",
      "https://pathfinding.cloud/",
    ],
    size: hour,
    wants: (event) => (event.kind === "api-call" ? stepsIn(event).flatMap(({ step }) => giftFacts(event, step)) : []),
    marks(seen) {
      const { event, attribution, registry, facts, workload } = seen;
      const acting = event.kind === "api-call" ? actingAs(event.principal) : undefined;
      if (event.kind !== "api-call" || acting === undefined || attribution.kind === "service") return [];
      if (event.outcome === "denied" || event.outcome === "failed") return [];
      const found = stepsIn(event);
      const standing = found.length === 0 ? undefined : standingOf(seen, []);
      if (standing === undefined || standing.kind === "inside") return [];
      return found.flatMap((one) => {
        const might = giftOf(event, one.step, { facts, tables });
        return subjectsOf(event, one, facts).map((subject) => {
          const owner = registry.byRole(subject);
          const member = stepMark(
            {
              key: stepKey(one.step),
              ...(might === undefined ? {} : { might }),
              outside: standing.kind === "outside",
              touchesDeclared: owner !== undefined && owner !== workload && standing.kind !== "not-judged",
            },
            event.id,
          );
          return { subject: JSON.stringify([acting, subject]), member };
        });
      });
    },
    issued({ api, caller, session, at }) {
      const acting = actingAs(caller);
      if (api !== taking || acting === undefined || session.role === undefined) return [];
      const subject = JSON.stringify([acting, bareRole(session.role)]);
      // A role may be taken all day: once in half a minute is enough to know that it was taken after something.
      const which = String(Math.floor(at / 30_000));
      return takingKey.map((key) => ({
        subject,
        member: stepMark({ key, outside: false, touchesDeclared: false }, which),
      }));
    },
    begins: ({ member }) => beginnings.has(stepMarkOf(member)?.key ?? ""),
    judge: (span) => judged(span, sequences),
  });
}

/** What the steps of a sequence have in common beside their signer: what they work on, or nothing but the signer. */
function subjectsOf(call: ApiCall, { step, showing }: PathStep, facts: Facts): readonly string[] {
  if (showing.join === "actor") return [""];
  const named =
    step.grants === "version"
      ? holdersOf(call, facts)
      : textsAt(call, step.subject).map((one) => subjectNamed(call, one));
  return [...new Set(named.map(bareRole))].slice(0, mostSubjects);
}

/** A call that names more than these (instances, holders of a policy) is followed on the first. */
const mostSubjects = 32;

function judged({ subject, marks }: Span, sequences: readonly Sequence[]): WindowDetection | undefined {
  const made = madeIn(marks);
  const gone = sequences.flatMap((sequence) => {
    const found = completing(sequence, made);
    return found === undefined ? [] : [{ sequence, found, severity: severityOf(sequence, found) }];
  });
  // Of equally grave ones the one that tells most.
  const [gravest] = gone.toSorted(
    (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.found.length - a.found.length,
  );
  if (gravest === undefined) return undefined;
  const [, thing = ""] = JSON.parse(subject) as readonly [string, string];
  const { sequence, found, severity } = gravest;
  const [first, ...others] = found.map(({ mark }) => mark);
  if (first === undefined) return undefined;
  const { title } = sequence.step.path;
  const who = first.by?.workload ?? "Somebody whom no manifest names";
  const ids = [...new Set(gone.map(({ sequence: one }) => one.step.path.id))];
  return {
    title: `${who} ${title.charAt(0).toLowerCase()}${title.slice(1)}, step by step`,
    severity,
    confidence: found.every(({ might }) => might !== "unknown") ? "high" : "medium",
    ...(thing === "" ? {} : { resource: String(excerpt(thing)) }),
    evidence: [
      { kind: "count", what: `escalation paths: ${ids.slice(0, mostShown).join(", ")}`, count: ids.length },
      ...found.map(
        ({ key, mark }): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: "eventName",
          value: excerpt(key.split(" ", 1)[0]),
        }),
      ),
    ],
    marks: [first, ...others],
  };
}

const mostShown = 5;

/** By what the steps gave: the table's word counts where that is much, or where no step gives rights but the whole does. */
function severityOf({ step, showing }: Sequence, found: readonly Made[]): Severity {
  const outside = found.some((one) => one.outside);
  const mights = found.flatMap(({ might }) => might ?? []);
  if (outside) return mights.includes("everything") ? "critical" : step.path.severity;
  const table = showing.undeclared ?? "low";
  const won: Severity = mights.includes("everything")
    ? "high"
    : mights.length === 0 || mights.includes("escalates")
      ? table
      : "low";
  // Whoever widens and takes a declared workload's role becomes that workload.
  if (!found.some((one) => one.touchesDeclared)) return won;
  return atLeast(won, "medium") ? "high" : "medium";
}
