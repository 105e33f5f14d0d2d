import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { deploymentJudge } from "../deployments/deploy.ts";
import type { Detector } from "../detector.ts";
import type { Fact } from "../facts/fact.ts";
import { boundarySet, textQuestion, wideningMeasure } from "../guard-rails/boundary-change.ts";
import { boundaryWeakened, justBefore, takesEffect } from "../guard-rails/boundary-weakened.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";
import { signerArn } from "../oneself.ts";
import { touchedBy } from "../touched.ts";

/** Finds the permissions boundary that was taken off, replaced by a wider one, widened from inside, or left out. */
export function guardrailBoundary(iam: IamTables): Detector {
  const measures = { measure: wideningMeasure(iam), judgeDeployment: deploymentJudge(iam) };
  return guardRailDetector(iam, {
    id: "guardrail-boundary",
    version: "1",
    title: "A permissions boundary was taken off or widened",
    maturity: "incubating",
    attack: ["T1098", "T1548"],
    watches: [
      calls(
        "iam:CreatePolicyVersion",
        "iam:CreateRole",
        "iam:CreateUser",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteUserPermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:PutUserPermissionsBoundary",
        "iam:SetDefaultPolicyVersion",
        "sso:DeletePermissionsBoundaryFromPermissionSet",
        "sso:PutPermissionsBoundaryToPermissionSet",
      ),
    ],
    falsePositives: [
      "A platform team moves roles from one boundary to the next",
      "A boundary learns a service that its roles were given on purpose",
    ],
    triage: [
      "Ask who owns the boundary whether this change was reviewed",
      "Put the former boundary back; what the identity did since then is in its timeline",
      "Look for what the boundary had kept out: the identity's policies may have granted it all along",
    ],
    references: [
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
      "https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/",
      "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
    ],
    wants: questions,
    weakenedBy: (call, seen) => boundaryWeakened(call, seen, measures),
  });
}

function questions(call: ApiCall): readonly Fact[] {
  const { api, request, at, id } = call;
  const before = { at, id };
  const identity = (arn: string | undefined): readonly Fact[] =>
    arn === undefined ? [] : [{ kind: "identity", arn, before }];
  switch (api) {
    case "iam:CreatePolicyVersion":
    case "iam:SetDefaultPolicyVersion": {
      const policy = text(request["policyArn"]);
      if (policy === "" || !takesEffect(call)) return [];
      return [
        { kind: "holders", policy, before },
        ...textQuestion(policy, justBefore(at)),
        ...textQuestion(policy, at),
      ];
    }
    case "iam:CreateRole":
    case "iam:CreateUser":
      return boundarySet(call) === "" ? identity(signerArn(call)) : [];
    case "iam:PutRolePermissionsBoundary":
    case "iam:PutUserPermissionsBoundary":
      return [...identity(touchedBy(call)?.arn), ...textQuestion(boundarySet(call), at)];
    default:
      return identity(touchedBy(call)?.arn);
  }
}
