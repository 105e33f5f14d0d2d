import type { ApiCall } from "../../event/event.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { saidByRow } from "../agents/ai-row.ts";
import { modelAccessRows } from "../agents/model-access-rows.ts";
import type { Detector } from "../detector.ts";
import { consoleSigned, lastingKeySigned } from "../exposure/people.ts";
import type { Severity } from "../finding.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";

const rows = new Map(modelAccessRows.map((row) => [row.api, row] as const));
const [first = "bedrock:PutFoundationModelEntitlement", ...others] = [...rows.keys()].sort();

/** Finds the single call that opens a model to an account or buys capacity for one: the first that thieves of models need. */
export const aiModelAccess = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "ai-model-access",
    version: "1",
    title: "A model was opened to the account, or capacity for one was bought",
    family: "ai-abuse",
    maturity: "incubating",
    attack: ["T1496", "T1578.005"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02", "ASI03"],
      nistCsf: ["PR.AA-05", "ID.AM-02", "DE.CM-09"],
      nistAiRmf: ["GOVERN 1.6", "MANAGE 3.1"],
      maestro: ["L1 Foundation Models", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A platform team opens a new model by a script that no manifest declares",
      "Procurement accepts an offer of the Marketplace for something else",
      "A person tries a model in the console, which opens it on the way",
    ],
    triage: [
      "Ask whoever owns the account whether this model or purchase was wanted",
      "Look at what the identity invoked since, in every Region, and from where",
      "If nobody wanted it, contain the identity, close the model again and ask AWS Support about the bill",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.impact.bedrock-invoke-model/",
      "https://www.sysdig.com/blog/llmjacking-stolen-cloud-credentials-used-in-new-ai-attack",
      "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
    ],
    weakenedBy(call, seen) {
      const row = rows.get(call.api);
      if (row === undefined || seen.attribution.kind === "service") return [];
      const said = saidByRow(call, row);
      return said === undefined ? [] : [{ ...said, severity: bySigner(said.severity, call) }];
    },
  });

/** People open models in the console, where every step is a click. Programs rarely do, and those with a long-term key never need to. */
function bySigner(severity: Severity, call: ApiCall): Severity {
  if (severity === "low") return severity;
  if (call.principal.kind === "root" || lastingKeySigned(call)) return "high";
  if (!consoleSigned(call)) return severity;
  return severity === "high" ? "medium" : "low";
}
