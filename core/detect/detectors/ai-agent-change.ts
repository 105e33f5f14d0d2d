import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { agentChangeRows } from "../agents/agent-change-rows.ts";
import { otherRole, runtimeFacts } from "../agents/agent-role.ts";
import { saidByRow } from "../agents/ai-row.ts";
import type { Detector } from "../detector.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";

const rows = new Map(agentChangeRows.map((row) => [row.api, row] as const));
const [first = "bedrock:UpdateAgent", ...others] = [...rows.keys()].sort();

/** Finds the call that changes what an agent is told, runs, reaches or reads. */
export const aiAgentChange = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "ai-agent-change",
    version: "1",
    title: "What an agent is told, runs, reaches or reads was changed",
    family: "ai-abuse",
    maturity: "incubating",
    attack: ["T1578.005", "T1525", "T1546"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI01", "ASI04", "ASI06"],
      nistCsf: ["PR.PS-01", "DE.CM-09"],
      nistAiRmf: ["MAP 4.2", "MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L3 Agent Frameworks", "L2 Data Operations"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A team changes its agent by a pipeline that no manifest declares",
      "A vendor's image, function or tool server is used on purpose",
      "A Studio of the whole team installs its tools when it starts",
    ],
    triage: [
      "Compare what the agent is told and runs with what your repository has for it",
      "Ask who owns the image, function, bucket or server that the agent uses from now on",
      "If nobody planned it, put the earlier version back, and read what the agent did since as its role",
    ],
    references: [
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
      "https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-injection.html",
      "https://genai.owasp.org/resource/agentic-ai-threats-and-mitigations/",
    ],
    wants: runtimeFacts,
    weakenedBy(call, seen) {
      const row = rows.get(call.api);
      if (row === undefined || seen.attribution.kind === "service") return [];
      const said = saidByRow(call, row);
      const role = otherRole(call, seen.facts);
      // What is graver by itself comes first: the runner joins what is said of one thing.
      return [...(role === undefined ? [] : [role]), ...(said === undefined ? [] : [said])];
    },
  });
