import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { isArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type Entry, enteredThing, entries, entryMark, entryOf } from "../agents/agent-entry.ts";
import { graded } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import { standingJudge } from "../escalation/standing.ts";
import { peopleSigned } from "../exposure/people.ts";
import type { Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

const byApi = new Map(entries.map((one) => [one.api, one] as const));
const [first = "bedrock-agentcore:InvokeAgentRuntimeCommand", ...others] = [...byApi.keys()].sort();

/** Finds who enters what an agent runs in, and so has its role: once for each who and what, however many calls it takes. */
export function aiAgentEntry(iam: IamTables): WindowDetector {
  const standingOf = standingJudge(iam);
  return defineWindowDetector({
    id: "ai-agent-entry",
    version: "1",
    title: "Somebody entered what an agent runs in",
    family: "ai-abuse",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1651", "T1059", "T1185"],
    controls: {
      owaspNhi: ["NHI5:2025", "NHI10:2025"],
      owaspAsi: ["ASI03", "ASI05"],
      nistCsf: ["PR.AA-05", "DE.CM-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L3 Agent Frameworks", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "An application that no manifest declares runs its users' code in an interpreter of its own",
      "A developer looks into an agent's runtime to find a fault",
      "A person takes over an agent's browser where the agent asks for one",
    ],
    triage: [
      "Ask the owner of the agent whether somebody was to work in it",
      "Read in the agent's log group what was run, and in the trails what its role did since",
      "If nobody planned it, contain who entered, stop the session, and revoke the sessions of the agent's role",
    ],
    references: [
      "https://pathfinding.cloud/paths/bedrock-004",
      "https://pathfinding.cloud/paths/bedrock-002",
      "https://pathfinding.cloud/paths/bedrock-007",
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/security-iam.html",
    ],
    size: 12 * 3_600_000,
    wants: () => [],
    marks(seen) {
      const { event, attribution } = seen;
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const acting = actingAs(event.principal);
      const found = byApi.get(event.api);
      const thing = enteredThing(event);
      if (acting === undefined || found === undefined || thing === undefined) return [];
      const standing = standingOf(seen, []).kind;
      if (standing === "inside") return [];
      const subject = JSON.stringify([acting, thing, found.way, peopleSigned(event)]);
      return [{ subject, member: entryMark(found, standing === "outside") }];
    },
    begins: () => true,
    judge: judged,
  });
}

const said: Readonly<Record<Entry["way"], readonly [did: string, byPerson: Severity, byRole: Severity]>> = {
  commands: ["ran commands beside an agent, as its role", "high", "medium"],
  code: ["ran code in an agent's interpreter, as its role", "medium", "low"],
  browser: ["steered an agent's browser, as its role", "medium", "low"],
  view: ["looked into an agent's browser", "low", "low"],
  cookies: ["kept the cookies of an agent's browser", "medium", "low"],
  "another-user": ["ran an agent in another user's name", "low", "low"],
};

function judged({ subject, marks }: Span): WindowDetection | undefined {
  const found = marks.flatMap((mark) => {
    const one = entryOf(mark.member);
    return one === undefined ? [] : [{ mark, one }];
  });
  const entered = found.filter(({ one }) => one.step === "enters");
  const [decisive] = entered;
  const ordered = found.map(({ mark }) => mark).toSorted(byTime);
  const [earliest, ...rest] = ordered;
  // A session that was only started ran nothing yet.
  if (decisive === undefined || earliest === undefined) return undefined;
  const [, thing, , person]: readonly unknown[] = JSON.parse(subject);
  const [did, byPerson, byRole] = said[decisive.one.way];
  const outside = found.some(({ one }) => one.outside);
  const by = ordered.find((mark) => mark.by !== undefined)?.by;
  const declared = by?.workload !== undefined;
  const done = entered.some(({ mark }) => mark.by === undefined || isDone(mark));
  const named = String(excerpt(thing));
  const severity = outside ? "high" : declared ? byRole : person === true ? byPerson : byRole;
  return {
    title: `${by?.workload ?? "Somebody whom no manifest names"} ${done ? did : `tried in vain: ${did}`}${outside ? ", outside its envelope" : ""}`,
    severity: done ? severity : graded(severity, "denied"),
    confidence: "high",
    ...(isArn(named) ? { resource: named } : {}),
    evidence: [
      { kind: "field", eventID: decisive.mark.eventID, path: "eventName", value: excerpt(nameOf(decisive.one)) },
      { kind: "field", eventID: decisive.mark.eventID, path: "requestParameters", value: excerpt(thing) },
      { kind: "count", what: "different calls into it", count: found.length },
    ],
    marks: [earliest, ...rest],
  };
}

const isDone = ({ by }: Mark): boolean => by?.outcome === "done" || by?.outcome === "unknown";

const nameOf = ({ api }: Entry): string => api.slice(api.indexOf(":") + 1);

const byTime = (a: Mark, b: Mark): number => a.at - b.at || (a.eventID < b.eventID ? -1 : 1);
