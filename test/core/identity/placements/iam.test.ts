import { describe, expect, it } from "vitest";
import { bare, role, shown } from "./shown.ts";

describe("instance profiles", () => {
  it("reads which role a profile holds", () =>
    expect(
      shown("iam:AddRoleToInstanceProfile", { instanceProfileName: "gpu-node", roleName: "gpu-node-role" }, null).map(
        bare,
      ),
    ).toEqual([{ kind: "instance-profile", resource: "gpu-node", role: role("gpu-node-role") }]));
  it("reads a profile's ARN under its name", () => {
    const arn = "arn:aws:iam::111122223333:instance-profile/ai/gpu-node";
    expect(
      shown(
        "iam:CreateInstanceProfile",
        { instanceProfileName: "gpu-node", path: "/ai/" },
        { instanceProfile: { instanceProfileName: "gpu-node", arn, path: "/ai/", roles: [] } },
      ).map(bare),
    ).toEqual([{ kind: "instance-profile", resource: arn, run: "name gpu-node" }]);
  });
  it("reads nothing from what failed", () =>
    expect(
      shown("iam:AddRoleToInstanceProfile", { instanceProfileName: "a", roleName: "b" }, null, {
        errorCode: "NoSuchEntity",
      }),
    ).toEqual([]));
});
