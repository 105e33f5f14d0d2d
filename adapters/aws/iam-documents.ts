import { isObject, list } from "../../core/event/json.ts";
import type { Value } from "../../core/respond/slot.ts";
import { calls } from "./iam-documents.calls.ts";
import { sending } from "./iam-send.ts";
import { lastName, type SlotWriter } from "./slot-seam.ts";

/**
 * What writes documents: inline policies under our own names, which can only deny, and trusts. Whoever has this right could
 * grant himself anything, so it is one function's alone and every document was approved.
 */
export const writeDocument: SlotWriter = ({ slot, after }, to) => {
  const send = sending(calls, to, () => import("@aws-sdk/client-iam"));
  switch (slot.kind) {
    case "inline-policy": {
      const { holder, name: PolicyName } = slot;
      if (!PolicyName.startsWith("cordon-")) return undefined;
      const holderName = lastName(holder.arn);
      if (after === null)
        return holder.kind === "role"
          ? send("iam:DeleteRolePolicy", ({ DeleteRolePolicyCommand }, iam) =>
              iam.send(new DeleteRolePolicyCommand({ RoleName: holderName, PolicyName })),
            )
          : send("iam:DeleteUserPolicy", ({ DeleteUserPolicyCommand }, iam) =>
              iam.send(new DeleteUserPolicyCommand({ UserName: holderName, PolicyName })),
            );
      if (!onlyDenies(after)) return undefined;
      const PolicyDocument = JSON.stringify(after);
      return holder.kind === "role"
        ? send("iam:PutRolePolicy", ({ PutRolePolicyCommand }, iam) =>
            iam.send(new PutRolePolicyCommand({ RoleName: holderName, PolicyName, PolicyDocument })),
          )
        : send("iam:PutUserPolicy", ({ PutUserPolicyCommand }, iam) =>
            iam.send(new PutUserPolicyCommand({ UserName: holderName, PolicyName, PolicyDocument })),
          );
    }
    case "trust": {
      if (!isObject(after)) return undefined;
      const of = { RoleName: lastName(slot.role), PolicyDocument: JSON.stringify(after) };
      return send("iam:UpdateAssumeRolePolicy", ({ UpdateAssumeRolePolicyCommand }, iam) =>
        iam.send(new UpdateAssumeRolePolicyCommand(of)),
      );
    }
    default:
      return undefined;
  }
};

function onlyDenies(document: Value): boolean {
  const statements = isObject(document) ? list(document["Statement"]) : [];
  return statements.length > 0 && statements.every((one) => isObject(one) && one["Effect"] === "Deny");
}
