import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import { standingJudge } from "../escalation/standing.ts";
import { networkApis, networkPlace } from "../exposure/network-place.ts";
import { peopleSigned } from "../exposure/people.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

/** Finds who moves what agents run in from a closed network to the open internet, by a change or by deleting it and making it anew. */
export function aiNetworkFlip(iam: IamTables): WindowDetector {
  const standingOf = standingJudge(iam);
  return defineWindowDetector({
    id: "ai-network-flip",
    version: "1",
    title: "What an agent runs in was moved to the open internet",
    family: "ai-abuse",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1578.005", "T1562.007"],
    controls: {
      owaspNhi: ["NHI6:2025"],
      owaspAsi: ["ASI02", "ASI05"],
      nistCsf: ["PR.IR-01", "PR.PS-01", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4", "MEASURE 2.7"],
      maestro: ["L3 Agent Frameworks", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(...networkApis)],
    falsePositives: [
      "A team tries out which network its agent needs",
      "Infrastructure as code makes a tool anew for another reason, and it was open before",
    ],
    triage: [
      "Ask the owner of the agent whether its code or browser is to reach the internet",
      "Look at what its role may read, and whether it did since: all of that can be carried out",
      "If nobody planned it, delete what was made anew and make it again as it was",
    ],
    references: [
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/code-interpreter-resource-management.html",
      "https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CodeInterpreterNetworkConfiguration.html",
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-vpc.html",
    ],
    size: 12 * 3_600_000,
    wants: () => [],
    marks(seen) {
      const { event } = seen;
      if (event.kind !== "api-call" || attempted(event.outcome)) return [];
      const place = networkPlace(event);
      if (place === undefined) return [];
      const acting = actingAs(event.principal);
      if (acting === undefined || seen.attribution.kind === "service") return [];
      const { thing, state, mode } = place;
      const allowed = state === "public" && standingOf(seen, []).kind === "inside";
      const subject = JSON.stringify([acting, peopleSigned(event), ...thing]);
      // Each change counts: a thing may be moved there and back.
      return [{ subject, member: JSON.stringify([state, mode, allowed, event.id]) }];
    },
    begins: ({ member }) => stepOf(member)?.state !== "public",
    judge: judged,
  });
}

interface Step {
  readonly state: string;
  readonly mode: string;
  /** The envelope of whoever did it covers it. */
  readonly allowed: boolean;
}

function stepOf(member: string): Step | undefined {
  if (!member.startsWith('["')) return undefined;
  const [state, mode, allowed]: readonly unknown[] = JSON.parse(member);
  return typeof state === "string" && typeof mode === "string" ? { state, mode, allowed: allowed === true } : undefined;
}

/** From what it stood in, or from its end, to the first time that it is open. */
function judged({ subject, marks }: Span): WindowDetection | undefined {
  const steps = marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark) => {
      const step = stepOf(mark.member);
      return step === undefined ? [] : [{ mark, step }];
    });
  const place = steps.findIndex(({ step }) => step.state === "public");
  const opened = steps[place];
  const [begun] = steps;
  if (begun === undefined || opened === undefined || place < 1 || opened.step.allowed) return undefined;
  const before = steps.slice(0, place).findLast(({ step }) => step.state === "closed");
  const [, person, kind, , , name]: readonly unknown[] = JSON.parse(subject);
  const from = before === undefined ? "" : ` from ${before.step.mode}`;
  const by =
    before === undefined ? "was deleted and made anew, open to the internet" : `was moved${from} to the internet`;
  const chain: readonly Mark[] = steps.slice(0, place + 1).map(({ mark }) => mark);
  const [first = begun.mark, ...rest] = chain;
  return {
    title: `The ${kind} ${excerpt(name)} ${by}`,
    // Where nobody saw it made, it may have been open before: programs make things anew for many reasons.
    severity: before === undefined && person !== true ? "low" : "medium",
    confidence: before === undefined ? "medium" : "high",
    evidence: [
      {
        kind: "field",
        eventID: opened.mark.eventID,
        path: "requestParameters.networkConfiguration",
        value: excerpt("PUBLIC"),
      },
      ...(before === undefined
        ? []
        : [
            {
              kind: "field",
              eventID: before.mark.eventID,
              path: "requestParameters.networkConfiguration",
              value: excerpt(before.step.mode),
            } as const,
          ]),
      { kind: "count", what: "steps", count: chain.length },
    ],
    marks: [first, ...rest],
  };
}
