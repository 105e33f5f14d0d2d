import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Registry } from "../../identity/workload.ts";
import { graded, titled } from "../attempt.ts";
import { type Handling, handlingApis, handlingOf } from "../credentials/secret-handling.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { type Standing, standingJudge } from "../escalation/standing.ts";
import { atLeast, type Severity } from "../finding.ts";
import { accountOfRegistry } from "../trust/declared-account.ts";

/** Finds secrets that are copied away, put under somebody else's key, no longer rotated, or destroyed. */
export function sprawlSecretHandling(iam: IamTables): Detector {
  const standingOf = standingJudge(iam);
  const [first = "secretsmanager:UpdateSecret", ...others] = handlingApis;
  return defineDetector({
    id: "sprawl-secret-handling",
    version: "1",
    title: "A secret was copied away, put under another's key, no longer rotated or destroyed",
    family: "secret-sprawl",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1555.006", "T1485", "T1486"],
    controls: {
      owaspNhi: ["NHI2:2025", "NHI7:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.DS-01", "PR.AA-05"],
      nistAiRmf: ["MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A secret is copied to a second Region for a fail-over that no manifest names yet",
      "Keys or rotation functions live in a central account: declare it as thirdParty or as an account of the deployment",
      "A test stack is torn down, and its secrets with it",
    ],
    triage: [
      "Ask the owner of the secret whether the key, Region or account is theirs",
      "Where it is not, take the change back and rotate the secret: whoever owns the key or the copy has its value",
      "Where rotation was stopped, look who read the secret since it was rotated last",
    ],
    references: [
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
      "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html",
    ],
    wants: () => [],
    detect(seen) {
      const { event, registry } = seen;
      if (event.kind !== "api-call") return [];
      const account = event.account ?? event.principal.account ?? "";
      const found = handlingOf(event, {
        account,
        regions: declaredRegions(registry),
        known: (other) => accountOfRegistry(other, registry) !== undefined,
      });
      if (found === undefined) return [];
      const severity = severityOf(found, standingOf(seen, []));
      if (severity === undefined) return [];
      const resource = resourceOf(event, account);
      return [
        {
          title: titled(`A secret ${found.did}`, found.tried, event.outcome),
          severity: graded(severity, event.outcome),
          confidence: "high",
          ...(resource === undefined ? {} : { resource }),
          evidence: [{ kind: "field", eventID: event.id, path: found.path, value: excerpt(found.value) }],
        },
      ];
    },
  });
}

/** Ordinary work of a declared workload is nobody's concern; what lets strangers in stays one, whoever does it. */
function severityOf({ severity }: Handling, { kind }: Standing): Severity | undefined {
  if (kind === "inside") return atLeast(severity, "high") ? "medium" : undefined;
  return kind === "outside" && !atLeast(severity, "medium") ? "medium" : severity;
}

const declaredRegions = ({ workloads }: Registry): ReadonlySet<string> =>
  new Set(workloads.flatMap(({ status, envelope }) => (status === "active" ? (envelope.regions ?? []) : [])));

/** The secret or parameter: by the answer's ARN, else as the request names it. */
function resourceOf({ api, request, response, partition, region }: ApiCall, account: string): string | undefined {
  if (api === "ram:CreateResourceShare") return undefined;
  const answered = text(response["aRN"]) || text(response["arn"]);
  if (parseArn(answered) !== undefined) return answered;
  const name = text(request["secretId"]) || text(request["name"]);
  if (name === "" || parseArn(name) !== undefined) return name === "" ? undefined : name;
  if (account === "") return undefined;
  return api === "ssm:PutParameter"
    ? `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\/+/, "")}`
    : `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}`;
}
