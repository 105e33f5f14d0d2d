import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { saidByRow } from "../agents/ai-row.ts";
import { aiSafeguardRows } from "../agents/ai-safeguard-rows.ts";
import type { Detector } from "../detector.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";

const rows = new Map(aiSafeguardRows.map((row) => [row.api, row] as const));
const [first = "bedrock:DeleteGuardrail", ...others] = [...rows.keys()].sort();

/** Finds the call after which models and agents are held back, evaluated or logged less than before. */
export const aiSafeguard = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "ai-safeguard",
    version: "1",
    title: "A safeguard of models or agents was taken away",
    family: "ai-abuse",
    maturity: "incubating",
    attack: ["T1562.001", "T1562.008"],
    controls: {
      owaspNhi: ["NHI6:2025"],
      owaspAsi: ["ASI01", "ASI02"],
      nistCsf: ["PR.PS-04", "DE.CM-09"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L5 Evaluation and Observability", "L6 Security and Compliance"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A guardrail that nobody uses any more is tidied up",
      "Policies are tried out in a log before they are enforced",
      "What was asked and answered is kept out of logs to protect people's data",
    ],
    triage: [
      "Find out which agents and applications relied on it, and whether something else takes its place",
      "Put it back from its definition in your repository",
      "Read what the acting identity and the agents behind the safeguard did since",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.bedrock-guardrail-delete/",
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy-enforcement-modes.html",
      "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
    ],
    weakenedBy(call, seen) {
      const row = rows.get(call.api);
      if (row === undefined || seen.attribution.kind === "service") return [];
      const said = saidByRow(call, row);
      return said === undefined ? [] : [said];
    },
  });
