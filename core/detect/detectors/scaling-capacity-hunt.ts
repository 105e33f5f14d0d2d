import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { Workload } from "../../identity/workload.ts";
import { attempted, graded } from "../attempt.ts";
import { type AcceleratorTable, acceleratorOf, familyDeclared } from "../capacity/accelerator.ts";
import { capacityApis, effectOf } from "../capacity/accelerator-calls.ts";
import { capacityRequestOf } from "../capacity/accelerator-request.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

const hour = 3_600_000;
/** A fail-over goes to one other Region, perhaps two. */
const manyRegions = 3;
/** So many refused calls for so many kinds of machine are somebody who takes what there is. */
const manyRefused = 4;
const manyFamilies = 3;

/** Finds one identity that looks for accelerators wherever there are some: in many Regions, or of any kind after being refused. */
export const scalingCapacityHunt = (table: AcceleratorTable): WindowDetector =>
  defineWindowDetector({
    id: "scaling-capacity-hunt",
    version: "1",
    title: "One identity looked for accelerators in many Regions, or of many kinds",
    family: "gpu-scaling",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1496.001", "T1535", "T1578.002"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02", "ASI10"],
      nistCsf: ["DE.AE-02", "DE.CM-09"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [calls(...capacityApis)],
    falsePositives: [
      "A scheduler that looks for Spot capacity across Regions: declare it with its families and Regions",
      "A person tries which kinds of machine an account may start",
    ],
    triage: [
      "Ask the owner of the identity whether it may start accelerators at all, and where",
      "See what the calls got: every Region in which one was answered runs something now",
      "If nobody planned it, contain the identity, and stop what runs, in all Regions that the finding names",
    ],
    references: [
      "https://unit42.paloaltonetworks.com/malicious-operations-of-exposed-iam-keys-cryptojacking/",
      "https://permiso.io/blog/s/unmasking-guivil-new-cloud-threat-actor/",
      "https://attack.mitre.org/techniques/T1535/",
    ],
    size: hour,
    wants: () => [],
    marks({ event, attribution, workload }) {
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const subject = actingAs(event.principal);
      const family = familyIn(event, table);
      if (subject === undefined || family === undefined || declared(event, family, workload)) return [];
      const refused = attempted(event.outcome) ? event.id : "";
      return [{ subject, member: JSON.stringify([event.region, family, refused]) }];
    },
    begins: () => true,
    judge: judged,
  });

/** The first kind of accelerator that a call asks for; what only prepares a start looks for nothing. */
function familyIn(call: ApiCall, table: AcceleratorTable): string | undefined {
  if (effectOf(call.api) === "prepares") return undefined;
  for (const { type } of capacityRequestOf(call)?.asked ?? []) {
    const found = acceleratorOf(type, table);
    if (found !== undefined) return found.family;
  }
  return undefined;
}

/** What a manifest allows, here, is no hunt, however often it is refused. */
function declared({ region }: ApiCall, family: string, workload: Workload | undefined): boolean {
  const { accelerators, regions } = workload?.envelope ?? {};
  return (
    workload !== undefined &&
    (accelerators === undefined || familyDeclared(family, accelerators.families)) &&
    (regions === undefined || regions.includes(region))
  );
}

interface Looked {
  readonly mark: Mark;
  readonly region: string;
  readonly family: string;
  readonly refused: boolean;
}

function judged({ marks }: Span): WindowDetection | undefined {
  const looked = marks.map((mark): Looked => {
    const [region, family, refused] = JSON.parse(mark.member) as readonly [string, string, string];
    return { mark, region, family, refused: refused !== "" };
  });
  const refused = looked.filter((one) => one.refused);
  const regions = distinct(looked, ({ region }) => region);
  const families = distinct(refused, ({ family }) => family);
  const wide = regions.length >= manyRegions;
  if (!wide && (refused.length < manyRefused || families.length < manyFamilies)) return undefined;
  const found = wide ? looked : refused;
  const [first = marks[0], ...others] = found.map(({ mark }) => mark);
  const none = found.every((one) => one.refused);
  return {
    marks: [first, ...others],
    title: wide
      ? `One identity looked for accelerators in ${regions.length} Regions within an hour`
      : `One identity was refused accelerators of ${families.length} kinds within an hour`,
    severity: wide ? graded("high", none ? "failed" : "done") : "medium",
    confidence: "medium",
    evidence: [
      { kind: "count", what: "Regions", count: regions.length, limit: manyRegions - 1 },
      { kind: "count", what: "refused", count: refused.length },
      ...distinct(found, ({ region, family }) => `${family} in ${region}`)
        .slice(0, mostShown)
        .map((one) => ({ kind: "field", eventID: first.eventID, path: "looked for", value: excerpt(one) }) as const),
    ],
  };
}

const mostShown = 8;

const distinct = (some: readonly Looked[], of: (one: Looked) => string): readonly string[] =>
  [...new Set(some.map(of))].sort();
