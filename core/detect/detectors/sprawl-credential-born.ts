import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { IamTables } from "../../iam/tables.ts";
import { graded, titled } from "../attempt.ts";
import type { Birth, BirthRow } from "../credentials/credential-birth.ts";
import { agentBirths } from "../credentials/credential-birth-agents.ts";
import { iamBirths } from "../credentials/credential-birth-iam.ts";
import { keyBirths } from "../credentials/credential-birth-keys.ts";
import { handingOuts } from "../credentials/credential-handed-out.ts";
import { deploys } from "../deployments/deploy.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { type Standing, standingJudge } from "../escalation/standing.ts";
import { namedArn, namesOf } from "../facts/named-resource.ts";
import { atLeast, type Severity } from "../finding.ts";

const rows: ReadonlyMap<ApiName, BirthRow> = new Map(
  [...iamBirths, ...keyBirths, ...handingOuts, ...agentBirths].map((row) => [row.api, row]),
);

/** Finds the birth, the return or the handing out of a credential that lasts and is no access key. */
export function sprawlCredentialBorn(iam: IamTables): Detector {
  const standingOf = standingJudge(iam);
  const [first = "iam:CreateServiceSpecificCredential", ...others] = [...rows.keys()].sort();
  return defineDetector({
    id: "sprawl-credential-born",
    version: "1",
    title: "A lasting credential was created, replaced or handed out",
    family: "secret-sprawl",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1098.001", "T1098.004", "T1552", "T1528"],
    controls: {
      owaspNhi: ["NHI7:2025", "NHI2:2025", "NHI4:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-01", "DE.CM-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "Somebody tries out a service that knows no other way to sign in",
      "A deployment sets up an API with its key, or rotates a password: declare it with the calls that it makes",
      "An agent platform lays up the credentials of the tools that its agents use",
    ],
    triage: [
      "Ask who needs the credential, and whether a role or a short-lived token would do",
      "Where it opens a model, look for calls that carry it: AWS marks them as made with a bearer token",
      "Where nobody asked for it, switch it off before it is deleted, and look what else the same identity made",
    ],
    references: [
      "https://www.beyondtrust.com/blog/entry/aws-bedrock-security-guide-api-keys-detection-response",
      "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_bedrock.html",
      "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/get-workload-access-token.html",
    ],
    wants: () => [],
    detect(seen) {
      const { event, attribution } = seen;
      const row = event.kind === "api-call" ? rows.get(event.api) : undefined;
      // A service only carries out what somebody set up, and that call is judged.
      if (event.kind !== "api-call" || row === undefined || attribution.kind === "service") return [];
      const said = row.says?.(event);
      if (row.says !== undefined && said === undefined) return [];
      const severity = severityOf(said?.severity ?? row.severity, standingOf(seen, []));
      if (severity === undefined) return [];
      const [path, name] = namesOf(event, row.named)[0] ?? ["", ""];
      const resource = said?.resource ?? (name === "" ? undefined : namedArn(event, row.as ?? "", name));
      return [
        {
          title: titled(said?.did ?? row.did, said?.tried ?? row.tried, event.outcome),
          severity: graded(severity, event.outcome),
          confidence: "high",
          ...(resource === undefined ? {} : { resource }),
          evidence: [
            { kind: "field", eventID: event.id, ...fieldSaid(said, event.name) },
            ...(name === "" || path === said?.path
              ? []
              : [{ kind: "field", eventID: event.id, path, value: excerpt(name) } as const]),
          ],
        },
      ];
    },
  });
}

const fieldSaid = (said: Birth | undefined, name: string) =>
  said === undefined ? { path: "eventName", value: excerpt(name) } : { path: said.path, value: excerpt(said.value) };

/** A workload that makes itself a way to stay is worse than a person who does; what its manifest names is its work. */
function severityOf(severity: Severity, standing: Standing): Severity | undefined {
  const raised = atLeast(severity, "medium") ? severity : "medium";
  switch (standing.kind) {
    case "inside":
      return atLeast(severity, "high") ? "medium" : undefined;
    case "outside":
      return raised;
    case "unproven":
    case "not-judged":
      return deploys(standing.workload) || severity === "info" ? severity : raised;
    case "undeclared":
      return severity;
  }
}
