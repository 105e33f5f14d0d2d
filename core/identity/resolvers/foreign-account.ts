import type { Resolver } from "../resolver.ts";

export const foreignAccount: Resolver = {
  id: "foreign-account",
  summary: "AWS records a caller from another account by its account and id only; who it is there is not ours to know.",
  watches: [],
  resolve({ principal }) {
    if (principal.kind !== "aws-account" || principal.account === undefined) return undefined;
    return {
      kind: "external",
      id: `account:${principal.account}`,
      declared: false,
      class: "asserted",
      exact: false,
      because: "AWS recorded a caller from another account",
    };
  },
};
