import { at } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { named, namingRoleOf } from "../declared.ts";
import type { Tags } from "../lineage/issued-session.ts";
import { isServiceItself } from "../lineage/issuing-service.ts";
import type { Selector } from "../manifest/selector.ts";
import type { Claim, Holder, Resolver } from "../resolver.ts";

export const eksPodIdentity: Resolver = {
  id: "eks-pod-identity",
  summary:
    "EKS asks for the session itself (`AssumeRole` by pods.eks.amazonaws.com) and tags it with cluster, namespace and service account. The same tags set by anybody else, or inherited from a call that was not seen, are that caller's text; so is a session name like `eks-…`.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    const { principal, issuedBy } = holder;
    if (principal.kind !== "assumed-role") return undefined;
    if (issuedBy === undefined) {
      if (!/^eks-[^/]{1,64}-[0-9a-f-]{36}$/.test(principal.session.name)) return undefined;
      return byAssociation(holder, inferred("the session calls itself by a pod's name, as EKS would"));
    }
    const { caller, session } = issuedBy;
    if (isServiceItself(caller, "pods.eks")) {
      const tagged = accountIn(session.tags);
      return tagged === undefined
        ? byAssociation(holder, indexed)
        : claim(holder, tagged, linked("EKS asked for this session and tagged it"));
    }
    const carried = accountIn(session.inherited);
    if (carried === undefined) return undefined;
    // The second hop of a pod whose association names another account's role: EKS makes that call with the first session.
    return caller.invokedBy !== undefined &&
      isServiceItself({ kind: "aws-service", service: caller.invokedBy }, "pods.eks")
      ? claim(holder, carried, linked("EKS took the role with the tags of the pod's first session"))
      : claim(holder, carried, inferred("its tags were set by an earlier call, which this link does not show"));
  },
};

type How = Pick<Claim, "class" | "because">;

const linked = (because: string): How => ({ class: "linked", because });
const inferred = (because: string): How => ({ class: "inferred", because });
const indexed: How = {
  class: "indexed",
  because: "EKS asked for this session without tags, and one association alone has the role",
};

/** `<cluster arn>/<namespace>/<service account>`, as EKS tags its sessions (EKS user guide, "Grant Pods access … based on tags"). */
function accountIn(tags: Tags): string | undefined {
  const [cluster, namespace, name] = ["eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account"].map(
    (key) => tags[key],
  );
  return cluster && namespace && name ? `${cluster}/${namespace}/${name}` : undefined;
}

/** The one association that gives pods this role, where it was made in these records; of several, which pod it was is not known. */
function byAssociation(holder: Holder, how: How): Claim | undefined {
  if (holder.principal.kind !== "assumed-role") return undefined;
  const [first, ...others] = holder.placements
    .ofRole(holder.principal.role)
    .filter((one) => one.kind === "eks-association");
  return first === undefined || others.length > 0 ? undefined : claim(holder, first.resource, how);
}

const saysCluster = ({ kind, value }: Selector): boolean =>
  kind === "eksServiceAccount" && at(value, "clusterArn") !== undefined;

/** A guess never takes a manifest's name: the role alone will say so, if it is declared. */
const claim = ({ principal, registry }: Holder, account: string, how: How): Claim =>
  how.class === "inferred"
    ? named({ kind: "workload", id: `eks:${account}`, ...how })
    : named(
        { kind: "workload", id: `eks:${account}`, ...how },
        registry.selecting("eksServiceAccount", [account]),
        principal.kind === "assumed-role" ? namingRoleOf(registry, principal.role, saysCluster) : undefined,
      );
