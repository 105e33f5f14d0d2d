import { at } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { named, namingRoleOf } from "../declared.ts";
import type { Selector } from "../manifest/selector.ts";
import type { Resolver } from "../resolver.ts";
import { serviceAccountOf, webSubjectOf } from "../web-subject.ts";

export const eksServiceAccount: Resolver = {
  id: "eks-service-account",
  summary:
    "The cluster's OIDC provider proves the service account, and AWS writes it into the answer of `AssumeRoleWithWebIdentity`, at times into `webIdFederationData`. The pod chooses its session name; a subject that no answer confirms is a guess.",
  watches: [calls("sts:AssumeRoleWithWebIdentity")],
  resolve(holder) {
    const { principal, registry } = holder;
    const found = webSubjectOf(holder);
    const account = found && serviceAccountOf(found.subject);
    if (found === undefined || account === undefined) return undefined;
    const { issuer, because } = found;
    const claim = { kind: "workload", id: `eks:${issuer}/${account}`, class: found.class, because } as const;
    if (found.class === "inferred") return named(claim);
    return named(
      claim,
      registry.selecting("eksServiceAccount", [`${issuer}/${account}`]),
      principal.kind === "assumed-role" ? namingRoleOf(registry, principal.role, saysIssuer) : undefined,
    );
  },
};

const saysIssuer = ({ kind, value }: Selector): boolean =>
  kind === "eksServiceAccount" && at(value, "oidcIssuer") !== undefined;
