import { named } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const foreignAccount: Resolver = {
  id: "foreign-account",
  summary:
    "AWS records a caller from another account by its account and id only; who it is there is not ours to know. A manifest may name the account as a third party.",
  watches: [],
  resolve({ principal, registry }) {
    if (principal.kind !== "aws-account" || principal.account === undefined) return undefined;
    const naming = registry.selecting("thirdParty", [principal.account]);
    return named(
      {
        kind: naming === undefined ? "external" : "workload",
        id: `account:${principal.account}`,
        class: "asserted",
        because: "AWS recorded a caller from another account",
      },
      naming,
    );
  },
};
