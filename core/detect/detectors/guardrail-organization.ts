import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { looseningMeasure } from "../guard-rails/control-change.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";
import { controlQuestions, organizationWeakened } from "../guard-rails/organization-weakened.ts";

/** Finds the organization's guard-rails weakened: control policies off, accounts out of their reach, watchers unplugged. */
export function guardrailOrganization(iam: IamTables): Detector {
  const measure = looseningMeasure(iam);
  return guardRailDetector(iam, {
    id: "guardrail-organization",
    version: "1",
    title: "The organization's guard-rails were weakened",
    maturity: "incubating",
    attack: ["T1562.001", "T1484", "T1666"],
    watches: [
      calls(
        "organizations:DeleteOrganization",
        "organizations:DeletePolicy",
        "organizations:DeregisterDelegatedAdministrator",
        "organizations:DetachPolicy",
        "organizations:DisableAWSServiceAccess",
        "organizations:DisablePolicyType",
        "organizations:LeaveOrganization",
        "organizations:MoveAccount",
        "organizations:RemoveAccountFromOrganization",
        "organizations:UpdatePolicy",
      ),
    ],
    falsePositives: [
      "A landing zone moves a new account into its organizational unit",
      "A control policy is replaced by a stricter one: attached first, the old one detached after",
      "An account is handed over when a company is sold",
    ],
    triage: [
      "Ask the owner of the organization whether this was reviewed; hardly anybody else may make such calls",
      "Attach the policy again, or move the account back",
      "Look at what the accounts under it did since then, above all what the policy had denied",
    ],
    references: [
      "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
      "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.organizations-leave/",
    ],
    wants: controlQuestions,
    weakenedBy: (call, seen) => organizationWeakened(call, { seen, measure }),
  });
}
