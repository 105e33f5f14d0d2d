import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { AskedBy } from "../../identity/attribution.ts";
import { type Delegation, delegationOf, delegationWatches } from "../../identity/lineage/delegation.ts";
import { calleeOf, mayInvoke } from "../../identity/lineage/may-invoke.ts";
import type { Workload } from "../../identity/workload.ts";
import { graded, titled } from "../attempt.ts";
import { defineDetector, type Seen } from "../detector.ts";
import type { Detection, Evidence } from "../finding.ts";
import { beyond, listedBeyond, reachWatches } from "../reach-through.ts";

/** Finds what agents should not ask of each other: an edge nobody declared, a ring, and what an asker could not do itself. */
export const identityDelegation = defineDetector({
  id: "identity-delegation",
  version: "1",
  title: "An agent asked another for more than its manifest allows",
  family: "identity",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1199", "T1548"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI03", "ASI07"],
    nistCsf: ["PR.AA-05", "DE.CM-09"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
    maestro: ["L3 Agent Frameworks", "L7 Agent Ecosystem"],
  },
  watches: [delegationWatches, reachWatches],
  falsePositives: [
    "A workload was given another agent to ask before its manifest was",
    "Two agents hand a task back and forth on purpose",
    "An agent reads a secret of its own for every task, whoever asked for it",
  ],
  triage: [
    "Ask the owner of the asking workload whether it should ask this agent or gateway",
    "If it should, add it to mayInvoke; the next call is then quiet",
    "If it should not, contain the credential that was proven last: the asker's for the call that asked, the agent's for what it did",
  ],
  references: [
    "https://genai.owasp.org/resource/agentic-ai-threats-and-mitigations/",
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  ],
  wants: () => [],
  detect(seen) {
    const { event } = seen;
    if (event.kind !== "api-call") return [];
    const asks = delegationOf(event);
    return [
      ...(asks === undefined ? [] : [...newEdge(seen, event, asks), ...ring(seen, event, asks)]),
      ...reached(seen, event),
    ];
  },
});

function newEdge({ workload, registry }: Seen, call: ApiCall, asks: Delegation): readonly Detection[] {
  const callee = workload && calleeOf(asks.kind, asks.asked, registry);
  if (workload === undefined || callee === undefined || mayInvoke(workload, callee)) return [];
  const [name] = callee.names;
  const further = callee.workload === undefined ? [] : listedBeyond(workload.envelope, callee.workload.envelope);
  const more = further.length > 0 ? ", and which may do more than it may itself" : "";
  return [
    {
      title: titled(
        `${workload.name} asked the ${callee.kind} ${name}, which its manifest does not name${more}`,
        `ask the ${callee.kind} ${name} as ${workload.name}, whose manifest does not name it`,
        call.outcome,
      ),
      severity: graded(further.length > 0 ? "high" : "medium", call.outcome),
      confidence: "high",
      resource: asks.asked,
      evidence: [
        asked(call, asks),
        ...further.slice(0, mostShown).map(({ action, resource }): Evidence => ({ kind: "grant", action, resource })),
      ],
    },
  ];
}

/** So many lines of evidence say enough. */
const mostShown = 10;

function ring({ attribution }: Seen, call: ApiCall, asks: Delegation): readonly Detection[] {
  const way = wayTo(asks.asked, attribution.askedBy ?? []);
  if (way === undefined) return [];
  return [
    {
      title: titled(
        way.length > 1 ? `Agents ask each other in a ring of ${way.length}` : "An agent asks itself again",
        way.length > 1 ? `close a ring of ${way.length} agents` : "have an agent ask itself again",
        call.outcome,
      ),
      severity: graded("medium", call.outcome),
      confidence: way.every((one) => one.class === "indexed") ? "medium" : "low",
      resource: asks.asked,
      evidence: [asked(call, asks), ...way.map(hop)],
    },
  ];
}

/** The askers from the nearest to the one that asked this very resource: what is asked now was asked before in this row. */
function wayTo(resource: string, askers: readonly AskedBy[]): readonly AskedBy[] | undefined {
  for (const one of askers) {
    if (one.asked === resource) return [one];
    const further = wayTo(resource, one.askedBy ?? []);
    if (further !== undefined) return [one, ...further];
  }
  return undefined;
}

/** What an agent does for a declared asker, who may not do it. Only askers that a session's id proves count. */
function reached(seen: Seen, call: ApiCall): readonly Detection[] {
  for (const asker of indexed(seen.attribution.askedBy ?? [])) {
    const workload = seen.registry.named(asker.id);
    if (workload === undefined || workload === seen.workload) continue;
    const found = forbidden(workload, seen, call);
    if (found === undefined) continue;
    const callee = calleeOf("agent-runtime", asker.asked, seen.registry);
    const declared = callee !== undefined && workload.envelope.mayInvoke !== undefined && mayInvoke(workload, callee);
    return [
      {
        title: titled(
          `An agent that ${workload.name} asked called ${found.what}, which ${workload.name} may not call itself`,
          `call ${found.what} through an agent, for ${workload.name}, which may not call it itself`,
          call.outcome,
        ),
        severity: graded(declared ? "low" : "high", call.outcome),
        confidence: "medium",
        resource: found.resource,
        evidence: [found.evidence, hop(asker)],
      },
    ];
  }
  return [];
}

interface Forbidden {
  readonly what: string;
  readonly resource: string;
  readonly evidence: Evidence;
}

function forbidden(workload: Workload, { registry }: Seen, call: ApiCall): Forbidden | undefined {
  const asks = delegationOf(call);
  const callee = asks && calleeOf(asks.kind, asks.asked, registry);
  if (asks !== undefined && callee !== undefined)
    return mayInvoke(workload, callee)
      ? undefined
      : { what: `the ${callee.kind} ${callee.names[0]}`, resource: asks.asked, evidence: asked(call, asks) };
  const found = beyond(workload.envelope, call);
  if (found === undefined) return undefined;
  const { action, resource, field } = found;
  return {
    what: action,
    resource,
    evidence: { kind: "field", eventID: call.id, path: field, value: excerpt(resource) },
  };
}

const indexed = (askers: readonly AskedBy[]): readonly AskedBy[] =>
  askers.filter((one) => one.class === "indexed").flatMap((one) => [one, ...indexed(one.askedBy ?? [])]);

const asked = ({ id }: ApiCall, { field, asked: resource }: Delegation): Evidence => ({
  kind: "field",
  eventID: id,
  path: field,
  value: excerpt(resource),
});

const hop = ({ principal, eventID }: AskedBy): Evidence => ({ kind: "hop", principal, eventID });
