import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { graded, titled } from "../attempt.ts";
import { defineDetector } from "../detector.ts";
import { quarantinePolicy } from "../guard-rails/quarantine-mark.ts";
import { builtArn } from "../touched.ts";

/** Finds AWS's own word that a key has leaked: the policy that it puts on the user whose key it found in public. */
export const sprawlLeakedKey = defineDetector({
  id: "sprawl-leaked-key",
  version: "1",
  title: "AWS's quarantine for leaked keys was put on a user",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1552.001", "T1078.004"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["DE.AE-07", "RS.MI-01", "PR.AA-01"],
    nistAiRmf: ["MANAGE 2.4", "MANAGE 4.1"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("iam:AttachUserPolicy")],
  falsePositives: ["A person, or your own response, uses AWS's policy to hold a user that they suspect"],
  triage: [
    "Deactivate the user's keys at once: the policy leaves roles that they may assume, and reads of secrets, open",
    "Look what was called with them since they leaked, in every Region, and through which roles",
    "Find where they leaked (AWS Health names the place), and give what used them a role",
  ],
  references: [
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html",
    "https://docs.aws.amazon.com/health/latest/ug/what-is-aws-health.html",
    "https://repost.aws/knowledge-center/potential-account-compromise",
  ],
  wants: () => [],
  detect({ event, attribution }) {
    if (event.kind !== "api-call") return [];
    const policy = text(event.request["policyArn"]);
    if (quarantinePolicy(policy) !== "aws-compromised-key") return [];
    const user = text(event.request["userName"]);
    const byAws = attribution.kind === "service" || text(event.record["sourceIPAddress"]) === "AWS Internal";
    const resource = builtArn(event, "user", user);
    return [
      {
        title: byAws
          ? "AWS found a key of this user in public, and put it under quarantine"
          : titled(
              "A user was put under AWS's quarantine for leaked keys",
              "put a user under AWS's quarantine for leaked keys",
              event.outcome,
            ),
        // What AWS could not hold is worse, not less.
        severity: byAws ? "critical" : graded("medium", event.outcome),
        confidence: attribution.kind === "service" ? "high" : "medium",
        ...(resource === undefined ? {} : { resource }),
        evidence: [
          { kind: "field", eventID: event.id, path: "requestParameters.policyArn", value: excerpt(policy) },
          { kind: "field", eventID: event.id, path: "requestParameters.userName", value: excerpt(user) },
        ],
      },
    ];
  },
});
