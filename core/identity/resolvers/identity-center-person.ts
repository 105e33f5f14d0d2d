import { named } from "../declared.ts";
import { permissionSetUser, personBehind, userKeys } from "../identity-center.ts";
import type { Resolver } from "../resolver.ts";

export const identityCenterPerson: Resolver = {
  id: "identity-center-person",
  summary:
    "AWS writes the Identity Center user into `onBehalfOf`, and alone assumes the roles under `/aws-reserved/sso.amazonaws.com/`, under the user's name. A role that is merely called `AWSReservedSSO_…` proves nothing: its sessions name themselves.",
  watches: [],
  resolve({ principal, registry }) {
    const user = permissionSetUser(principal);
    const { onBehalfOf } = principal;
    if (onBehalfOf !== undefined) {
      const own = principal.kind === "identity-center-user" || user?.reserved === true;
      return {
        ...named(
          {
            kind: "person",
            id: personBehind(onBehalfOf),
            class: "asserted",
            because: "AWS wrote the Identity Center user into userIdentity.onBehalfOf",
          },
          registry.selecting("identityCenterUser", userKeys(onBehalfOf)),
        ),
        ...(own ? {} : { behalf: true }),
      };
    }
    if (user === undefined) return undefined;
    return named({
      kind: "person",
      id: `sso:-/${user.name}`,
      class: user.reserved ? "asserted" : "inferred",
      because: user.reserved
        ? "Identity Center alone assumes the roles of permission sets, and names the session after the user"
        : "the role has a permission set's name, and not its path: the session chose its own name",
    });
  },
};
