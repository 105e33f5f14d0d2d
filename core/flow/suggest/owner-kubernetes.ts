import { at, fields, type Json, list, text } from "../../event/json.ts";
import { isRoleArn } from "../../iam/arn.ts";
import { type ParsedFile, pairs } from "./owner-terraform.ts";
import { factsOf, type OwnerFact, ranks } from "./suggest-owner.ts";

/**
 * Owners and environments in the output of `kubectl get … -o json`: of a service account itself, of what runs under it,
 * and of its namespace. Nothing when the file has no Kubernetes objects.
 */
export function kubernetesOwners({ file, value }: ParsedFile): readonly OwnerFact[] | undefined {
  const items = text(at(value, "kind")) === "List" ? list(at(value, "items")) : [value];
  if (!items.some((one) => text(at(one, "apiVersion")) !== "" && text(at(one, "kind")) !== "")) return undefined;
  return items.flatMap((one) => {
    const kind = text(at(one, "kind"));
    const name = text(at(one, "metadata", "name"));
    const namespace = text(at(one, "metadata", "namespace")) || "default";
    const source = `Kubernetes ${file}, ${kind} ${kind === "Namespace" ? name : `${namespace}/${name}`}`;
    return subjectsIn(kind, { name, namespace }, one).flatMap((subject) =>
      factsOf(tagsIn(one), { subject, source, rank: ranks.kubernetes + (kind === "ServiceAccount" ? 0 : 0.5) }),
    );
  });
}

function subjectsIn(
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  item: Json,
): readonly string[] {
  switch (kind) {
    case "Namespace":
      return [`namespace ${name}`];
    case "ServiceAccount": {
      // The annotation by which IRSA finds the role (EKS user guide, "Assign IAM roles to Kubernetes service accounts").
      const role = text(at(item, "metadata", "annotations", "eks.amazonaws.com/role-arn"));
      return [`pod ${namespace}/${name}`, ...(isRoleArn(role) ? [role] : [])];
    }
    default: {
      const account = podSpecs.map((path) => text(at(item, ...path, "serviceAccountName"))).find((one) => one !== "");
      return account === undefined ? [] : [`pod ${namespace}/${account}`];
    }
  }
}

/** Where the objects that make pods keep the pod's own description; the last is a pod itself. */
const podSpecs: readonly (readonly string[])[] = [
  ["spec", "template", "spec"],
  ["spec", "jobTemplate", "spec", "template", "spec"],
  ["spec"],
];

/** An annotation may say what a label may not: labels hold no blanks. */
const tagsIn = (item: Json): readonly (readonly [string, string])[] =>
  pairs({ ...fields(at(item, "metadata", "annotations")), ...fields(at(item, "metadata", "labels")) });
