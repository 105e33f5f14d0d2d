import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const association = {
  clusterName: "bots",
  namespace: "ml",
  serviceAccount: "trainer",
  roleArn: role("trainer"),
  associationArn: arn("eks", "podidentityassociation/bots/a-0123456789abcdef0"),
};

describe("EKS Pod Identity", () => {
  it.each(["eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation"])(
    "reads the association from %s",
    (api) =>
      expect(shown(api, { name: "bots" }, { association }).map(bare)).toEqual([
        {
          kind: "eks-association",
          resource: `${arn("eks", "cluster/bots")}/ml/trainer`,
          role: role("trainer"),
          group: arn("eks", "cluster/bots"),
        },
      ]),
  );
  it("reads nothing where cluster, namespace or account are not named", () => {
    for (const left of ["associationArn", "namespace", "serviceAccount"])
      expect(
        shown("eks:CreatePodIdentityAssociation", {}, { association: { ...association, [left]: "" } }),
        left,
      ).toEqual([]);
  });
});
