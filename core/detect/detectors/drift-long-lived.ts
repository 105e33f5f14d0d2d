import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { at, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import { grantsEverything, parsePolicy } from "../../iam/policy.ts";
import { graded, titled } from "../attempt.ts";
import { defineDetector } from "../detector.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";

/** Finds credentials that live on where short ones are the rule: federation tokens that are wide or long, and keys behind workloads that promise short sessions. */
export const driftLongLived = defineDetector({
  id: "drift-long-lived",
  version: "1",
  title: "A credential lives longer than it should",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1550.001", "T1078.004"],
  controls: {
    owaspNhi: ["NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "PR.AA-05"],
    nistAiRmf: ["MANAGE 2.4"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("sts:GetFederationToken", "sts:GetSessionToken")],
  falsePositives: [
    "An identity broker that signs its users in with federation tokens and a policy for everything",
    "A manifest that promises short sessions for a workload that is still moving away from a user's key",
  ],
  triage: [
    "Ask the owner of the user whether it is meant to give out federation tokens; most accounts have no use for them",
    "Look at what was done with the token: it works on after its user's key is deactivated or deleted",
    "Deny the user everything by policy: that holds for its tokens too; then replace the key by a role",
  ],
  references: [
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.sts-federation-token/",
    "https://www.crowdstrike.com/en-us/blog/how-adversaries-persist-with-aws-user-federation/",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
  ],
  wants: () => [],
  detect({ event, workload }) {
    if (event.kind !== "api-call") return [];
    const promised = workload?.envelope.session?.maxSeconds;
    return event.api === "sts:GetFederationToken" ? federation(event, promised) : sessionToken(event, promised);
  },
});

/** AWS's own default for a federation token is as long; what asks for more means to stay. */
const halfDay = 43_200;

function federation(call: ApiCall, promised: number | undefined): readonly Detection[] {
  const { id, request, response, outcome } = call;
  const wide = widePolicy(call);
  const seconds = request["durationSeconds"];
  const long = typeof seconds === "number" && seconds > halfDay;
  if (wide === undefined && !long && promised === undefined) return [];
  const federated = text(at(response, "federatedUser", "arn"));
  const asked: readonly Evidence[] = [
    ...(wide === undefined ? [] : [wide]),
    ...(typeof seconds === "number"
      ? [
          {
            kind: "count",
            what: "seconds the token was asked for",
            count: seconds,
            limit: promised ?? halfDay,
          } as const,
        ]
      : []),
  ];
  const severity: Severity = promised !== undefined && wide !== undefined ? "high" : "medium";
  const [did, tried] =
    wide !== undefined
      ? ["A federation token was given out that may do all its user may", "get a federation token for everything"]
      : ["A federation token was given out in place of a short session", "get a federation token"];
  return [
    {
      title: titled(did, tried, outcome),
      severity: graded(severity, outcome),
      confidence: "high",
      ...(federated === "" ? {} : { resource: federated }),
      evidence: [
        { kind: "field", eventID: id, path: "requestParameters.name", value: excerpt(text(request["name"])) },
        ...asked,
      ],
    },
  ];
}

/** Where the session policy takes nothing away; without one a federated session may do nothing by identity policies. */
function widePolicy({ id, request }: ApiCall): Evidence | undefined {
  const policy = request["policy"];
  const parsed = policy === undefined ? undefined : parsePolicy(policy);
  if (parsed?.ok === true && grantsEverything(parsed.document))
    return { kind: "field", eventID: id, path: "requestParameters.policy", value: excerpt(text(policy)) };
  const administrator = list(request["policyArns"])
    .map((one) => text(at(one, "arn")) || text(one))
    .find(isAdministratorAccess);
  return administrator === undefined
    ? undefined
    : { kind: "field", eventID: id, path: "requestParameters.policyArns", value: excerpt(administrator) };
}

function isAdministratorAccess(policy: string): boolean {
  const arn = parseArn(policy);
  return arn?.service === "iam" && arn.account === "aws" && arn.resource === "policy/AdministratorAccess";
}

/** Only a user's own key can ask: who does has one, whatever the manifest promises. */
function sessionToken({ id, request, outcome }: ApiCall, promised: number | undefined): readonly Detection[] {
  if (promised === undefined) return [];
  const seconds = request["durationSeconds"];
  return [
    {
      title: titled(
        "A workload that promises short sessions used a long-term key to get a session",
        "get a session with a long-term key",
        outcome,
      ),
      severity: graded("medium", outcome),
      confidence: "high",
      evidence: [
        { kind: "field", eventID: id, path: "eventName", value: excerpt("GetSessionToken") },
        ...(typeof seconds === "number"
          ? [{ kind: "count", what: "seconds the session was asked for", count: seconds, limit: promised } as const]
          : []),
      ],
    },
  ];
}
