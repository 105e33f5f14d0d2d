import { calls } from "../../event/watch.ts";
import { named } from "../declared.ts";
import { permissionSetUser } from "../identity-center.ts";
import type { Resolver } from "../resolver.ts";

export const samlPerson: Resolver = {
  id: "saml-person",
  summary:
    "A SAML provider proves the subject, and AWS writes it into the answer of `AssumeRoleWithSAML`; the key it issued links the session to it. The provider chooses subject and session name; a subject that no answer confirms is a guess.",
  watches: [calls("sts:AssumeRoleWithSAML")],
  resolve({ principal, issuedBy }) {
    const saml = principal.kind === "saml-user" ? principal : issuedBy?.caller;
    if (saml?.kind !== "saml-user" || !saml.subject) return undefined;
    if (saml !== principal && principal.kind !== "assumed-role") return undefined;
    // Identity Center signs its users in by SAML as well, and names their sessions itself: one person, one name.
    if (permissionSetUser(principal)?.reserved) return undefined;
    const id = `saml:${saml.provider || "-"}/${saml.subject}`;
    if (!saml.proven)
      return named({
        kind: "person",
        id,
        class: "inferred",
        because: "the assertion says so, and no answer of AWS confirms it",
      });
    return saml === principal
      ? named({ kind: "person", id, class: "asserted", because: "AWS answered with the assertion's subject" })
      : named({
          kind: "person",
          id,
          class: "linked",
          because: "the issuing AssumeRoleWithSAML names the subject of the assertion",
        });
  },
};
