import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { isArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector, Seen } from "../detector.ts";
import type { Severity } from "../finding.ts";
import { type KeyGrant, keyGrantOf } from "../grants/key-grant.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";
import { isOneself } from "../oneself.ts";
import { accountOfRegistry } from "../trust/declared-account.ts";

/** Finds grants that open a key to another account, or to the very identity that makes them. */
export const exposureKeyGrant = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "exposure-key-grant",
    version: "1",
    title: "A grant opens a key to another account or to whoever made it",
    family: "exposure",
    maturity: "incubating",
    attack: ["T1098", "T1555.006"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.DS-01", "PR.AA-05", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4"],
      maestro: ["L2 Data Operations", "L6 Security and Compliance"],
    },
    watches: [calls("kms:CreateGrant")],
    falsePositives: [
      "Encrypted images are handed to an account of one's own that no manifest names",
      "A tool makes a grant for itself for the time of one job, and retires it",
    ],
    triage: [
      "Ask the owner of the key whether the grantee should open what it encrypts",
      "If not, revoke the grant: key policies and IAM policies do not show it",
      "Look at what the grantee decrypted since, secrets first",
    ],
    references: [
      "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
      "https://hackingthe.cloud/aws/exploitation/abusing-kms/",
      "https://docs.aws.amazon.com/kms/latest/developerguide/ct-creategrant.html",
    ],
    weakenedBy,
  });

function weakenedBy(call: ApiCall, seen: Seen): readonly Weakened[] {
  const grant = seen.attribution.kind === "service" ? undefined : keyGrantOf(call);
  const judged = grant && judgedGrant(grant, call, seen);
  if (grant === undefined || judged === undefined) return [];
  const { severity, whom } = judged;
  const what = grant.opens ? "read what a key encrypts" : "use a key";
  return [
    {
      did: `A grant lets ${whom} ${what}`,
      tried: `let ${whom} ${what} by a grant`,
      severity,
      ...(severity === "low" ? {} : { floor: "medium" as const }),
      confidence: "high",
      ...(isArn(grant.key) ? { resource: grant.key } : {}),
      evidence: [
        fieldOf(call, "requestParameters.granteePrincipal", grant.grantee),
        fieldOf(call, "requestParameters.operations", grant.operations),
      ],
    },
  ];
}

function judgedGrant(
  { grantee, account, opens }: KeyGrant,
  call: ApiCall,
  { registry }: Seen,
): { readonly severity: Severity; readonly whom: string } | undefined {
  if (account !== undefined && account !== (call.account ?? call.principal.account)) {
    const known = accountOfRegistry(account, registry);
    const whom = `${excerpt(grantee)}${known === undefined ? " of another account" : `, ${known},`}`;
    return { severity: known !== undefined ? "low" : opens ? "high" : "medium", whom };
  }
  return opens && isOneself(grantee, call) ? { severity: "medium", whom: "the very identity that made it" } : undefined;
}
