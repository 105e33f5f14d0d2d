import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { accountOf } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";
import { isOneself } from "../oneself.ts";
import { builtArn } from "../touched.ts";

/** Finds second factors taken off and password rules made weaker than AWS's own. */
export const guardrailMfa = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "guardrail-mfa",
    version: "1",
    title: "A second factor was taken off, or password rules were weakened",
    maturity: "incubating",
    attack: ["T1556.006", "T1556", "T1531"],
    controls: { owaspNhi: ["NHI4:2025"], nistCsf: ["PR.AA-01", "PR.AA-03", "DE.CM-09"] },
    watches: [
      calls(
        "iam:DeactivateMFADevice",
        "iam:DeleteAccountPasswordPolicy",
        "iam:DeleteVirtualMFADevice",
        "iam:UpdateAccountPasswordPolicy",
        "sso-directory:DeleteMfaDeviceForUser",
        "sso:PutMfaDeviceManagementForDirectory",
      ),
    ],
    falsePositives: ["Somebody has a new phone and registers it next", "A user is taken down, factor by factor"],
    triage: [
      "Ask the user on another way than this account whether they took the device off themselves",
      "Look for a new device, a new password or a sign-in without a second factor since then",
      "If they did not, end their sessions, register a device with them, and look at who made the call",
    ],
    references: [
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
      "https://docs.aws.amazon.com/singlesignon/latest/userguide/how-to-configure-mfa-device-enforcement.html",
    ],
    weakenedBy,
  });

function weakenedBy(call: ApiCall): readonly Weakened[] {
  switch (call.api) {
    case "iam:DeactivateMFADevice":
    case "sso-directory:DeleteMfaDeviceForUser":
      return [takenOff(call)];
    case "iam:DeleteVirtualMFADevice":
      // Only a device that is nobody's any more can be deleted (IAM API, "DeleteVirtualMFADevice").
      return [
        {
          did: "A virtual MFA device that nobody uses was deleted",
          tried: "delete a virtual MFA device",
          severity: "info",
          confidence: "high",
          ...resourceOf(text(call.request["serialNumber"])),
          evidence: [fieldOf(call, "requestParameters.serialNumber", call.request["serialNumber"] ?? "")],
        },
      ];
    case "iam:DeleteAccountPasswordPolicy":
      return [
        {
          did: "The account's own rules for passwords were deleted; AWS's default is left",
          tried: "delete the account's rules for passwords",
          severity: "medium",
          confidence: "high",
          ...resourceOf(accountIn(call)),
          evidence: [fieldOf(call, "eventName", call.name)],
        },
      ];
    case "iam:UpdateAccountPasswordPolicy":
      return weakPasswords(call);
    default:
      return [enforcement(call)];
  }
}

function takenOff(call: ApiCall): Weakened {
  const { request } = call;
  const serial = text(request["serialNumber"]);
  const name = text(request["userName"]) || text(request["userId"]);
  // The root user's device carries no name, and the call may leave out one's own.
  const root = call.principal.kind === "root" || serial.endsWith(":mfa/root-account-mfa-device");
  const arn = name === "" || call.api.startsWith("sso-directory:") ? undefined : builtArn(call, "user", name);
  const own = arn === undefined ? name === "" : isOneself(arn, call);
  const who = root ? "the root user" : name === "" ? "a user" : `user ${excerpt(name)}`;
  return {
    did: `The second factor of ${who} was taken off${own && !root ? ", by that user" : ""}`,
    tried: `take off the second factor of ${who}`,
    severity: root ? "critical" : own ? "medium" : "high",
    confidence: "high",
    ...resourceOf(arn ?? accountIn(call)),
    evidence: [
      fieldOf(call, "eventName", call.name),
      ...(name === "" ? [] : [fieldOf(call, "requestParameters.userName", name)]),
      ...(serial === "" ? [] : [fieldOf(call, "requestParameters.serialNumber", serial)]),
    ],
  };
}

const resourceOf = (resource: string) => (resource === "" ? {} : { resource });

const accountIn = ({ account, principal }: ApiCall): string =>
  account ?? principal.account ?? accountOf(principal.arn ?? "") ?? "";

/** AWS's default asks for 8 characters of three kinds (IAM User Guide, "Default password policy"). */
const fewest = 8;
const long = 14;

/** The call replaces all rules: what it leaves out is off, and the length is then 6 (IAM API, "UpdateAccountPasswordPolicy"). */
function weakPasswords(call: ApiCall): readonly Weakened[] {
  const { request } = call;
  const length = Number(request["minimumPasswordLength"] ?? 6);
  const kinds = ["requireLowercaseCharacters", "requireNumbers", "requireSymbols", "requireUppercaseCharacters"];
  const asked = kinds.filter((one) => request[one] === true || request[one] === "true").length;
  if (length >= long || (length >= fewest && asked >= 3)) return [];
  return [
    {
      did: `Passwords of ${length} characters of ${asked === 0 ? "any kind" : asked === 1 ? "one kind" : "two kinds"} are enough now: less than AWS's default`,
      tried: "make the account's rules for passwords weaker than AWS's default",
      severity: "medium",
      confidence: "medium",
      ...resourceOf(accountIn(call)),
      evidence: [
        { kind: "count", what: "characters of a password", count: length, limit: fewest },
        { kind: "count", what: "kinds of characters asked for", count: asked, limit: 3 },
      ],
    },
  ];
}

/** What Identity Center asks of people who sign in. AWS does not document the parameters: any change of it is told. */
const enforcement = (call: ApiCall): Weakened => ({
  did: "How Identity Center asks for a second factor was changed",
  tried: "change how Identity Center asks for a second factor",
  severity: "medium",
  confidence: "medium",
  ...resourceOf(text(call.request["directoryId"])),
  evidence: [fieldOf(call, "eventName", call.name), fieldOf(call, "requestParameters", call.request)],
});
