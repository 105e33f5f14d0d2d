import type { Resolver } from "../resolver.ts";

export const rootUser: Resolver = {
  id: "root-user",
  summary:
    "AWS records the account's root user by type; only a person should ever hold it. A session of `AssumeRoot` is recorded as root too, with a mark: whoever asked for it in the management account holds it. A sign-in that failed proves nobody.",
  watches: [],
  resolve({ principal }) {
    if (principal.kind !== "root" || principal.account === undefined || principal.assumedRoot) return undefined;
    return {
      kind: "person",
      id: `root:${principal.account}`,
      declared: false,
      class: principal.unproven ? "inferred" : "asserted",
      exact: false,
      because: principal.unproven
        ? "somebody named this root user to sign in, and did not get in"
        : "AWS recorded the account's root user",
    };
  },
};
