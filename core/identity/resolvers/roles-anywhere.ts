import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { named, namingRoleOf } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const rolesAnywhere: Resolver = {
  id: "roles-anywhere",
  summary:
    "`rolesanywhere:CreateSession` checks a certificate against a trust anchor and answers with the subject it stands for and the key it issued. The session name is the certificate's serial number, or what the caller chose.",
  watches: [calls("rolesanywhere:CreateSession")],
  resolve({ principal, issuedBy, registry }) {
    if (principal.kind !== "assumed-role" || issuedBy?.api !== "rolesanywhere:CreateSession") return undefined;
    const { subjectArn, sourceIdentity } = issuedBy.session;
    if (subjectArn === undefined) return undefined;
    return named(
      {
        kind: "workload",
        id: `anywhere:${subjectArn}`,
        class: "linked",
        because: `Roles Anywhere issued this key for the certificate's subject${sourceIdentity ? `, ${excerpt(sourceIdentity)}` : ""}`,
      },
      registry.selecting("rolesAnywhereSubject", [subjectArn]),
      namingRoleOf(registry, principal.role, ({ kind }) => kind === "rolesAnywhereSubject"),
    );
  },
};
