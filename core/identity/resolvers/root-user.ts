import type { Resolver } from "../resolver.ts";

export const rootUser: Resolver = {
  id: "root-user",
  summary: "AWS records the account's root user by type; only a person should ever hold it.",
  watches: [],
  resolve({ principal }) {
    if (principal.kind !== "root" || principal.account === undefined) return undefined;
    return {
      kind: "person",
      id: `root:${principal.account}`,
      declared: false,
      class: "asserted",
      exact: false,
      because: "AWS recorded the account's root user",
    };
  },
};
