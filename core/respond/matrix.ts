import { byDetector, byFamily, type PlaybookLine } from "../decide/playbook.ts";
import type { Family } from "../detect/finding.ts";
import { type WorkloadClass, workloadClasses } from "../identity/workload.ts";
import { planners, tierOfPlanner } from "./catalog.ts";

/** What can be done about a finding of a family in a workload of a class. */
export interface MatrixCell {
  readonly class: WorkloadClass;
  readonly family: Family;
  /** What the playbook picks: automatic where the manifest and every guard allow it, otherwise on approval. */
  readonly automatic: readonly string[];
  /** What a person may ask for, or approve. */
  readonly approval: readonly string[];
  /** What no plan can do, and which plan lists the steps by hand. */
  readonly impossible: readonly string[];
}

export const families: readonly Family[] = [
  "privilege-drift",
  "secret-sprawl",
  "gpu-scaling",
  "ai-abuse",
  "tampering",
  "identity",
  "exposure",
  "external",
  "custom",
];

/** Every class with every family. Which detector is of which family is the caller's knowledge. */
export const responseMatrix = (
  detectors: readonly { readonly id: string; readonly family: Family }[],
): readonly MatrixCell[] => workloadClasses.flatMap((one) => families.map((family) => cellOf(one, family, detectors)));

function cellOf(
  one: WorkloadClass,
  family: Family,
  detectors: readonly { readonly id: string; readonly family: Family }[],
): MatrixCell {
  const fitting = planners.filter(
    (planner) => planner.classes?.includes(one) !== false && planner.families?.includes(family) !== false,
  );
  const lines = [
    byFamily[family],
    ...detectors.filter((detector) => detector.family === family).map(({ id }) => byDetector[id]),
  ];
  const automatic = [...new Set(lines.flatMap((line) => (line === undefined ? [] : [picked(line)])))];
  const byHand = fitting.filter((planner) => tierOfPlanner(planner) === undefined).map(({ id }) => `by hand: ${id}`);
  return {
    class: one,
    family,
    automatic: automatic.length === 0 ? ["nothing: a ticket"] : automatic,
    approval: fitting.filter((planner) => tierOfPlanner(planner) !== undefined).map(({ id }) => id),
    impossible: [ofFamily[family], ofClass[one], ...byHand],
  };
}

function picked({ aim, grade }: PlaybookLine): string {
  if (aim === "new-key") return "deactivate-key on the new key";
  const whom = aim === "actor" ? "whoever acted" : "whoever was changed, otherwise whoever acted";
  return `contain-role or contain-user on ${whom}: ${grade ?? "deny-all"}`;
}

/** What a finding of the family means that nothing brings back. */
const ofFamily: Readonly<Record<Family, string>> = {
  "privilege-drift": "undoing what the new rights were used for",
  "secret-sprawl": "calling a secret back that was read",
  "gpu-scaling": "ending instances that run, or the money spent",
  "ai-abuse": "calling answers, prompts and vended tokens back",
  tampering: "the records of the time in which nothing was logged",
  identity: "containing root, people of Identity Center and service-linked roles",
  exposure: "calling back what was copied while it was open",
  external: "more than the other product says: the target is for a person",
  custom: "more than the rule says: the target is for a person",
};

/** What of the class goes on, whatever is denied to it. */
const ofClass: Readonly<Record<WorkloadClass, string>> = {
  agent: "stopping one agent of several that share a role, other than by its session",
  "model-serving": "stopping an endpoint without an outage",
  training: "stopping a job without losing what is not in a checkpoint",
  "vector-store": "reaching data planes with users of their own",
  orchestration: "calling back what it has told others to start",
  deployment: "taking back what was deployed",
  pipeline: "taking back what a finished run has written",
};
