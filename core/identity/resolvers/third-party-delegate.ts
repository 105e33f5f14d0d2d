import { named } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const thirdPartyDelegate: Resolver = {
  id: "third-party-delegate",
  summary:
    "AWS writes the account of a product's provider that acts with access that somebody delegated for a while (`invokedByDelegate`). The role and the session beside it are those of whoever delegated.",
  watches: [],
  resolve({ principal, registry }) {
    const { delegate } = principal;
    if (delegate === undefined) return undefined;
    const naming = registry.selecting("thirdParty", [delegate]);
    return {
      ...named(
        {
          kind: naming === undefined ? "external" : "workload",
          id: `account:${delegate}`,
          class: "asserted",
          because: "AWS wrote the third party that acted with delegated access into userIdentity.invokedByDelegate",
        },
        naming,
      ),
      instead: true,
    };
  },
};
