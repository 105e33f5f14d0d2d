import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, list, text } from "../../event/json.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted, graded } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import { textsAt } from "../escalation/parameters.ts";
import { standingJudge } from "../escalation/standing.ts";
import { holds, isUntold } from "../escalation/step-holds.ts";
import { byCall, type PathStep, stepsOf, watched } from "../escalation/step-index.ts";
import type { Evidence } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import {
  defineWindowDetector,
  type SeenMark,
  type Span,
  type WindowDetection,
  type WindowDetector,
} from "../windows/windowed.ts";

const id = "escalation-reach";
const hour = 3_600_000;

/** Finds one signer that puts commands, keys or shells on many machines within an hour: the roles of all of them are its own then. */
export function escalationReach(tables: IamTables): WindowDetector {
  const steps = stepsOf(tables.paths, id);
  const index = byCall(steps);
  const many = Math.min(...steps.map(({ showing }) => showing.many ?? Number.POSITIVE_INFINITY));
  const standingOf = standingJudge(tables);
  return defineWindowDetector({
    id,
    version: "1",
    title: "One identity reached into many machines",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1021.007", "T1651"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02", "ASI10"],
      nistCsf: ["PR.AA-05", "DE.AE-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [{ kind: "calls", apis: watched(steps) }],
    falsePositives: [
      "An operator repairs a fleet by hand during an outage",
      "A deployment tool that no manifest declares runs its scripts through Systems Manager",
    ],
    triage: [
      "Ask the owner of the acting identity whether these machines were meant, all of them",
      "List the roles of the machines: whoever runs code there may act as each of them",
      "If nobody planned it, contain who did it, and look at what the machines' roles called since",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.execution.ssm-send-command/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.lateral-movement.ec2-serial-console-send-ssh-public-key/",
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html",
    ],
    size: hour,
    wants: () => [],
    marks(seen) {
      const { event, attribution } = seen;
      const acting = event.kind === "api-call" ? actingAs(event.principal) : undefined;
      if (event.kind !== "api-call" || acting === undefined || attribution.kind === "service" || isUntold(event))
        return [];
      const [first] = (index.get(event.api) ?? []).filter(({ step }) => holds(event, step));
      const standing = first === undefined ? undefined : standingOf(seen, []).kind;
      if (first === undefined || standing === undefined || standing === "inside") return [];
      return machinesIn(event, first, many).map(({ member, ...one }) => ({
        subject: acting,
        member: JSON.stringify([standing === "outside", member]),
        ...one,
      }));
    },
    begins: () => true,
    judge: (span) => judged(span, many),
  });
}

/** Every machine or task that the call names. */
function machinesIn(call: ApiCall, { step }: PathStep, many: number): readonly Omit<SeenMark, "subject">[] {
  const named = textsAt(
    call,
    step.subject.filter((path) => !path.endsWith(".targets.values")),
  ).map(({ value }) => value);
  const targets = list(call.request["targets"]).map(fields);
  const byId = targets.filter((one) => one["key"] === "InstanceIds").flatMap((one) => list(one["values"]).map(text));
  const byTag = targets
    .filter((one) => one["key"] !== "InstanceIds")
    .map((one) => JSON.stringify([text(one["key"]), list(one["values"])]));
  return [
    ...[...named, ...byId].map((member) => (member === everything ? { member, weight: many } : { member })),
    // How many have the tag the record does not say: one at the least.
    ...byTag.map((member) => ({ member: member.slice(0, longest) })),
  ].slice(0, mostMachines);
}

/** Run Command takes `*` for every machine that Systems Manager manages. */
const everything = "*";
const longest = 200;
/** Run Command takes 50 instances by id (Systems Manager API reference, SendCommand). */
const mostMachines = 60;

function judged({ marks, more }: Span, many: number): WindowDetection | undefined {
  const count = marks.reduce((sum, { weight = 1 }) => sum + weight, 0);
  if (count < many) return undefined;
  const [first] = marks;
  const who = first.by?.workload ?? "Somebody whom no manifest names";
  const outcome = marks.some(isDone) ? "done" : (first.by?.outcome ?? "unknown");
  const machines = marks.map(machineOf);
  const all = machines.some(({ name }) => name === everything);
  const outside = machines.some((one) => one.outside);
  const into = all ? "every machine" : `${more ? "more than " : ""}${count} machines`;
  return {
    title: `${who} ${attempted(outcome) ? "tried to reach" : "reached"} into ${into} within an hour`,
    severity: graded(outside ? "high" : "medium", outcome),
    confidence: "high",
    evidence: [
      { kind: "count", what: "machines", count, limit: many - 1 },
      ...marks.slice(0, mostShown).map(
        (mark): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: "requestParameters",
          value: excerpt(machineOf(mark).name),
        }),
      ),
    ],
    marks,
  };
}

const mostShown = 5;

/** A mark of ours, read again. */
function machineOf({ member }: Mark): { readonly name: string; readonly outside: boolean } {
  const read: unknown = member.startsWith("[") ? JSON.parse(member) : [];
  const [outside, name] = list(read);
  return { name: text(name), outside: outside === true };
}

const isDone = ({ by }: Mark): boolean => by !== undefined && by.outcome !== "denied" && by.outcome !== "failed";
