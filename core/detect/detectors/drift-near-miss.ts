import type { EventId } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { attempted } from "../attempt.ts";
import { weightOf } from "../behaviour/breach-weight.ts";
import { breachesOf, isNearMiss } from "../behaviour/breaches.ts";
import { defineConductDetector } from "../behaviour/conduct-detector.ts";
import { deviations } from "../behaviour/deviations.ts";
import { type NearMiss, nearMissOf } from "../behaviour/near-miss.ts";
import type { Evidence, Severity } from "../finding.ts";

interface About {
  readonly miss: NearMiss;
  readonly conduct: Conduct;
}

/** Finds the right action on the wrong Region, model, secret or thing, and names the declared one that was likely meant. */
export const driftNearMiss = ({ table }: Pick<IamTables, "table">) =>
  defineConductDetector({
    id: "drift-near-miss",
    version: "1",
    title: "A declared workload narrowly missed its envelope",
    family: "privilege-drift",
    maturity: "stable",
    needsDeclarations: true,
    attack: ["T1078.004"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["DE.CM-03", "DE.AE-02"],
      nistAiRmf: ["MEASURE 2.6", "MEASURE 2.7"],
      maestro: ["L3 Agent Frameworks", "L6 Security and Compliance"],
    },
    watches: [{ kind: "declared-identities" }],
    falsePositives: [
      "A new Region, model or secret was put to use before its manifest was changed",
      "An agent made up a name that is nearly right and was refused: nothing came of it",
    ],
    triage: [
      "Correct the configuration or prompt that names the wrong value, or declare the value if it is right",
      "Look whether the same workload was also refused elsewhere on that day",
    ],
    references: [
      "https://genai.owasp.org/resource/agentic-ai-threats-and-mitigations/",
      "https://docs.aws.amazon.com/wellarchitected/latest/generative-ai-lens/generative-ai-lens.html",
    ],
    judging({ declared }) {
      if (declared === undefined) return undefined;
      const { name } = declared.workload;
      const found = deviations<About>();
      return {
        see(done) {
          const { conduct } = done;
          const breaches = breachesOf(done, declared.envelope);
          if (!isNearMiss(breaches, conduct, table)) return;
          const [breach] = breaches;
          const miss = breach && nearMissOf(breach, conduct, table);
          if (breach === undefined || miss === undefined) return;
          found.add(done, {
            // Callers choose names, as many as they like: what was meant is one of a few.
            key: `${miss.kind} ${miss.declared}`,
            severity: severityOf(weightOf(breach, conduct, table), conduct),
            about: { miss, conduct },
          });
        },
        detections: () =>
          found.all().map(({ key, day, severity, count, done, about: { miss, conduct }, outcome, shown }) => ({
            title: titleOf(miss, conduct, name),
            severity,
            confidence: "medium",
            ...(miss.kind === "secret" || miss.kind === "resource" ? { resource: miss.asked } : {}),
            day,
            deviation: key,
            done,
            shown,
            count,
            outcome,
            evidence: (eventID) => [
              field(eventID, askedAt[miss.kind], miss.asked),
              field(eventID, `envelope.${declaredAt[miss.kind]}`, miss.declared),
              { kind: "count", what: "calls like this on this day", count },
            ],
          })),
      };
    },
  });

/** Lower than the same call far from the envelope: reading a wrong secret stays worth a ticket. */
function severityOf(weight: Severity, { outcome }: Conduct): Severity {
  if (weight === "high" || weight === "critical") return attempted(outcome) ? "low" : "medium";
  return attempted(outcome) ? "info" : "low";
}

const words: Readonly<Record<NearMiss["kind"], string>> = {
  region: "Region",
  model: "model",
  secret: "secret",
  resource: "resource",
};

const askedAt: Readonly<Record<NearMiss["kind"], string>> = {
  region: "awsRegion",
  model: "requestParameters.modelId",
  secret: "requestParameters",
  resource: "requestParameters",
};

const declaredAt: Readonly<Record<NearMiss["kind"], string>> = {
  region: "regions",
  model: "models",
  secret: "secrets",
  resource: "statements",
};

const titleOf = ({ kind, asked, declared }: NearMiss, { outcome }: Conduct, name: string): string =>
  `${name} ${attempted(outcome) ? "tried" : "used"} the wrong ${words[kind]}: declared ${excerpt(declared)}, called ${excerpt(asked)}`;

const field = (eventID: EventId, path: string, value: string): Evidence => ({
  kind: "field",
  eventID,
  path,
  value: excerpt(value),
});
