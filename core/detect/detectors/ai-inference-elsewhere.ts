import { excerpt } from "../../event/excerpt.ts";
import { at, text } from "../../event/json.ts";
import { trailCalls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Workload } from "../../identity/workload.ts";
import { askingApis } from "../agents/model-use.ts";
import { attempted } from "../attempt.ts";
import type { Evidence } from "../finding.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

/**
 * Finds declared workloads whose calls to models are answered in a Region that they do not declare: a profile for several
 * Regions sends them there, and only the answer's record says so (Bedrock user guide, "Increase throughput with
 * cross-Region inference": `additionalEventData.inferenceRegion`).
 */
export const aiInferenceElsewhere = ({ modelProfiles }: IamTables): WindowDetector =>
  defineWindowDetector({
    id: "ai-inference-elsewhere",
    version: "1",
    title: "Calls to a model were answered in a Region that the workload does not declare",
    family: "ai-abuse",
    maturity: "incubating",
    needsDeclarations: true,
    attack: ["T1535"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["PR.DS-02", "ID.AM-03"],
      nistAiRmf: ["MAP 4.1", "MANAGE 3.1"],
      maestro: ["L1 Foundation Models", "L2 Data Operations"],
    },
    watches: [trailCalls(...askingApis)],
    falsePositives: ["A profile for a geography is meant: declare its Regions, or the model with the profile's prefix"],
    triage: [
      "Ask the owner whether what is asked may leave the declared Regions",
      "If it may, name the profile among the declared models (such as `eu.anthropic.*`) or its Regions",
      "If not, call the model itself or a profile of the right geography, and deny the others by `aws:RequestedRegion`",
    ],
    references: [
      "https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html",
      "https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html",
    ],
    size: 12 * 3_600_000,
    wants: () => [],
    marks({ event, workload }) {
      if (event.kind !== "api-call" || workload?.envelope.regions === undefined || attempted(event.outcome)) return [];
      const answered = text(at(event.record, "additionalEventData", "inferenceRegion"));
      const model = text(event.request["modelId"]).slice(0, longest);
      const { regions } = workload.envelope;
      // A call that comes in elsewhere is drift of its own, and told as such.
      if (!/^[a-z0-9-]{5,32}$/.test(answered) || regions.includes(answered) || !regions.includes(event.region))
        return [];
      if (namesProfile(workload, model, modelProfiles)) return [];
      const far = !regions.some((one) => geography(one) === geography(answered));
      return [{ subject: JSON.stringify([workload.name, answered, far]), member: model }];
    },
    begins: () => true,
    judge: judged,
  });

/** Model ids and ARNs that tell models apart are far shorter. */
const longest = 256;

/** Whoever declares a model by its profile for several Regions means these Regions. */
function namesProfile({ envelope }: Workload, model: string, profiles: readonly string[]): boolean {
  const id = model.slice(model.lastIndexOf("/") + 1);
  const prefix = profiles.find((one) => id.startsWith(one));
  return prefix !== undefined && (envelope.models ?? []).some((one) => one.includes(prefix));
}

/** What stands before the first hyphen of a Region's name. */
const geography = (region: string): string => region.slice(0, region.indexOf("-"));

function judged({ subject, marks, more }: Span): WindowDetection | undefined {
  const [name, region, far]: readonly unknown[] = JSON.parse(subject);
  return {
    title: `Models that ${excerpt(name)} asked answered in ${excerpt(region)}, which it does not declare${far === true ? ": another part of the world" : ""}`,
    severity: far === true ? "medium" : "low",
    confidence: "high",
    audience: "owner",
    evidence: [
      {
        kind: "field",
        eventID: marks[0].eventID,
        path: "additionalEventData.inferenceRegion",
        value: excerpt(region),
      },
      { kind: "count", what: more ? "models, at least" : "models", count: marks.length },
      ...marks.slice(0, mostShown).map(
        ({ eventID, member }): Evidence => ({
          kind: "field",
          eventID,
          path: "requestParameters.modelId",
          value: excerpt(member),
        }),
      ),
    ],
    marks,
  };
}

const mostShown = 5;
