import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted, graded } from "../attempt.ts";
import {
  type MachineRead,
  machineMark,
  machineMarkOf,
  machineReadApis,
  machineReadOf,
} from "../credentials/machine-secret.ts";
import { deploys } from "../deployments/deploy.ts";
import { actingAs } from "../escalation/acting.ts";
import { standingJudge } from "../escalation/standing.ts";
import type { Evidence, Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

/** Passwords or start-up commands of so many machines within a quarter of an hour are collected, not looked up. */
const many = 5;

/** Finds one identity that collects passwords or user data of machines, where people leave secrets. */
export function sprawlMachineSecrets(iam: IamTables): WindowDetector {
  const standingOf = standingJudge(iam);
  return defineWindowDetector({
    id: "sprawl-machine-secrets",
    version: "1",
    title: "Passwords or user data of machines were read",
    family: "secret-sprawl",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1552.005", "T1580", "T1555"],
    controls: {
      owaspNhi: ["NHI2:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "DE.AE-02"],
      nistAiRmf: ["MEASURE 2.7"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [calls(...machineReadApis)],
    falsePositives: [
      "An inventory or posture tool that reads the user data of every machine: declare it as a workload",
      "An administrator who sets up a group of Windows machines",
    ],
    triage: [
      "Ask the owner of the identity what it needs these for",
      "Look what the user data of the machines holds, and rotate every secret in it that was read",
      "Change the passwords of the Windows machines; look for sign-ins to them since",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.credential-access.ec2-get-password-data/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.discovery.ec2-download-user-data/",
      "https://hackingthe.cloud/aws/general-knowledge/introduction_user_data/",
    ],
    size: 15 * 60_000,
    wants: () => [],
    marks(seen) {
      const { event, attribution, workload } = seen;
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const subject = actingAs(event.principal);
      const read = machineReadOf(event);
      if (subject === undefined || read === undefined) return [];
      const standing = standingOf(seen, []).kind;
      if (standing === "inside" && read.what !== "other") return [];
      // A deployment compares machines with their definition; any other workload has no business in there.
      const outside = workload !== undefined && !deploys(workload) && read.what !== "other";
      return [{ subject, member: machineMark(read, outside) }];
    },
    begins: ({ member }) => machineMarkOf(member)?.what !== "other",
    judge: judged,
  });
}

interface Read extends MachineRead {
  readonly mark: Mark;
  readonly outside: boolean;
}

function judged({ marks, more }: Span): WindowDetection | undefined {
  const all = marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark): readonly Read[] => {
      const read = machineMarkOf(mark.member);
      return read === undefined ? [] : [{ ...read, mark }];
    });
  const opening = all.filter(({ what }) => what !== "other");
  const outside = opening.some((one) => one.outside);
  const machines = new Set(opening.map(({ machine }) => machine));
  const [first, ...rest] = opening;
  const passwords = opening.some(({ what }) => what === "password");
  // A password is handed out to be used; user data holds secrets only where somebody left some.
  if (first === undefined || (machines.size < many && !outside && !passwords)) return undefined;
  const whole = new Set(all.filter(({ what }) => what === "other").map(({ machine }) => machine));
  const wholly = [...machines].filter((one) => whole.has(one)).length * 2 > machines.size;
  const done = opening.some(({ mark }) => !attempted(mark.by?.outcome ?? "unknown"));
  const who = first.mark.by?.workload ?? "Somebody whom no manifest names";
  const count = `${more ? "more than " : ""}${machines.size}`;
  return {
    title: `${who} ${done ? "read" : "tried to read"} the ${passwords ? (machines.size === 1 ? "password" : "passwords") : "user data"} of ${machines.size === 1 ? "a machine" : `${count} machines`}${wholly ? ", with the rest of what there is of them" : ""}`,
    severity: graded(gravity({ outside, many: machines.size >= many, wholly }), done ? "done" : "denied"),
    confidence: wholly ? "low" : "high",
    evidence: [
      { kind: "count", what: "machines", count: machines.size, limit: outside || machines.size < many ? 0 : many - 1 },
      ...opening.slice(0, mostShown).map(
        ({ mark, machine }): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: "requestParameters.instanceId",
          value: excerpt(machine),
        }),
      ),
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}

const mostShown = 5;

interface Gravity {
  readonly outside: boolean;
  readonly many: boolean;
  readonly wholly: boolean;
}

/** Terraform and posture tools read every attribute of a machine; somebody after secrets reads the one that may hold them. */
function gravity({ outside, many, wholly }: Gravity): Severity {
  if (outside) return many ? "high" : "medium";
  return wholly || !many ? "low" : "high";
}
