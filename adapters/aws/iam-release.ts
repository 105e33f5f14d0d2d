import { denyAllArn, gradePolicyArn, mildGrades } from "../../core/respond/deny-policies.ts";
import { isMarker } from "../../core/respond/plans/markers.ts";
import { calls } from "./iam-release.calls.ts";
import { sending } from "./iam-send.ts";
import { lastName, type SlotWriter } from "./slot-seam.ts";

/** Takes back what `iam-deny.ts` does, and nothing else: no change of its own touches what we have not put there. */
export const writeRelease: SlotWriter = ({ slot, before, after }, to) => {
  const send = sending(calls, to, () => import("@aws-sdk/client-iam"));
  switch (slot.kind) {
    case "attached-policy": {
      const { holder, policy } = slot;
      const ours = [denyAllArn(to.partition), ...mildGrades.map((grade) => gradePolicyArn(grade, to))];
      if (after !== null || !ours.includes(policy)) return undefined;
      return holder.kind === "role"
        ? send("iam:DetachRolePolicy", ({ DetachRolePolicyCommand }, iam) =>
            iam.send(new DetachRolePolicyCommand({ RoleName: lastName(holder.arn), PolicyArn: policy })),
          )
        : send("iam:DetachUserPolicy", ({ DetachUserPolicyCommand }, iam) =>
            iam.send(new DetachUserPolicyCommand({ UserName: lastName(holder.arn), PolicyArn: policy })),
          );
    }
    case "boundary": {
      const { holder } = slot;
      if (before !== denyAllArn(to.partition)) return undefined;
      const of = { RoleName: lastName(holder.arn), UserName: lastName(holder.arn) };
      if (after === null)
        return holder.kind === "role"
          ? send("iam:DeleteRolePermissionsBoundary", ({ DeleteRolePermissionsBoundaryCommand }, iam) =>
              iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: of.RoleName })),
            )
          : send("iam:DeleteUserPermissionsBoundary", ({ DeleteUserPermissionsBoundaryCommand }, iam) =>
              iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: of.UserName })),
            );
      if (typeof after !== "string") return undefined;
      return holder.kind === "role"
        ? send("iam:PutRolePermissionsBoundary", ({ PutRolePermissionsBoundaryCommand }, iam) =>
            iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: of.RoleName, PermissionsBoundary: after })),
          )
        : send("iam:PutUserPermissionsBoundary", ({ PutUserPermissionsBoundaryCommand }, iam) =>
            iam.send(new PutUserPermissionsBoundaryCommand({ UserName: of.UserName, PermissionsBoundary: after })),
          );
    }
    case "access-key": {
      if (after !== "Active") return undefined;
      const of = { UserName: lastName(slot.user), AccessKeyId: slot.accessKeyId };
      return send("iam:UpdateAccessKey", ({ UpdateAccessKeyCommand }, iam) =>
        iam.send(new UpdateAccessKeyCommand({ ...of, Status: "Active" })),
      );
    }
    case "service-credential": {
      if (after !== "Active") return undefined;
      const of = { UserName: lastName(slot.user), ServiceSpecificCredentialId: slot.credentialId };
      return send("iam:UpdateServiceSpecificCredential", ({ UpdateServiceSpecificCredentialCommand }, iam) =>
        iam.send(new UpdateServiceSpecificCredentialCommand({ ...of, Status: "Active" })),
      );
    }
    case "tag": {
      const { holder, key } = slot;
      if (after !== null || !isMarker(key)) return undefined;
      const TagKeys = [key];
      return holder.kind === "role"
        ? send("iam:UntagRole", ({ UntagRoleCommand }, iam) =>
            iam.send(new UntagRoleCommand({ RoleName: lastName(holder.arn), TagKeys })),
          )
        : send("iam:UntagUser", ({ UntagUserCommand }, iam) =>
            iam.send(new UntagUserCommand({ UserName: lastName(holder.arn), TagKeys })),
          );
    }
    default:
      return undefined;
  }
};
