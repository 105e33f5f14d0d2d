import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { attempted, graded } from "../attempt.ts";
import { defineDetector, type Seen } from "../detector.ts";
import type { Evidence, Severity } from "../finding.ts";

/** Finds sign-ins to the console with a password alone, by the root user, and by what is declared to be a workload. */
export const exposureConsoleSignIn = defineDetector({
  id: "exposure-console-sign-in",
  version: "1",
  title: "Somebody signed in to the console without a second factor, as root, or as a workload",
  family: "exposure",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004", "T1078.001"],
  controls: {
    owaspNhi: ["NHI4:2025", "NHI10:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-03", "DE.CM-03"],
    nistAiRmf: ["GOVERN 1.4"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("signin:ConsoleLogin")],
  falsePositives: [
    "A second factor is asked for by the identity provider and not by AWS: users of IAM have none of that",
    "The root user is needed for one of the few tasks that only it may do",
  ],
  triage: [
    "Ask the person whether it was them, on another way than this account",
    "Have them register a second factor; a policy may deny everything to sessions without one",
    "Where it was the root user or a workload's user, look at all that the session did",
  ],
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.initial-access.console-login-without-mfa/",
  ],
  wants: () => [],
  detect(seen) {
    const { event } = seen;
    if (event.kind !== "api-call") return [];
    const judged = judgedSignIn(event, seen);
    if (judged === undefined) return [];
    const { arn } = event.principal;
    return [
      {
        title: attempted(event.outcome)
          ? `Somebody failed to sign in ${judged.how}`
          : `Somebody signed in ${judged.how}`,
        severity: graded(judged.severity, event.outcome),
        confidence: "high",
        ...(arn === undefined ? {} : { resource: arn }),
        evidence: [
          { kind: "field", eventID: event.id, path: "additionalEventData.MFAUsed", value: excerpt(factorIn(event)) },
          ...from(event),
        ],
      },
    ];
  },
});

const factorIn = ({ record }: ApiCall): string => text(fields(record["additionalEventData"])["MFAUsed"]);

/** AWS asks users of IAM and root itself; who comes through a provider was asked there, and the record says No. */
function judgedSignIn(
  call: ApiCall,
  { registry }: Seen,
): { readonly severity: Severity; readonly how: string } | undefined {
  const without = factorIn(call) !== "Yes";
  const failed = attempted(call.outcome);
  const program = registry.selecting("userArn", [call.principal.arn ?? ""])?.manifest;
  switch (call.principal.kind) {
    case "root":
      // Anybody can type the address of an account's root user.
      if (failed) return { severity: "medium", how: "to the console as root" };
      return without
        ? { severity: "high", how: "to the console as root, without a second factor" }
        : { severity: "medium", how: "to the console as root" };
    case "iam-user":
      // Names can be typed by anybody: what fails proves nothing about a user.
      if (failed) return undefined;
      // Whoever signs in is taken for a person; what counts is that a manifest names the user as a program's.
      if (program !== undefined)
        return { severity: "high", how: `to the console as the user of workload ${program.name}` };
      return without ? { severity: "medium", how: "to the console with a password alone" } : undefined;
    default:
      return undefined;
  }
}

const from = ({ id, record }: ApiCall): readonly Evidence[] => {
  const address = text(record["sourceIPAddress"]);
  return address === "" ? [] : [{ kind: "field", eventID: id, path: "sourceIPAddress", value: excerpt(address) }];
};
