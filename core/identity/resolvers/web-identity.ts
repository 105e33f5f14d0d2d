import { calls } from "../../event/watch.ts";
import { named, namingRole } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const webIdentity: Resolver = {
  id: "web-identity",
  summary:
    "The issuing `AssumeRoleWithWebIdentity` names the subject that an OIDC provider proved; the key it issued links the session to it.",
  watches: [calls("sts:AssumeRoleWithWebIdentity")],
  resolve({ principal, issuedBy, registry }) {
    if (principal.kind !== "assumed-role" || issuedBy?.caller.kind !== "web-identity-user") return undefined;
    const { provider, subject } = issuedBy.caller;
    const issuer = provider.replace(/^arn:[^:]+:iam::\d{12}:oidc-provider\//, "");
    const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject);
    const id = account ? `eks:${issuer}/${account[1]}/${account[2]}` : `oidc:${issuer}/${subject}`;
    return named(
      {
        kind: "workload",
        id,
        class: "linked",
        because: "the issuing AssumeRoleWithWebIdentity names the subject of the token",
      },
      namingRole(registry, principal.role),
    );
  },
};
