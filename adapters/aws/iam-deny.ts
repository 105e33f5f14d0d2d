import { denyAllArn, gradePolicyArn, mildGrades } from "../../core/respond/deny-policies.ts";
import { isMarker } from "../../core/respond/plans/markers.ts";
import { calls } from "./iam-deny.calls.ts";
import { sending } from "./iam-send.ts";
import { lastName, type SlotWriter } from "./slot-seam.ts";

/**
 * What tier 1 may do, and nothing that grants: attach or bound by a deny, switch a credential off, mark. Every other value
 * is no change of its own, whatever the rights say.
 */
export const writeDeny: SlotWriter = ({ slot, after }, to) => {
  const send = sending(calls, to, () => import("@aws-sdk/client-iam"));
  switch (slot.kind) {
    case "attached-policy": {
      const { holder, policy } = slot;
      if (after !== "attached" || !deniesIn(to).includes(policy)) return undefined;
      return holder.kind === "role"
        ? send("iam:AttachRolePolicy", ({ AttachRolePolicyCommand }, iam) =>
            iam.send(new AttachRolePolicyCommand({ RoleName: lastName(holder.arn), PolicyArn: policy })),
          )
        : send("iam:AttachUserPolicy", ({ AttachUserPolicyCommand }, iam) =>
            iam.send(new AttachUserPolicyCommand({ UserName: lastName(holder.arn), PolicyArn: policy })),
          );
    }
    case "boundary": {
      const { holder } = slot;
      if (after !== denyAllArn(to.partition)) return undefined;
      return holder.kind === "role"
        ? send("iam:PutRolePermissionsBoundary", ({ PutRolePermissionsBoundaryCommand }, iam) =>
            iam.send(
              new PutRolePermissionsBoundaryCommand({ RoleName: lastName(holder.arn), PermissionsBoundary: after }),
            ),
          )
        : send("iam:PutUserPermissionsBoundary", ({ PutUserPermissionsBoundaryCommand }, iam) =>
            iam.send(
              new PutUserPermissionsBoundaryCommand({ UserName: lastName(holder.arn), PermissionsBoundary: after }),
            ),
          );
    }
    case "access-key": {
      if (after !== "Inactive") return undefined;
      const of = { UserName: lastName(slot.user), AccessKeyId: slot.accessKeyId };
      return send("iam:UpdateAccessKey", ({ UpdateAccessKeyCommand }, iam) =>
        iam.send(new UpdateAccessKeyCommand({ ...of, Status: "Inactive" })),
      );
    }
    case "service-credential": {
      if (after !== "Inactive") return undefined;
      const of = { UserName: lastName(slot.user), ServiceSpecificCredentialId: slot.credentialId };
      return send("iam:UpdateServiceSpecificCredential", ({ UpdateServiceSpecificCredentialCommand }, iam) =>
        iam.send(new UpdateServiceSpecificCredentialCommand({ ...of, Status: "Inactive" })),
      );
    }
    case "tag": {
      const { holder, key } = slot;
      if (typeof after !== "string" || !isMarker(key)) return undefined;
      const Tags = [{ Key: key, Value: after }];
      return holder.kind === "role"
        ? send("iam:TagRole", ({ TagRoleCommand }, iam) =>
            iam.send(new TagRoleCommand({ RoleName: lastName(holder.arn), Tags })),
          )
        : send("iam:TagUser", ({ TagUserCommand }, iam) =>
            iam.send(new TagUserCommand({ UserName: lastName(holder.arn), Tags })),
          );
    }
    default:
      return undefined;
  }
};

const deniesIn = (to: { readonly partition: string; readonly account: string }): readonly string[] => [
  denyAllArn(to.partition),
  ...mildGrades.map((grade) => gradePolicyArn(grade, to)),
];
