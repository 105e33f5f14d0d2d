import { type ChangeReader, type ChangingCall, fieldsOf, textOf } from "./iam-change.ts";

/** How calls of Organizations that change guard-rails, or where an account stands, are read (Organizations API reference). */
export const organizationChanges: Readonly<Record<`organizations:${string}`, ChangeReader>> = {
  "organizations:CreatePolicy": ({ request, response }) => {
    const made = fieldsOf(fieldsOf(response["policy"])["policySummary"]);
    const control = textOf(made["id"]);
    return control === ""
      ? undefined
      : {
          kind: "control-created",
          control,
          type: textOf(request["type"]) || textOf(made["type"]),
          document: request["content"],
        };
  },
  "organizations:UpdatePolicy": ({ request }) => {
    const control = textOf(request["policyId"]);
    // Name and description may be all that changes; then there is no content.
    return control === "" || request["content"] === undefined || request["content"] === null
      ? undefined
      : { kind: "control-updated", control, document: request["content"] };
  },
  "organizations:DeletePolicy": ({ request }) => {
    const control = textOf(request["policyId"]);
    return control === "" ? undefined : { kind: "control-deleted", control };
  },
  "organizations:AttachPolicy": (call) => attachment(call, "control-attached"),
  "organizations:DetachPolicy": (call) => attachment(call, "control-detached"),
  "organizations:EnablePolicyType": (call) => switched(call, "controls-on"),
  "organizations:DisablePolicyType": (call) => switched(call, "controls-off"),
  "organizations:CreateOrganizationalUnit": ({ request, response }) => {
    const child = textOf(fieldsOf(response["organizationalUnit"])["id"]);
    const to = textOf(request["parentId"]);
    return child === "" || to === "" ? undefined : { kind: "moved", child, to };
  },
  "organizations:DeleteOrganizationalUnit": ({ request }) => gone(textOf(request["organizationalUnitId"])),
  "organizations:MoveAccount": ({ request }) => {
    const [child, from, to] = [
      textOf(request["accountId"]),
      textOf(request["sourceParentId"]),
      textOf(request["destinationParentId"]),
    ];
    return child === "" || to === "" ? undefined : { kind: "moved", child, ...(from === "" ? {} : { from }), to };
  },
  "organizations:RemoveAccountFromOrganization": ({ request }) => gone(textOf(request["accountId"])),
  "organizations:LeaveOrganization": ({ account = "" }) => gone(account),
};

const gone = (child: string) => (child === "" ? undefined : ({ kind: "moved", child } as const));

function attachment({ request }: ChangingCall, kind: "control-attached" | "control-detached") {
  const [control, target] = [textOf(request["policyId"]), textOf(request["targetId"])];
  return control === "" || target === "" ? undefined : { kind, control, target };
}

function switched({ request }: ChangingCall, kind: "controls-on" | "controls-off") {
  const [root, type] = [textOf(request["rootId"]), textOf(request["policyType"])];
  return root === "" || type === "" ? undefined : { kind, root, type };
}
